package org.jbootd.domain.files;

import java.util.Objects;

/** One line of {@code [filters]}: requested names of this pattern mean that file. */
public final class Filter {

    private final NamePattern pattern;
    private final TargetTemplate target;

    private Filter(NamePattern pattern, TargetTemplate target) {
        this.pattern = pattern;
        this.target = target;
    }

    /**
     * Reads both sides of a line.
     *
     * @param target {@code path/below/root}, {@code /absolute/path} or {@code [path of a file that holds the name]},
     *     each with {@code {filename}} where the requested name goes
     * @throws IllegalArgumentException when either side means nothing; its message is for the operator
     */
    public static Filter parse(String pattern, String target) {
        return new Filter(NamePattern.parse(pattern), TargetTemplate.parse(Objects.requireNonNull(target)));
    }

    /** As the line was written. */
    @Override
    public String toString() {
        return pattern + " = " + target;
    }

    NamePattern pattern() {
        return pattern;
    }

    TargetTemplate target() {
        return target;
    }
}

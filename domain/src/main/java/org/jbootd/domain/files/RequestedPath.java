package org.jbootd.domain.files;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file name from the wire that is safe by its type: one or more segments, none of them empty, {@code .} or {@code ..},
 * none with a control character, a separator or half a surrogate pair in it, the first one no drive letter. Leading
 * slashes, backslashes, doubled slashes and {@code ./} are forgiven; {@code ..}, drive letters and control characters
 * are not.
 */
public record RequestedPath(List<String> segments) {

    /** The longest name taken, in UTF-16 units. */
    public static final int MAX_LENGTH = 500;

    public RequestedPath {
        segments = List.copyOf(segments);
        if (!isSafe(segments)) {
            throw new IllegalArgumentException("not a safe path: " + segments);
        }
    }

    /** Empty when the name is not one that may ever be served. */
    public static Optional<RequestedPath> parse(String name) {
        if (name.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        List<String> segments = new ArrayList<>();
        for (String segment : name.replace('\\', '/').split("/")) {
            if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        return isSafe(segments) ? Optional.of(new RequestedPath(segments)) : Optional.empty();
    }

    private static boolean isSafe(List<String> segments) {
        return !segments.isEmpty()
                && segments.stream().allMatch(RequestedPath::isSafe)
                && !startsWithDriveLetter(segments.get(0))
                && segments.stream().mapToInt(String::length).sum() + segments.size() - 1 <= MAX_LENGTH;
    }

    private static boolean isSafe(String segment) {
        return !segment.isEmpty()
                && !segment.equals(".")
                && !segment.equals("..")
                && segment.codePoints().allMatch(RequestedPath::isSafe);
    }

    private static boolean isSafe(int character) {
        return character != '/'
                && character != '\\'
                && !Character.isISOControl(character)
                && Character.getType(character) != Character.SURROGATE;
    }

    private static boolean startsWithDriveLetter(String segment) {
        return segment.matches("[A-Za-z]:.*");
    }

    @Override
    public String toString() {
        return String.join("/", segments);
    }
}

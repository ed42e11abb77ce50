package org.jbootd.domain.files;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file name from the wire that is safe by its type: one or more segments, none of them empty, {@code .} or {@code ..},
 * none with a control character or a separator in it. Leading slashes, backslashes, doubled slashes and {@code ./} are
 * forgiven; {@code ..}, drive letters and control characters are not.
 */
public record RequestedPath(List<String> segments) {

    /** The longest name taken, in characters. */
    public static final int MAX_LENGTH = 500;

    public RequestedPath {
        segments = List.copyOf(segments);
        if (segments.isEmpty() || !segments.stream().allMatch(RequestedPath::isSafe)) {
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
            if (segment.isEmpty() || segment.equals(".")) {
                continue;
            }
            if (!isSafe(segment)) {
                return Optional.empty();
            }
            segments.add(segment);
        }
        return segments.isEmpty() || segments.get(0).matches("[A-Za-z]:.*")
                ? Optional.empty()
                : Optional.of(new RequestedPath(segments));
    }

    private static boolean isSafe(String segment) {
        return !segment.isEmpty()
                && !segment.equals(".")
                && !segment.equals("..")
                && segment.chars().noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
    }

    @Override
    public String toString() {
        return String.join("/", segments);
    }
}

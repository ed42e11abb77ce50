package org.jbootd.domain.files;

/** Which file a requested name was translated to. */
public sealed interface FileTarget {

    /** A file under the root, where nothing leads out of it. */
    record UnderRoot(RequestedPath path) implements FileTarget {}

    /** A file under a directory that the operator named, where nothing leads out of that directory. */
    record UnderDirectory(String directory, RequestedPath path) implements FileTarget {

        public UnderDirectory {
            requireAbsolute(directory);
        }
    }

    /** A file the operator named with its absolute path as the target of a filter; may lie outside the root. */
    record Absolute(String path) implements FileTarget {

        public Absolute {
            requireAbsolute(path);
        }
    }

    private static void requireAbsolute(String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("not an absolute path: " + path);
        }
    }
}

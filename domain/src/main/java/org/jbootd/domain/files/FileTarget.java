package org.jbootd.domain.files;

/** What a requested name was translated to. */
public sealed interface FileTarget {

    /** A file under the root, where nothing leads out of it. */
    record UnderRoot(RequestedPath path) implements FileTarget {}

    /** A file the operator named with its absolute path as the target of a filter; may lie outside the root. */
    record Absolute(String path) implements FileTarget {}
}

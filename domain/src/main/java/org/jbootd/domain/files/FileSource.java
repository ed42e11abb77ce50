package org.jbootd.domain.files;

/** Port: where boot files come from. May block; never called on a thread that serves others. */
public interface FileSource {

    /**
     * Opens one version of a file.
     *
     * @throws FileUnavailable when there is none, or it may not be served
     */
    OpenFile open(FileTarget target) throws FileUnavailable;
}

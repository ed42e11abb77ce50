package org.jbootd.domain.files;

/** A file that cannot be served, and why. Clients see a fixed text for each {@link Why}; the message is for the log. */
public final class FileUnavailable extends Exception {

    private static final long serialVersionUID = 1L;

    /** The kinds that a client is told apart. */
    public enum Why {
        NOT_FOUND,
        /** Outside the root, or not readable for us. */
        NOT_ALLOWED,
        /** A directory, a device, a FIFO. */
        NOT_A_FILE,
        /** Reading failed. */
        BROKEN
    }

    private final Why why;

    public FileUnavailable(Why why, String message) {
        super(message);
        this.why = why;
    }

    public FileUnavailable(Why why, String message, Throwable cause) {
        super(message, cause);
        this.why = why;
    }

    public Why why() {
        return why;
    }
}

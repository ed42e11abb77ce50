package org.jbootd.persistence;

/** The store was not opened, and nothing in it was changed. The message is one line for the operator, with the mend. */
public final class StoreRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StoreRefused(String message) {
        super(message);
    }

    public StoreRefused(String message, Throwable cause) {
        super(message, cause);
    }
}

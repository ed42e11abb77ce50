package org.jbootd.domain.lease;

/** The store cannot take changes now: disk full, failed sync, gone. It recovers by itself, or says in the log why not. */
public final class StoreUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StoreUnavailable(String operation, Throwable cause) {
        super(operation, cause);
    }
}

package org.jbootd.app.daemon;

/** A configuration is not taken into use, and the one in force stays. The message is for the operator. */
public final class ReloadRefused extends Exception {

    private static final long serialVersionUID = 1L;

    ReloadRefused(String message) {
        super(message);
    }

    ReloadRefused(String message, Throwable cause) {
        super(message, cause);
    }
}

package org.jbootd.app.demo;

/** Something that must happen did not. The message says what happened instead. */
public final class StepFailed extends Exception {

    private static final long serialVersionUID = 1L;

    StepFailed(String message) {
        super(message);
    }

    StepFailed(String message, Throwable cause) {
        super(message, cause);
    }
}

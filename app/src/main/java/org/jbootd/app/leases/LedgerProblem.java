package org.jbootd.app.leases;

/** Why a question has no answer, or an order was not carried out, for the operator. */
public final class LedgerProblem extends Exception {

    private static final long serialVersionUID = 1;

    public LedgerProblem(String message) {
        super(message);
    }

    public LedgerProblem(String message, Throwable cause) {
        super(message, cause);
    }
}

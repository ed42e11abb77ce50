package org.jbootd.persistence.postgres;

/** The database is not the one, or not in the state, that this node has told clients of. The message is for the operator. */
final class TurnedBack extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TurnedBack(String how) {
        super("the lease database is not what it was: " + how
                + "; bring the newer one back, or start this daemon anew to go on with the one that is there");
    }
}

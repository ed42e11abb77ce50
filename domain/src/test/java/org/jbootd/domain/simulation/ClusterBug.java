package org.jbootd.domain.simulation;

import java.util.Optional;
import org.jbootd.domain.lease.Lease;

/** Mistakes that several nodes on one database could make, and that the simulation must find. */
enum ClusterBug {
    NONE,
    ACK_BEFORE_COMMIT,
    /** What others did is not compared with what a decision was made on. */
    VERSION_CHECK_LEFT_OUT,
    /** Only addresses are compared, not who else has them. */
    MACHINE_WITH_TWO_ADDRESSES,
    /** A transaction does not read what others have stored before it. */
    NOTIFIED_ONLY,
    /** A transaction reads what others have stored before it has the others kept out. */
    CHECKED_BEFORE_THE_LOCK,
    /** What others did comes to the lease book in another order. */
    LESSONS_OUT_OF_ORDER,
    /** A reader that is far behind goes on from the end. */
    CATCH_UP_SKIPS_A_PAGE,
    /** A node that lost its connection goes on from the end when it has another. */
    RECONNECTED_AT_THE_END,
    /** What was stored between loading and following is nobody's business. */
    LOADED_AND_FOLLOWED_LATER,
    UNKNOWN_OUTCOME_TAKEN_FOR_SUCCESS,
    /** What may be stored is taken for what is not: it is not looked for. */
    UNKNOWN_OUTCOME_TAKEN_FOR_FAILURE,
    /** What may be stored is stored once more. */
    UNKNOWN_OUTCOME_TRIED_AGAIN,
    /** What nobody waited for any more is stored, and the lease book is not told. */
    OVERDUE_COMMIT_FORGOTTEN,
    /** Decisions count as resting on what the book has been told, though it has yet to take it over. */
    TOLD_TAKEN_FOR_LEARNED,
    LOST_RACE_ANSWERED_WITH_ACK,
    RELEASE_BY_ANOTHER_FORGOTTEN,
    DECLINE_BY_ANOTHER_FORGOTTEN,
    /** A machine is refused for what was known some time ago. */
    REFUSED_WITHOUT_CATCHING_UP,
    EXPIRY_BY_LOCAL_CLOCK,
    /** Server time runs on from what the database's clock said at the start. */
    DATABASE_CLOCK_ASKED_ONCE,
    DATABASE_BACK_UNNOTICED,
    TRANSACTIONS_SIDE_BY_SIDE,
    /** Each node serves from what it loaded, as if the database were its own. */
    NOBODY_ELSE_EXPECTED;

    /** Whether a transaction finds out what others have stored before it. */
    boolean readsInTransaction() {
        return this != NOTIFIED_ONLY && this != CHECKED_BEFORE_THE_LOCK;
    }

    /** Whether the lease book is told of what another node has made of an address. */
    boolean passesOn(Optional<Lease> lease) {
        if (this == NOBODY_ELSE_EXPECTED) {
            return false;
        }
        Optional<Lease.State> state = lease.map(Lease::state);
        boolean forgotten = this == RELEASE_BY_ANOTHER_FORGOTTEN && state.equals(Optional.of(Lease.State.RELEASED))
                || this == DECLINE_BY_ANOTHER_FORGOTTEN && state.equals(Optional.of(Lease.State.DECLINED));
        return !forgotten;
    }
}

package org.jbootd.app.leases;

import java.nio.file.Path;
import java.util.List;
import org.jbootd.persistence.Auditor;

/** The leases and their history, wherever they are open: in a running daemon, or in this process. One thread at a time. */
public interface Ledger extends AutoCloseable {

    /** Orders at once: what shares a sync or two, and as the text of a question is well below its bound. */
    int MOST_ORDERS = 500;

    /** Whether orders are carried out, or it is only found out what would become of each. */
    enum Mode {
        CARRY_OUT,
        /** Nothing changes; each order is answered as if it were the only one. */
        REHEARSE
    }

    /**
     * Asks the history, as a user who can change nothing.
     *
     * @param arguments for the question marks of {@code sql}: texts, numbers, truth values
     * @throws LedgerProblem when there is no answer; its message is for the operator
     */
    void ask(String sql, List<?> arguments, Auditor.Rows rows) throws LedgerProblem;

    /**
     * Changes leases. Orders share syncs, and are not carried out one after the other: of those that concern the same client
     * or address, the first goes before.
     *
     * @param orders at most {@link #MOST_ORDERS}
     * @return what became of each, in the same order; what was done is on disk
     * @throws LedgerProblem when that is not known; its message is for the operator
     */
    List<Order.Outcome> carryOut(List<Order> orders, Mode mode) throws LedgerProblem;

    /**
     * Changes leases.
     *
     * @return what was done, for the operator; it is on disk
     * @throws LedgerProblem when nothing was done; its message is for the operator
     */
    default String carryOut(Order order) throws LedgerProblem {
        Order.Outcome outcome = carryOut(List.of(order), Mode.CARRY_OUT).get(0);
        return switch (outcome.kind()) {
            case DONE -> outcome.text();
            case ALREADY_SO -> "nothing had to be done: " + outcome.text();
            case REFUSED, FAILED -> throw new LedgerProblem(outcome.text());
        };
    }

    /**
     * Copies the data directory while it is in use.
     *
     * @param target of whoever has the store open; must not be there
     * @throws LedgerProblem when there is no copy then; its message is for the operator
     */
    void backup(Path target) throws LedgerProblem;

    @Override
    void close();
}

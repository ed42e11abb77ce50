package org.jbootd.app.leases;

import java.util.List;
import org.jbootd.persistence.Auditor;

/** The leases and their history, wherever they are open: in a running daemon, or in this process. One thread at a time. */
public interface Ledger extends AutoCloseable {

    /**
     * Asks the history, as a user who can change nothing.
     *
     * @param arguments for the question marks of {@code sql}: texts, numbers, truth values
     * @throws LedgerProblem when there is no answer; its message is for the operator
     */
    void ask(String sql, List<?> arguments, Auditor.Rows rows) throws LedgerProblem;

    /**
     * Changes leases.
     *
     * @return what was done, for the operator; it is on disk
     * @throws LedgerProblem when nothing was done; its message is for the operator
     */
    String carryOut(Order order) throws LedgerProblem;

    @Override
    void close();
}

package org.jbootd.app.leases;

import java.nio.file.Path;
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

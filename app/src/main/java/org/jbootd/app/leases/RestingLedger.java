package org.jbootd.app.leases;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jbootd.persistence.Auditor;
import org.jbootd.persistence.RestingStore;

/** The ledger of a data directory that nobody has open, or of a backup: it is asked, and nothing in the directory is changed. */
public final class RestingLedger implements Ledger {

    private final RestingStore store;

    private RestingLedger(RestingStore store) {
        this.store = store;
    }

    /**
     * @param password of the auditor, if he has one
     * @return empty when only a {@link StoppedLedger} can answer, or tell what is wrong
     * @throws org.jbootd.persistence.StoreRefused when it may not be asked; its message is for the operator
     */
    public static Optional<Ledger> open(Path directory, String password) {
        return RestingStore.open(directory, password).map(RestingLedger::new);
    }

    @Override
    public void ask(String sql, List<?> arguments, Auditor.Rows rows) throws LedgerProblem {
        try {
            store.ask(sql, arguments, rows);
        } catch (Auditor.NoAnswer e) {
            throw new LedgerProblem(e.getMessage(), e);
        }
    }

    @Override
    public List<Order.Outcome> carryOut(List<Order> orders, Mode mode) throws LedgerProblem {
        throw new LedgerProblem("these leases are open to be asked, and not to be changed");
    }

    @Override
    public void backup(Path target) throws LedgerProblem {
        throw new LedgerProblem("no backup was made: these leases are open to be asked only");
    }

    @Override
    public void close() {
        store.close();
    }
}

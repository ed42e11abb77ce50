package org.jbootd.app.leases;

import java.util.List;
import org.jbootd.persistence.Auditor;
import org.jbootd.persistence.EmbeddedLeaseStore;
import org.jbootd.persistence.StoreRefused;

/** The ledger of a store that this process has open. */
public final class OpenLedger implements Ledger {

    private final EmbeddedLeaseStore store;
    private final Orders orders;

    public OpenLedger(EmbeddedLeaseStore store, Orders orders) {
        this.store = store;
        this.orders = orders;
    }

    @Override
    public void ask(String sql, List<?> arguments, Auditor.Rows rows) throws LedgerProblem {
        store.awaitHistory();
        try (Auditor auditor = store.auditor()) {
            auditor.ask(sql, arguments, rows);
        } catch (Auditor.NoAnswer | StoreRefused e) {
            throw new LedgerProblem(e.getMessage(), e);
        }
    }

    @Override
    public String carryOut(Order order) throws LedgerProblem {
        return orders.carryOut(order);
    }

    /** The store is closed by who opened it. */
    @Override
    public void close() {}
}

package org.jbootd.app.leases;

import java.sql.SQLException;
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
        } catch (SQLException | StoreRefused e) {
            throw new LedgerProblem(firstLine(e), e);
        }
    }

    /** H2 goes on with the statement, and a number of its own. */
    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("").replaceFirst("; SQL statement:$", "");
    }

    @Override
    public List<Order.Outcome> carryOut(List<Order> wanted, Mode mode) {
        return orders.carryOut(wanted, mode);
    }

    /** The store is closed by who opened it. */
    @Override
    public void close() {}
}

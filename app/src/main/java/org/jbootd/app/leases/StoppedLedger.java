package org.jbootd.app.leases;

import java.nio.file.Path;
import java.util.List;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.persistence.Auditor;
import org.jbootd.persistence.EmbeddedLeaseStore;
import org.jbootd.persistence.LedgerStore;
import org.jbootd.persistence.StoreSettings;

/**
 * The ledger of a store that this process opened for it. Of a data directory, this process has that meanwhile, and no daemon can
 * start.
 */
public final class StoppedLedger implements Ledger {

    private final LedgerStore store;
    private final Ledger ledger;

    private StoppedLedger(LedgerStore store, List<Subnet> subnets, Identification identification) {
        this.store = store;
        LoneKeeper keeper = new LoneKeeper(store, subnets, identification);
        keeper.start();
        this.ledger = new OpenLedger(store, new Orders(keeper, identification));
    }

    /**
     * @param subnets of the configuration, for orders
     * @throws org.jbootd.persistence.StoreRefused when it cannot be opened; its message is for the operator
     */
    public static Ledger open(StoreSettings settings, List<Subnet> subnets, Identification identification) {
        return of(EmbeddedLeaseStore.openForCommand(settings), subnets, identification);
    }

    /** @param store just opened; closed with this */
    static Ledger of(LedgerStore store, List<Subnet> subnets, Identification identification) {
        boolean open = false;
        try {
            Ledger ledger = new StoppedLedger(store, subnets, identification);
            open = true;
            return ledger;
        } finally {
            if (!open) {
                store.close();
            }
        }
    }

    @Override
    public void ask(String sql, List<?> arguments, Auditor.Rows rows) throws LedgerProblem {
        ledger.ask(sql, arguments, rows);
    }

    @Override
    public List<Order.Outcome> carryOut(List<Order> orders, Mode mode) throws LedgerProblem {
        return ledger.carryOut(orders, mode);
    }

    @Override
    public void backup(Path target) throws LedgerProblem {
        ledger.backup(target);
    }

    @Override
    public void close() {
        store.close();
    }
}

package org.jbootd.app.leases;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.exchange.SteadyClock;
import org.jbootd.domain.lease.Cause;
import org.jbootd.domain.lease.Claim;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseWrite;
import org.jbootd.domain.lease.Occasion;
import org.jbootd.domain.lease.Rekeying;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.persistence.Auditor;
import org.jbootd.persistence.EmbeddedLeaseStore;
import org.jbootd.persistence.StoreSettings;

/** The ledger of a data directory that no daemon has: this process has it meanwhile, and no daemon can start. */
public final class StoppedLedger implements Ledger {

    private final EmbeddedLeaseStore store;
    private final LeaseBook book;
    private final InstantSource clock;
    private final Ledger ledger;

    private StoppedLedger(EmbeddedLeaseStore store, List<Subnet> subnets, Identification identification) {
        this.store = store;
        this.clock = new SteadyClock(InstantSource.system(), store.latest(), System::nanoTime);
        Rekeying rekeying = Rekeying.of(store.load(), identification, store.latest());
        this.book = new LeaseBook(subnets, rekeying.leases());
        this.ledger = new OpenLedger(store, new Orders(this::order, identification));
    }

    /**
     * @param subnets of the configuration, for orders
     * @throws org.jbootd.persistence.StoreRefused when it cannot be opened; its message is for the operator
     */
    public static Ledger open(StoreSettings settings, List<Subnet> subnets, Identification identification) {
        EmbeddedLeaseStore store = EmbeddedLeaseStore.open(settings);
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

    /** The lock is that of the book: commits complete on the store's thread, while further orders are on their way. */
    private synchronized CompletionStage<Claim> order(BiFunction<LeaseBook, Instant, Claim> wish, Cause cause) {
        Claim claim = wish.apply(book, clock.instant());
        if (!(claim instanceof Claim.Granted granted)) {
            return CompletableFuture.completedStage(claim);
        }
        List<LeaseChange> changes = granted.write().changes().stream()
                .map(change -> change.by(Occasion.of(cause)))
                .toList();
        return store.commit(changes)
                .whenComplete((nothing, failure) -> stored(granted.write(), failure == null))
                .thenApply(nothing -> claim);
    }

    private synchronized void stored(LeaseWrite write, boolean done) {
        if (done) {
            book.settle(write, clock.instant());
        } else {
            book.abandon(write, clock.instant());
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

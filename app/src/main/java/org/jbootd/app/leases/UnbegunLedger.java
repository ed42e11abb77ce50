package org.jbootd.app.leases;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.persistence.Auditor;

/** The ledger of a daemon that was never started: orders can be rehearsed, and nothing of it is on disk, then or later. */
public final class UnbegunLedger implements Ledger {

    private final Orders orders;

    /** @param subnets of the configuration */
    public UnbegunLedger(List<Subnet> subnets, Identification identification) {
        LeaseBook book = new LeaseBook(subnets, List.of());
        this.orders = new Orders(
                (wish, cause) -> CompletableFuture.completedStage(wish.apply(book, Instant.now())), identification);
    }

    @Override
    public void ask(String sql, List<?> arguments, Auditor.Rows rows) throws LedgerProblem {
        throw new LedgerProblem("there is no history yet");
    }

    @Override
    public List<Order.Outcome> carryOut(List<Order> wanted, Mode mode) throws LedgerProblem {
        if (mode != Mode.REHEARSE) {
            throw new LedgerProblem("there is no data directory yet in which it could be stored");
        }
        return orders.carryOut(wanted, mode);
    }

    @Override
    public void backup(Path target) throws LedgerProblem {
        throw new LedgerProblem("no backup was made: there are no leases yet");
    }

    @Override
    public void close() {}
}

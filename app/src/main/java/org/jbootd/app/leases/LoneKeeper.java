package org.jbootd.app.leases;

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
import org.jbootd.domain.lease.LeaseFollower.Standing;
import org.jbootd.domain.lease.LeaseWrite;
import org.jbootd.domain.lease.Occasion;
import org.jbootd.domain.lease.Rekeying;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.persistence.LedgerStore;

/**
 * Has a lease book without a daemon, for orders only. Threads may share it: the lock is that of the book, as commits complete on the
 * store's thread while further orders are on their way.
 */
final class LoneKeeper implements Orders.Keeper {

    private final LedgerStore store;
    private final LeaseBook book;
    private final InstantSource clock;

    /** @param store just opened; closed by who opened it */
    LoneKeeper(LedgerStore store, List<Subnet> subnets, Identification identification) {
        this.store = store;
        this.clock = new SteadyClock(store::now, store.latest(), System::nanoTime);
        Rekeying rekeying = Rekeying.of(store.load(), identification, clock.instant());
        this.book = new LeaseBook(subnets, rekeying.leases());
    }

    /** Begins to hear of what others store. */
    void start() {
        store.follow(this::learn);
    }

    @Override
    public CompletionStage<Claim> order(BiFunction<LeaseBook, Instant, Claim> wish, Cause cause) {
        return store.isShared()
                ? store.commit(List.of())
                        .thenCompose(nothing -> learn(List.of()))
                        .thenCompose(nothing -> carryOut(wish, cause))
                : carryOut(wish, cause);
    }

    private synchronized CompletionStage<Claim> carryOut(BiFunction<LeaseBook, Instant, Claim> wish, Cause cause) {
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

    private synchronized CompletionStage<Void> learn(List<Standing> changed) {
        return book.learn(changed, clock.instant());
    }
}

package org.jbootd.app.leases;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jbootd.app.leases.Order.Outcome;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.Cause;
import org.jbootd.domain.lease.Claim;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.lease.LostRace;

/** Puts orders to whoever has the lease book, and the claims that become of them into words. */
public final class Orders {

    /** A client's own message, or a former order, may be on its way to disk; or another server was faster. */
    private static final int ATTEMPTS = 100;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Who has the lease book. */
    @FunctionalInterface
    public interface Keeper {

        /** As {@link org.jbootd.domain.exchange.Desk#order}, on any thread. */
        CompletionStage<Claim> order(BiFunction<LeaseBook, Instant, Claim> wish, Cause cause);
    }

    private final Keeper keeper;
    private final Identification identification;

    /** @param identification what clients are known by */
    public Orders(Keeper keeper, Identification identification) {
        this.keeper = keeper;
        this.identification = identification;
    }

    /** As {@link Ledger#carryOut}. Blocks until all are on disk: those that wait for each other are put again, in their order. */
    List<Outcome> carryOut(List<Order> orders, Ledger.Mode mode) {
        Outcome[] outcomes = new Outcome[orders.size()];
        List<Integer> open = IntStream.range(0, orders.size()).boxed().toList();
        for (int attempt = 1; !open.isEmpty() && attempt <= ATTEMPTS; attempt++) {
            if (attempt > 1) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            open = attempt(orders, open, mode, outcomes);
        }
        open.forEach(i -> outcomes[i] = Outcome.failed(
                "a message of the client at " + orders.get(i).address() + " is being stored; try again"));
        return Arrays.asList(outcomes);
    }

    /** Puts those that are open, all at once. @return those that still are */
    private List<Integer> attempt(List<Order> orders, List<Integer> open, Ledger.Mode mode, Outcome[] outcomes) {
        List<CompletableFuture<Claim>> claims =
                open.stream().map(i -> claim(orders.get(i), mode)).toList();
        List<Integer> busy = new ArrayList<>();
        for (int k = 0; k < claims.size(); k++) {
            int i = open.get(k);
            outcomes[i] = outcome(orders.get(i), claims.get(k));
            if (outcomes[i] == null) {
                busy.add(i);
            }
        }
        return busy;
    }

    private CompletableFuture<Claim> claim(Order order, Ledger.Mode mode) {
        CompletableFuture<Claim> rehearsed = new CompletableFuture<>();
        CompletableFuture<Claim> claimed = keeper.order(
                        (book, now) -> {
                            Claim claim = wish(order, book, now);
                            return mode == Ledger.Mode.REHEARSE ? undone(claim, rehearsed, book, now) : claim;
                        },
                        cause(order))
                .toCompletableFuture();
        return mode == Ledger.Mode.REHEARSE ? claimed.thenCompose(nothing -> rehearsed) : claimed;
    }

    /** What would be granted is taken back at once. @return a claim of which nothing is stored */
    private static Claim undone(Claim claim, CompletableFuture<Claim> rehearsed, LeaseBook book, Instant now) {
        rehearsed.complete(claim);
        if (!(claim instanceof Claim.Granted granted)) {
            return claim;
        }
        book.abandon(granted.write(), now);
        return new Claim.Kept(granted.write().lease());
    }

    private static Cause cause(Order order) {
        return order instanceof Order.TakeOver ? Cause.IMPORT : Cause.OPERATOR;
    }

    private Claim wish(Order order, LeaseBook book, Instant now) {
        if (order instanceof Order.Release release) {
            return book.takeBack(release.address(), now);
        }
        if (order instanceof Order.Reserve reserve) {
            return book.reserve(known(reserve.client()), reserve.address(), now);
        }
        Order.TakeOver lease = (Order.TakeOver) order;
        return book.takeOver(known(lease.client()), lease.hostName(), lease.address(), lease.until(), now);
    }

    private ClientIdentity known(ClientIdentity client) {
        return client.by(identification);
    }

    /** @return null when it has to be put again */
    private static Outcome outcome(Order order, CompletableFuture<Claim> claimed) {
        Claim claim;
        try {
            claim = claimed.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof LostRace) {
                return null;
            }
            return Outcome.failed("it could not be stored: " + e.getCause().getMessage());
        }
        if (claim instanceof Claim.Granted granted) {
            return Outcome.done(done(order, granted.write().lease()));
        }
        if (claim instanceof Claim.Kept kept) {
            return Outcome.alreadySo(state(kept.lease()));
        }
        if (claim instanceof Claim.Configured configured) {
            return Outcome.refused("by the configuration the machine has " + configured.address() + ", so that "
                    + order.address() + " cannot be kept for it: change [static_dhcp] or [host NAME]");
        }
        if (claim instanceof Claim.OnOffer offer) {
            return Outcome.refused(
                    order.address() + " is on offer to a machine at this moment, and nobody's yet: try again in "
                            + (offer.left().toSeconds() + 1) + " s");
        }
        return claim instanceof Claim.Refused refused ? Outcome.refused(why(order, refused.refusal())) : null;
    }

    private static String done(Order order, Lease lease) {
        if (order instanceof Order.Release) {
            return lease.address() + " is free; " + lease.client().hardware() + " had it";
        }
        if (order instanceof Order.Reserve) {
            return lease.address() + " is kept for " + lease.client().key();
        }
        return lease.address()
                + (lease.state() == Lease.State.BOUND ? " is leased to " : " was leased to ")
                + lease.client().key()
                + until(lease);
    }

    private static String state(Lease lease) {
        return lease.address()
                + (lease.reserved() ? " is kept for " : " is or was leased to ")
                + lease.client().key();
    }

    private static String until(Lease lease) {
        return lease.until().equals(Instant.MAX) ? " for ever" : " until " + lease.until();
    }

    private static String why(Order order, Claim.Refusal refusal) {
        return switch (refusal) {
            case UNKNOWN_CLIENT -> "nobody has " + order.address();
            case WRONG_NETWORK -> order.address() + " is of no network that is served";
            case WRONG_ADDRESS -> "the machine of " + order.address() + " has another address here";
            case OUTSIDE_POOL -> order.address() + " is in no pool, or in use by this server or a router";
            case TAKEN ->
                order.address() + " is another's, or rests: see 'jbootd leases history " + order.address() + "'";
            default -> order.address() + ": " + refusal;
        };
    }
}

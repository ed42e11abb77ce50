package org.jbootd.app.leases;

import java.time.Instant;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.Cause;
import org.jbootd.domain.lease.Claim;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseBook;

/** Puts an order to whoever has the lease book, and the claim that becomes of it into words. */
public final class Orders {

    /** A client's own message may be on its way to disk. */
    private static final int ATTEMPTS = 50;

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

    /** Blocks until it is on disk. @return what was done */
    String carryOut(Order order) throws LedgerProblem {
        for (int attempt = 1; ; attempt++) {
            Claim claim = claim(order);
            if (claim instanceof Claim.Granted granted) {
                return done(order, granted.write().lease());
            }
            if (claim instanceof Claim.Kept kept) {
                return "nothing had to be done: " + state(kept.lease());
            }
            if (claim instanceof Claim.Refused refused) {
                throw new LedgerProblem(why(order, refused.refusal()));
            }
            if (attempt == ATTEMPTS) {
                throw new LedgerProblem(
                        "a message of the client at " + order.address() + " is being stored; try again");
            }
        }
    }

    private Claim claim(Order order) throws LedgerProblem {
        try {
            return keeper.order((book, now) -> wish(order, book, now), cause(order))
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw new LedgerProblem("it could not be stored: " + e.getCause().getMessage(), e.getCause());
        }
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

    private static String done(Order order, Lease lease) {
        if (order instanceof Order.Release) {
            return lease.address() + " is free; " + lease.client().hardware() + " had it";
        }
        if (order instanceof Order.Reserve) {
            return lease.address() + " is kept for " + lease.client().key();
        }
        return lease.address() + " is leased to " + lease.client().key() + until(lease);
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
            case TAKEN ->
                order.address() + " is another's, or one that no machine may have: see 'jbootd leases history "
                        + order.address() + "'";
            default -> order.address() + ": " + refusal;
        };
    }
}

package org.jbootd.persistence.postgres;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LostRace;
import org.jbootd.domain.lease.StoreUnavailable;

/**
 * Changes on their way to the database.
 *
 * @param serverTime of the one who asks; {@link Instant#EPOCH} when he does not say
 * @param base number of the last event that was known when they were decided
 * @param clock what the database's clock was thought to say then
 * @param deadline in terms of {@link System#nanoTime}: who asked does not wait any longer
 * @param stored whoever completes it first decides what is told
 */
record Commit(
        List<LeaseChange> changes,
        Instant serverTime,
        long base,
        DatabaseClock.Reading clock,
        long deadline,
        CompletableFuture<Void> stored) {

    int weight() {
        return Math.max(1, changes.size());
    }

    boolean isOverdue(long now) {
        return now - deadline >= 0;
    }

    /** The latest of {@code time} and what this says of server time. */
    Instant latest(Instant time) {
        return Stream.concat(
                        Stream.of(time, serverTime),
                        changes.stream().map(change -> change.lease().since()))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /**
     * Whether a lease ends, or goes to another client on another machine, that by the database's clock goes on, whatever the clock
     * says of the one who decided so; empty when none does.
     */
    Optional<String> endsTooEarly(Instant now) {
        return changes.stream()
                .filter(this::takesForEnded)
                .map(LeaseChange::lease)
                .filter(lease -> lease.isGranted() && lease.until().isAfter(now))
                .findFirst()
                .map(lease -> "by the clock of the database, " + now + ", " + lease.address() + " is leased until "
                        + lease.until());
    }

    private boolean takesForEnded(LeaseChange change) {
        return change.kind() == LeaseChange.Kind.EXPIRED
                || change.kind() == LeaseChange.Kind.RECLAIMED && !isTakers(change.lease());
    }

    private boolean isTakers(Lease lease) {
        ClientIdentity taker = changes.get(changes.size() - 1).lease().client();
        return lease.client().hardware().equals(taker.hardware())
                || lease.client().key().equals(taker.key());
    }

    void refuse(String why, Throwable cause) {
        stored.completeExceptionally(new StoreUnavailable("store a lease: " + why, cause));
    }

    void refuse(String why) {
        refuse(why, null);
    }

    void lose(String why) {
        stored.completeExceptionally(new LostRace(why));
    }

    /** @return false when it was told before that it is not stored, or may not be */
    boolean succeed() {
        return stored.complete(null);
    }
}

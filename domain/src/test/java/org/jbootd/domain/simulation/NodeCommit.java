package org.jbootd.domain.simulation;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.StoreUnavailable;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/**
 * Changes on their way from a node to the ledger.
 *
 * @param base number of the last event that was known when they were decided
 * @param ahead by how much the ledger's clock was known to be ahead then
 */
record NodeCommit(
        List<LeaseChange> changes, Instant serverTime, long base, long ahead, CompletableFuture<Void> stored) {

    boolean isDone() {
        return stored.isDone();
    }

    void refuse(String why) {
        stored.completeExceptionally(new StoreUnavailable("store a lease: " + why, null));
    }

    Instant latest(Instant time) {
        Instant latest = serverTime.isAfter(time) ? serverTime : time;
        for (LeaseChange change : changes) {
            latest = change.lease().since().isAfter(latest) ? change.lease().since() : latest;
        }
        return latest;
    }

    /** By the clock of the database a lease goes on that is taken for ended. */
    boolean endsTooEarly(Instant now) {
        return changes.stream()
                .filter(this::takesForEnded)
                .map(LeaseChange::lease)
                .anyMatch(lease -> lease.isGranted() && lease.until().isAfter(now));
    }

    private boolean takesForEnded(LeaseChange change) {
        HardwareAddress taker = changes.get(changes.size() - 1).lease().client().hardware();
        return change.kind() == LeaseChange.Kind.EXPIRED
                || change.kind() == LeaseChange.Kind.RECLAIMED
                        && !change.lease().client().hardware().equals(taker);
    }

    /** What is known of the addresses of {@code commits} once all of them are stored. */
    static Map<Ipv4, Optional<Lease>> standing(List<NodeCommit> commits) {
        Map<Ipv4, Optional<Lease>> standing = new LinkedHashMap<>();
        commits.forEach(commit -> commit.changes.forEach(change -> standing.put(
                change.lease().address(), change.kind().ends() ? Optional.empty() : Optional.of(change.lease()))));
        return standing;
    }
}

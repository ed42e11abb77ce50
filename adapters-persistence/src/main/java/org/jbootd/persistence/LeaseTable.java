package org.jbootd.persistence;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientKey;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.Ipv4;

/**
 * The current leases that all changes so far add up to. What was applied is tentative, and {@link #undo} takes it back,
 * until {@link #settle}. One thread at a time.
 */
final class LeaseTable {

    private final Map<Ipv4, Lease> leases = new HashMap<>();
    private final Map<String, Map<ClientKey, Ipv4>> holders = new HashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private Instant latest;
    private Instant settledLatest;

    /** A change of one address, with what was there before: null for nothing. */
    private record Step(Ipv4 address, Lease before) {}

    LeaseTable() {
        this(List.of(), Instant.EPOCH);
    }

    LeaseTable(List<Lease> stored, Instant latest) {
        stored.forEach(lease -> set(lease.address(), lease));
        this.latest = latest;
        this.settledLatest = latest;
    }

    /**
     * Applies all of {@code changes}, or none when they would give one client two addresses of a network, which is
     * nothing a correct lease book asks for.
     *
     * @return why they were not applied; empty when they were
     */
    Optional<String> apply(List<LeaseChange> changes) {
        int start = steps.size();
        for (LeaseChange change : changes) {
            Optional<String> contradiction = contradiction(change);
            if (contradiction.isPresent()) {
                undoTo(start);
                return contradiction;
            }
            Ipv4 address = change.lease().address();
            steps.add(new Step(address, leases.get(address)));
            set(address, change.kind().ends() ? null : change.lease());
        }
        changes.forEach(change -> keepTime(change.lease().since()));
        return Optional.empty();
    }

    /**
     * What must have ended before {@code change}, though nothing said so, because changes are missing. Nothing, in a journal that is
     * whole.
     */
    List<LeaseChange> inTheWay(LeaseChange change) {
        List<LeaseChange> ended = new ArrayList<>();
        Lease before = leases.get(change.lease().address());
        if (before != null && begins(change, before)) {
            ended.add(LeaseChange.ending(before));
        }
        if (contradiction(change).isPresent()) {
            Lease lease = change.lease();
            Ipv4 other = holders(lease).get(lease.client().key());
            ended.add(new LeaseChange(LeaseChange.Kind.MOVED, leases.get(other)));
        }
        return ended;
    }

    /** Whether the address was nobody's in between. What is taken over from another server takes the place of what there is. */
    private static boolean begins(LeaseChange change, Lease before) {
        if (change.kind().ends() || change.kind() == LeaseChange.Kind.IMPORTED) {
            return false;
        }
        ClientIdentity client = change.lease().client();
        boolean same = client.key().equals(before.client().key())
                || client.hardware().equals(before.client().hardware());
        return !same || change.kind() == LeaseChange.Kind.BOUND && before.state() == Lease.State.BOUND;
    }

    void keepTime(Instant serverTime) {
        if (serverTime.isAfter(latest)) {
            latest = serverTime;
        }
    }

    /** What was applied stands. */
    void settle() {
        steps.clear();
        settledLatest = latest;
    }

    /** Takes back all that was applied since {@link #settle}. */
    void undo() {
        undoTo(0);
        latest = settledLatest;
    }

    Instant latest() {
        return latest;
    }

    int size() {
        return leases.size();
    }

    List<Lease> leases() {
        return List.copyOf(leases.values());
    }

    private Optional<String> contradiction(LeaseChange change) {
        Lease lease = change.lease();
        if (change.kind().ends() || !isHeld(lease)) {
            return Optional.empty();
        }
        Ipv4 other = holders(lease).get(lease.client().key());
        return other == null || other.equals(lease.address())
                ? Optional.empty()
                : Optional.of(lease.client().key() + " holds " + other + " and cannot get " + lease.address()
                        + " before that has ended");
    }

    private void undoTo(int start) {
        for (int i = steps.size() - 1; i >= start; i--) {
            Step step = steps.remove(i);
            set(step.address(), step.before());
        }
    }

    private void set(Ipv4 address, Lease lease) {
        Lease before = lease == null ? leases.remove(address) : leases.put(address, lease);
        if (before != null && isHeld(before)) {
            holders(before).remove(before.client().key(), address);
        }
        if (lease != null && isHeld(lease)) {
            holders(lease).put(lease.client().key(), address);
        }
    }

    private static boolean isHeld(Lease lease) {
        return lease.state() != Lease.State.DECLINED;
    }

    private Map<ClientKey, Ipv4> holders(Lease lease) {
        return holders.computeIfAbsent(lease.subnet(), subnet -> new HashMap<>());
    }
}

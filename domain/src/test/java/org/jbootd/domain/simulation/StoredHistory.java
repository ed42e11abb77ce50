package org.jbootd.domain.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.Ipv4;

/** The durable layer: the current leases, and the history they must be the result of. */
final class StoredHistory {

    /** Told of every change that became durable, with the lease that was stored before it, or null. */
    interface Witness {
        void stored(LeaseChange change, Lease before);

        void recovered(Map<Ipv4, Lease> state, Map<Ipv4, Lease> folded);
    }

    private final Map<Ipv4, Lease> state = new LinkedHashMap<>();
    private final List<LeaseChange> history = new ArrayList<>();
    private final boolean together;
    private final Witness witness;
    private List<LeaseChange> late = List.of();
    private Instant latest = Instant.EPOCH;

    /** @param together false plants the bug that the history is written after the state, in a transaction of its own */
    StoredHistory(boolean together, Witness witness) {
        this.together = together;
        this.witness = witness;
    }

    /** Makes {@code changes} durable, all of them. */
    void append(List<LeaseChange> changes) {
        history.addAll(late);
        late = together ? List.of() : changes;
        if (together) {
            history.addAll(changes);
        }
        for (LeaseChange change : changes) {
            witness.stored(change, state.get(change.lease().address()));
            apply(change, state);
            if (change.lease().since().isAfter(latest)) {
                latest = change.lease().since();
            }
        }
    }

    void crash() {
        late = List.of();
        witness.recovered(state, fold());
    }

    private Map<Ipv4, Lease> fold() {
        Map<Ipv4, Lease> folded = new LinkedHashMap<>();
        history.forEach(change -> apply(change, folded));
        return folded;
    }

    static void apply(LeaseChange change, Map<Ipv4, Lease> leases) {
        if (change.kind().ends()) {
            leases.remove(change.lease().address());
        } else {
            leases.put(change.lease().address(), change.lease());
        }
    }

    /** Every change so far, in order. */
    List<LeaseChange> history() {
        return Collections.unmodifiableList(history);
    }

    Map<Ipv4, Lease> state() {
        return state;
    }

    Lease of(Ipv4 address) {
        return state.get(address);
    }

    Instant latest() {
        return latest;
    }
}

package org.jbootd.persistence;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseChange.Kind;
import org.jbootd.domain.net.Ipv4;

/** The changes that make a history, of which something is missing, end with what is leased. */
final class Restatement {

    /** What the history says last of each address. */
    private final Map<Ipv4, LeaseChange> last;

    private final List<LeaseChange> changes = new ArrayList<>();

    private Restatement(Map<Ipv4, LeaseChange> last) {
        this.last = last;
    }

    /**
     * @param known what the database says last of each address
     * @param history what comes behind that
     */
    static List<LeaseChange> of(Map<Ipv4, LeaseChange> known, List<JournalEntry> history, List<Lease> leases) {
        Restatement restatement = new Restatement(new HashMap<>(known));
        history.forEach(entry -> entry.changes()
                .forEach(change -> restatement.last.put(change.lease().address(), change)));
        leases.forEach(restatement::state);
        restatement.endAllBut(leases);
        return restatement.changes;
    }

    private void state(Lease lease) {
        LeaseChange before = last.get(lease.address());
        boolean goesOn = before != null && !before.kind().ends();
        if (goesOn && asRecorded(before.lease()).equals(asRecorded(lease))) {
            return;
        }
        boolean same = goesOn
                && before.lease().client().hardware().equals(lease.client().hardware());
        if (goesOn && !same) {
            changes.add(LeaseChange.ending(before.lease()));
        }
        changes.add(new LeaseChange(kind(lease, same && before.lease().state() == Lease.State.BOUND), lease));
    }

    private static Kind kind(Lease lease, boolean wasBound) {
        return switch (lease.state()) {
            case BOUND -> wasBound ? Kind.RENEWED : Kind.BOUND;
            case EXPIRED -> Kind.EXPIRED;
            case RELEASED -> Kind.RELEASED;
            case DECLINED -> Kind.DECLINED;
        };
    }

    private void endAllBut(List<Lease> leases) {
        Set<Ipv4> leased = new HashSet<>();
        leases.forEach(lease -> leased.add(lease.address()));
        last.values().stream()
                .filter(change ->
                        !change.kind().ends() && !leased.contains(change.lease().address()))
                .map(change -> new LeaseChange(Kind.ENDED, change.lease()))
                .forEach(changes::add);
    }

    /** As far as an event keeps it. */
    private static Lease asRecorded(Lease lease) {
        return new Lease(
                lease.address(),
                lease.subnet(),
                lease.client().by(Identification.HARDWARE),
                lease.hostName(),
                lease.networkBooted(),
                lease.state(),
                Sql.clamped(lease.since()).toInstant(),
                lease.until().equals(Instant.MAX)
                        ? Instant.MAX
                        : Sql.clamped(lease.until()).toInstant(),
                lease.reserved());
    }
}

package org.jbootd.domain.lease;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jbootd.domain.client.ClientKey;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.net.Ipv4;

/**
 * What becomes of stored leases when clients are known by something else than before: each is its client's as before, found by
 * what was recorded of it. Where several are one client's now, it keeps the best of them.
 *
 * @param changes that the store has to make first, in this order; none when nothing is different
 * @param leases the state after them, for {@link LeaseBook}
 */
public record Rekeying(List<LeaseChange> changes, List<Lease> leases) {

    private static final Comparator<Lease> BEST_LAST = Comparator.<Lease, Boolean>comparing(Lease::reserved)
            .thenComparing(Lease::isGranted)
            .thenComparing(Lease::until)
            .thenComparing(Lease::address);

    private static final Occasion BY_SETTINGS = Occasion.of(Cause.SETTINGS);

    private record Client(String subnet, ClientKey key) {}

    public Rekeying {
        changes = List.copyOf(changes);
        leases = List.copyOf(leases);
    }

    /** @param now server time */
    public static Rekeying of(List<Lease> stored, Identification identification, Instant now) {
        List<Lease> wanted =
                stored.stream().map(lease -> lease.by(identification)).toList();
        if (wanted.equals(stored)) {
            return new Rekeying(List.of(), stored);
        }
        Map<Client, Lease> best = new HashMap<>();
        wanted.stream().filter(Lease::isOwned).forEach(lease -> best.merge(client(lease), lease, Rekeying::better));
        List<LeaseChange> changes = new ArrayList<>();
        wanted.stream()
                .filter(lease -> lease.isOwned() && !best.get(client(lease)).equals(lease))
                .flatMap(lease -> LeaseChange.leaving(lease, now).stream())
                .map(change -> change.by(BY_SETTINGS))
                .forEach(changes::add);
        for (int i = 0; i < stored.size(); i++) {
            Lease lease = wanted.get(i);
            boolean stays = !lease.isOwned() || best.get(client(lease)).equals(lease);
            if (stays && !lease.equals(stored.get(i))) {
                changes.add(new LeaseChange(LeaseChange.Kind.REKEYED, lease, BY_SETTINGS));
            }
        }
        return new Rekeying(changes, after(changes, stored));
    }

    private static Client client(Lease lease) {
        return new Client(lease.subnet(), lease.client().key());
    }

    private static Lease better(Lease one, Lease other) {
        return BEST_LAST.compare(one, other) > 0 ? one : other;
    }

    private static List<Lease> after(List<LeaseChange> changes, List<Lease> stored) {
        Map<Ipv4, Lease> leases = new LinkedHashMap<>();
        stored.forEach(lease -> leases.put(lease.address(), lease));
        for (LeaseChange change : changes) {
            if (change.kind().ends()) {
                leases.remove(change.lease().address());
            } else {
                leases.put(change.lease().address(), change.lease());
            }
        }
        return List.copyOf(leases.values());
    }
}

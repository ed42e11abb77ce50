package org.jbootd.domain.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jbootd.domain.client.ClientKey;
import org.jbootd.domain.net.Ipv4;

/** The addresses of one subnet that nobody holds, sorted by the order in which they are given. */
final class Shelf {

    static final Comparator<Lease> BY_END = Comparator.comparing(Lease::until).thenComparing(Lease::address);
    private static final Comparator<Lease> BY_START =
            Comparator.comparing(Lease::since).thenComparing(Lease::address);

    private final AddressRules rules;
    private final Optional<Duration> reclaimAfter;
    private final FreeAddresses free;
    private final Subnet subnet;

    /** Leases that end, or did; empty when they are never reclaimed. */
    private final TreeSet<Lease> ending = new TreeSet<>(BY_END);

    private final TreeSet<Lease> released = new TreeSet<>(BY_START);

    private final TreeSet<Lease> quarantined = new TreeSet<>(BY_END);

    /** Until when addresses are doubtful whose quarantine was cut short, the one cut first before others. */
    private final LinkedHashMap<Ipv4, Instant> doubtful = new LinkedHashMap<>();

    /** The doubtful ones that are nobody's, the longest so before others. */
    private final LinkedHashSet<Ipv4> lastResort = new LinkedHashSet<>();

    Shelf(Subnet subnet, AddressRules rules) {
        this.rules = rules;
        this.subnet = subnet;
        this.reclaimAfter = subnet.reclaimAfter();
        this.free = new FreeAddresses(subnet.pool());
    }

    /** Files an address of which nothing is known. */
    void addUnknown(Ipv4 address) {
        if (rules.permitsAnybody(address)) {
            if (doubtful.containsKey(address)) {
                lastResort.add(address);
            } else {
                free.add(address);
            }
        }
    }

    /**
     * Remembers, without filing it, that a quarantine was cut short: its address may still be in use by a stranger. Were it
     * given like any other, the lowest addresses would go back and forth between offer and quarantine for ever.
     */
    void doubt(Lease quarantine) {
        doubtful.remove(quarantine.address());
        doubtful.put(quarantine.address(), quarantine.until());
    }

    boolean isDoubtful(Ipv4 address) {
        return doubtful.containsKey(address);
    }

    void add(Lease lease, Instant now) {
        if (lease.reserved()) {
            return;
        }
        if (lease.state() == Lease.State.DECLINED) {
            addDeclined(lease, now);
        } else if (!rules.permitsAnybody(lease.address())) {
            return;
        } else if (lease.state() == Lease.State.RELEASED) {
            released.add(lease);
        } else if (reclaimAfter.isPresent() && !lease.until().equals(Instant.MAX)) {
            ending.add(lease);
        }
    }

    private void addDeclined(Lease lease, Instant now) {
        if (lease.rests(now)) {
            quarantined.add(lease);
        } else {
            addUnknown(lease.address());
        }
    }

    void remove(Ipv4 address, Optional<Lease> known) {
        free.remove(address);
        lastResort.remove(address);
        known.ifPresent(lease -> {
            ending.remove(lease);
            released.remove(lease);
            quarantined.remove(lease);
        });
    }

    /** Frees the addresses that have rested long enough. */
    void endQuarantines(Instant now) {
        while (!quarantined.isEmpty() && !quarantined.first().rests(now)) {
            addUnknown(quarantined.pollFirst().address());
        }
        while (!doubtful.isEmpty() && !now.isBefore(firstDoubt().getValue())) {
            Ipv4 address = firstDoubt().getKey();
            doubtful.remove(address);
            if (lastResort.remove(address)) {
                free.add(address);
            }
        }
    }

    private Map.Entry<Ipv4, Instant> firstDoubt() {
        return doubtful.entrySet().iterator().next();
    }

    /**
     * The address for a machine that has none: one that never was anybody's, by {@link Allocation}; else the one whose lease ended the
     * longest ago, if that is long enough; else the one given back the longest ago; else one that was found in use, and
     * did not rest as long as it should.
     */
    Optional<Ipv4> next(ClientKey client, Instant now) {
        return unused(client)
                .or(() -> longestEnded(now))
                .or(() -> first(released))
                .or(() -> lastResort.stream().findFirst());
    }

    private Optional<Ipv4> unused(ClientKey client) {
        return subnet.pool().count() == 0
                ? Optional.empty()
                : free.from(subnet.allocation().start(client, subnet.pool().count()));
    }

    private Optional<Ipv4> longestEnded(Instant now) {
        return ending.isEmpty() || !isReclaimable(ending.first(), now) ? Optional.empty() : first(ending);
    }

    private static Optional<Ipv4> first(TreeSet<Lease> leases) {
        return leases.isEmpty() ? Optional.empty() : Optional.of(leases.first().address());
    }

    /** True when the address of another machine may be taken over. */
    boolean mayPass(Lease lease, Instant now) {
        return free.count() == 0
                && !lease.reserved()
                && (lease.state() == Lease.State.RELEASED || isReclaimable(lease, now));
    }

    private boolean isReclaimable(Lease lease, Instant now) {
        return lease.isGranted()
                && !lease.until().equals(Instant.MAX)
                && reclaimAfter
                        .filter(rest -> Duration.between(lease.until(), now).compareTo(rest) >= 0)
                        .isPresent();
    }

    int quarantined() {
        return quarantined.size();
    }

    /** The {@code count} quarantines that end first, or as many as there are. */
    List<Lease> oldestQuarantines(int count) {
        return new ArrayList<>(quarantined.stream().limit(count).toList());
    }
}

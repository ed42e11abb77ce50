package org.jbootd.domain.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jbootd.domain.lease.AddressPool;
import org.jbootd.domain.lease.Allocation;
import org.jbootd.domain.lease.Reservation;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;

/** The networks of a run: small pools with all the traps in them. */
final class Networks {

    /** How long what is drawn may last. */
    record Times(Duration longestLease, Duration longestQuarantine, Duration longestRest) {

        /** After this time without a word from anybody everything that ends has ended. */
        Duration longestMemory() {
            return longestLease.plus(longestQuarantine).plus(longestRest);
        }
    }

    static final Times USUAL = new Times(Duration.ofHours(1), Duration.ofMinutes(20), Duration.ofMinutes(10));

    /** Of {@link #hastenedBy} and {@link #sharedBy}. */
    static final Times HASTENED = new Times(Duration.ofMinutes(5), Duration.ofMinutes(2), Duration.ofMinutes(2));

    private Networks() {}

    static List<Subnet> drawnBy(Chance chance) {
        List<Subnet> subnets = new ArrayList<>();
        int count = chance.between(1, 2);
        for (int i = 0; i < count; i++) {
            subnets.add(subnet(chance, i));
        }
        return subnets;
    }

    /** With leases that are renewed often. */
    static List<Subnet> hastenedBy(Chance chance) {
        return drawnBy(chance).stream().map(subnet -> hastened(subnet, chance)).toList();
    }

    /** The same networks as each of several servers sees them: with an address of its own, and the others' kept free. */
    static List<List<Subnet>> sharedBy(int servers, Chance chance) {
        List<Subnet> networks = hastenedBy(chance);
        Allocation allocation = chance.of(0.7) ? Allocation.HASHED : Allocation.SEQUENTIAL;
        List<List<Subnet>> views = new ArrayList<>();
        for (int i = 0; i < servers; i++) {
            int number = i;
            views.add(networks.stream()
                    .map(subnet -> view(subnet, number, servers, allocation))
                    .toList());
        }
        return views;
    }

    private static Subnet hastened(Subnet subnet, Chance chance) {
        return subnet.but()
                .leaseTime(Duration.ofSeconds(chance.between(20, (int) HASTENED.longestLease.toSeconds())))
                .declineTimeout(Duration.ofSeconds(chance.between(10, (int) HASTENED.longestQuarantine.toSeconds())))
                .reclaimAfter(subnet.reclaimAfter()
                        .map(rest -> Duration.ofSeconds(chance.between(0, (int) HASTENED.longestRest.toSeconds()))))
                .build();
    }

    private static Subnet view(Subnet subnet, int server, int servers, Allocation allocation) {
        Set<Ipv4> taken = new LinkedHashSet<>(subnet.excluded());
        for (int i = 0; i < servers; i++) {
            taken.add(serverAddress(subnet, i));
        }
        return subnet.but()
                .server(serverAddress(subnet, server))
                .excluded(taken)
                .reservations(subnet.reservations().stream()
                        .filter(reservation -> !taken.contains(reservation.address()))
                        .toList())
                .allocation(allocation)
                .build();
    }

    private static Ipv4 serverAddress(Subnet subnet, int server) {
        return subnet.network().base().plus(56 + 2 * server);
    }

    /** Every address that one of the servers has. */
    static Set<Ipv4> servers(List<List<Subnet>> views) {
        return views.stream().flatMap(List::stream).map(Subnet::server).collect(Collectors.toSet());
    }

    /** A pool at the start of its network, at its end, or in between, with the server, a router and reservations in it. */
    private static Subnet subnet(Chance chance, int number) {
        Ipv4Network network = new Ipv4Network(Ipv4.parse("10.0." + number + ".0"), 26);
        int size = chance.between(4, 24);
        int first = chance.oneOf(List.of(0, 20, 64 - size));
        AddressPool pool = new AddressPool(network.base().plus(first), size);
        Ipv4 server = chance.of(0.5)
                ? pool.at(chance.between(0, 2) & ~1).plus(2)
                : network.base().plus(60);
        Ipv4 router = chance.of(0.5) ? pool.at(1) : network.base().plus(61);
        Set<Ipv4> taken = new LinkedHashSet<>(List.of(server, router));
        return Subnet.named("lan" + number, network, server)
                .pool(pool)
                .excluded(taken)
                .reservations(reservations(chance, network, pool, taken))
                .leaseTime(Duration.ofSeconds(chance.between(60, (int) USUAL.longestLease.toSeconds())))
                .offerTimeout(Duration.ofSeconds(chance.between(10, 60)))
                .declineTimeout(Duration.ofSeconds(chance.between(30, (int) USUAL.longestQuarantine.toSeconds())))
                .reclaimAfter(
                        chance.of(0.3)
                                ? Optional.empty()
                                : Optional.of(
                                        Duration.ofSeconds(chance.between(0, (int) USUAL.longestRest.toSeconds()))))
                .routers(List.of(router))
                .build();
    }

    private static List<Reservation> reservations(
            Chance chance, Ipv4Network network, AddressPool pool, Set<Ipv4> taken) {
        List<Reservation> reservations = new ArrayList<>();
        if (chance.of(0.5)) {
            Ipv4 inside = pool.at(pool.count() / 2);
            if (!taken.contains(inside) && network.hasHost(inside)) {
                reservations.add(new Reservation(Hardware.machine(1), inside));
            }
        }
        if (chance.of(0.5)) {
            reservations.add(new Reservation(Hardware.machine(2), network.base().plus(59 - pool.count())));
        }
        return reservations;
    }

    /** Every address that anybody may have, each once. */
    static Set<Ipv4> addresses(Subnet subnet) {
        Set<Ipv4> addresses = new LinkedHashSet<>();
        for (int i = 0; i < subnet.pool().count(); i++) {
            addresses.add(subnet.pool().at(i));
        }
        subnet.reservations().forEach(reservation -> addresses.add(reservation.address()));
        return addresses;
    }
}

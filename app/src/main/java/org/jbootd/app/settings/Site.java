package org.jbootd.app.settings;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jbootd.app.host.HostNetwork;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.domain.lease.AddressPool;
import org.jbootd.domain.lease.Reservation;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;

/**
 * A network of the configuration, and where on this host it is: {@code [bootp]}, or a {@code [subnet NAME]}.
 *
 * @param name the stable key of its leases
 * @param poolCount how many addresses are wanted from {@code pool_start} on
 */
record Site(Section section, String name, ServedNetwork served, SubnetTerms terms, int poolCount) {

    private static final int LARGEST_POOL = 1 << 20;

    /** How many addresses a section wants from {@code pool_start} on. */
    static int poolCount(Section section) {
        return section.optional("pool_count", Values.number(0, LARGEST_POOL), 10);
    }

    /** Our own addresses there, and the router's: nobody else's. */
    Set<Ipv4> excluded(HostNetworks host) {
        Set<Ipv4> excluded = new HashSet<>();
        host.all().stream()
                .map(HostNetwork::address)
                .filter(served.network()::contains)
                .forEach(excluded::add);
        terms.gateway().ifPresent(excluded::add);
        return excluded;
    }

    /** @return empty when a mistake is in the pool */
    Optional<SubnetSettings> settings(
            List<Reservation> reservations, Optional<String> wire, HostNetworks host, Optional<String> bootFile) {
        warnOfTheGateway();
        Set<Ipv4> excluded = excluded(host);
        return pool().map(pool -> {
            excluded.stream()
                    .filter(pool::contains)
                    .forEach(address -> section.warning(
                            "pool_start",
                            address + " is in the pool and in use by this server or a router; it is left out"));
            return new SubnetSettings(
                    subnet(pool, excluded, reservations, wire),
                    served.interfaces(),
                    terms.nameServers().ofHost(),
                    bootFile);
        });
    }

    private void warnOfTheGateway() {
        terms.gateway()
                .filter(gateway -> !served.network().hasHost(gateway))
                .ifPresent(gateway -> section.warning(
                        "gateway",
                        gateway + " is no machine's address in the network " + served.network()
                                + "; most machines cannot use it"));
        if (served.isRemote() && terms.tellGateway() && terms.gateway().isEmpty()) {
            section.warning(
                    "gateway",
                    "missing; machines behind a relay need their router to reach this server; write set_gateway = off if they know it");
        }
    }

    /** A section without {@code pool_start} gives reserved addresses only. */
    private Optional<AddressPool> pool() {
        if (!section.has("pool_start")) {
            if (section.has("pool_count")) {
                section.mistake("pool_count", "of no use without pool_start; give the first address to hand out");
            }
            return Optional.of(new AddressPool(served.network().base(), 0));
        }
        return section.optional("pool_start", Ipv4::parse).flatMap(this::pool);
    }

    private Optional<AddressPool> pool(Ipv4 start) {
        if (!served.network().contains(start)) {
            section.mistake(
                    "pool_start",
                    start + " is not in the network " + served.network()
                            + (section.has("netmask") ? " that netmask makes" : ""));
            return Optional.empty();
        }
        long room =
                Integer.toUnsignedLong(served.network().broadcast().bits()) - Integer.toUnsignedLong(start.bits()) + 1;
        if (poolCount > room) {
            section.mistake(
                    section.has("pool_count") ? "pool_count" : "pool_start",
                    poolCount + " addresses from " + start + " on do not fit into the network " + served.network()
                            + "; " + room + " do");
            return Optional.empty();
        }
        return Optional.of(new AddressPool(start, poolCount));
    }

    private Subnet subnet(AddressPool pool, Set<Ipv4> excluded, List<Reservation> reservations, Optional<String> wire) {
        return Subnet.named(name, served.network(), served.server())
                .pool(pool)
                .excluded(excluded)
                .reservations(reservations)
                .leaseTime(terms.leaseTime())
                .offerTimeout(terms.offerTimeout())
                .declineTimeout(terms.declineTimeout())
                .reclaimAfter(terms.reclaimAfter())
                .routers(routers())
                .nameServers(terms.nameServers().fixed())
                .domainName(terms.domain())
                .sharedNetwork(wire)
                .options(terms.options())
                .build();
    }

    /** On our own wire this host, unless the file names another. */
    private List<Ipv4> routers() {
        if (!terms.tellGateway()) {
            return List.of();
        }
        return terms.gateway().or(() -> served.isRemote() ? Optional.empty() : Optional.of(served.server())).stream()
                .toList();
    }
}

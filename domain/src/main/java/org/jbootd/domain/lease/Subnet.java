package org.jbootd.domain.lease;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;

/**
 * A network this server gives addresses of, and what it tells machines on it.
 *
 * @param name stable key, as stored with each lease
 * @param server our own address as clients of this network reach it: server identifier, next server
 * @param excluded addresses of the pool that nobody gets: our own, the routers'
 * @param leaseTime as clients are told, whole seconds, at least 1; {@link Lease#FOREVER} for an infinite lease
 * @param offerTimeout how long an offer holds its address
 * @param declineTimeout how long a declined address rests
 * @param reclaimAfter how long after its end a lease still keeps its address; empty = for ever
 */
public record Subnet(
        String name,
        Ipv4Network network,
        Ipv4 server,
        AddressPool pool,
        Set<Ipv4> excluded,
        List<Reservation> reservations,
        Duration leaseTime,
        Duration offerTimeout,
        Duration declineTimeout,
        Optional<Duration> reclaimAfter,
        List<Ipv4> routers,
        List<Ipv4> nameServers,
        Optional<String> domainName) {

    public Subnet {
        excluded = Set.copyOf(excluded);
        reservations = List.copyOf(reservations);
        routers = List.copyOf(routers);
        nameServers = List.copyOf(nameServers);
        if (leaseTime.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("a lease lasts at least one second, not " + leaseTime);
        }
    }
}

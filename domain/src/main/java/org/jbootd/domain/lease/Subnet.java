package org.jbootd.domain.lease;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;
import org.jbootd.domain.net.Octets;

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
 * @param sharedNetwork the wire that it shares with the subnets that name the same: a machine there may have an address of
 *     any of them; empty when it is alone
 * @param allocation which address a new machine gets
 * @param options further DHCP options for machines that ask for them, by number, as they are sent (RFC 2132)
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
        Optional<String> domainName,
        Optional<String> sharedNetwork,
        Allocation allocation,
        Map<Integer, Octets> options) {

    public Subnet {
        excluded = Set.copyOf(excluded);
        reservations = List.copyOf(reservations);
        routers = List.copyOf(routers);
        nameServers = List.copyOf(nameServers);
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
        if (leaseTime.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("a lease lasts at least one second, not " + leaseTime);
        }
    }

    /** A subnet without addresses to give, with the times that are usual. */
    public static Builder named(String name, Ipv4Network network, Ipv4 server) {
        return new Builder(name, network, server);
    }

    /** Another subnet, which starts as a copy of this one. */
    public Builder but() {
        return new Builder(name, network, server)
                .pool(pool)
                .excluded(excluded)
                .reservations(reservations)
                .leaseTime(leaseTime)
                .offerTimeout(offerTimeout)
                .declineTimeout(declineTimeout)
                .reclaimAfter(reclaimAfter)
                .routers(routers)
                .nameServers(nameServers)
                .domainName(domainName)
                .sharedNetwork(sharedNetwork)
                .allocation(allocation)
                .options(options);
    }

    /** Whether machines on one wire may have addresses of this subnet or of {@code other}. */
    public boolean sharesItsWireWith(Subnet other) {
        return name.equals(other.name) || sharedNetwork.isPresent() && sharedNetwork.equals(other.sharedNetwork);
    }

    /** Collects what makes a subnet. */
    public static final class Builder {

        private final String name;
        private final Ipv4Network network;
        private Ipv4 server;
        private AddressPool pool;
        private Set<Ipv4> excluded = Set.of();
        private List<Reservation> reservations = List.of();
        private Duration leaseTime = Duration.ofDays(1);
        private Duration offerTimeout = Duration.ofMinutes(1);
        private Duration declineTimeout = Duration.ofDays(1);
        private Optional<Duration> reclaimAfter = Optional.empty();
        private List<Ipv4> routers = List.of();
        private List<Ipv4> nameServers = List.of();
        private Optional<String> domainName = Optional.empty();
        private Optional<String> sharedNetwork = Optional.empty();
        private Allocation allocation = Allocation.SEQUENTIAL;
        private Map<Integer, Octets> options = Map.of();

        private Builder(String name, Ipv4Network network, Ipv4 server) {
            this.name = name;
            this.network = network;
            this.server = server;
            this.pool = new AddressPool(network.base(), 0);
        }

        public Builder server(Ipv4 own) {
            server = own;
            return this;
        }

        public Builder pool(AddressPool addresses) {
            pool = addresses;
            return this;
        }

        public Builder excluded(Set<Ipv4> addresses) {
            excluded = addresses;
            return this;
        }

        public Builder reservations(List<Reservation> machines) {
            reservations = machines;
            return this;
        }

        public Builder leaseTime(Duration time) {
            leaseTime = time;
            return this;
        }

        public Builder offerTimeout(Duration time) {
            offerTimeout = time;
            return this;
        }

        public Builder declineTimeout(Duration time) {
            declineTimeout = time;
            return this;
        }

        public Builder reclaimAfter(Optional<Duration> time) {
            reclaimAfter = time;
            return this;
        }

        public Builder routers(List<Ipv4> addresses) {
            routers = addresses;
            return this;
        }

        public Builder nameServers(List<Ipv4> addresses) {
            nameServers = addresses;
            return this;
        }

        public Builder domainName(Optional<String> domain) {
            domainName = domain;
            return this;
        }

        public Builder sharedNetwork(Optional<String> wire) {
            sharedNetwork = wire;
            return this;
        }

        public Builder allocation(Allocation order) {
            allocation = order;
            return this;
        }

        public Builder options(Map<Integer, Octets> byNumber) {
            options = byNumber;
            return this;
        }

        public Subnet build() {
            return new Subnet(
                    name,
                    network,
                    server,
                    pool,
                    excluded,
                    reservations,
                    leaseTime,
                    offerTimeout,
                    declineTimeout,
                    reclaimAfter,
                    routers,
                    nameServers,
                    domainName,
                    sharedNetwork,
                    allocation,
                    options);
        }
    }
}

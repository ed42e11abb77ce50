package org.jbootd.app.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jbootd.app.host.HostNetwork;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.domain.client.UuidOrder;
import org.jbootd.domain.lease.AddressPool;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.Reservation;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.udp.notify.ListenerAddress;

/**
 * {@code [bootp]} and {@code [static_dhcp]}.
 *
 * @param subnet with the name servers that the file names, and none of the host's
 * @param hostNameServers whether machines are told this host's name servers, too
 * @param serverName for sname
 * @param notified who hears of boots and leases
 * @param uuidOrder how they are told UUIDs
 */
public record BootpSettings(
        ServedNetwork served,
        Subnet subnet,
        boolean hostNameServers,
        int port,
        int replyPort,
        boolean allowSimpleDhcp,
        boolean authoritative,
        String serverName,
        AccessSettings access,
        List<ListenerAddress> notified,
        UuidOrder uuidOrder,
        BootFileSettings bootFiles) {

    /** The name of the one subnet there is, as leases are stored with it. */
    public static final String SUBNET = "default";

    private static final Map<String, UuidOrder> UUID_ORDERS = Map.of("label", UuidOrder.LABEL, "wire", UuidOrder.WIRE);
    private static final int LARGEST_POOL = 1 << 20;

    /** @return empty when a mistake leaves nothing to serve */
    static Optional<BootpSettings> from(Sections sections, Path base, HostNetworks host) {
        Section bootp = sections.get("bootp");
        refuseWhatIsNotThere(bootp);
        Optional<Ipv4> poolStart = bootp.required("pool_start", Ipv4::parse, "give the first address to hand out");
        int count = bootp.optional("pool_count", Values.number(0, LARGEST_POOL), 10);
        Draft draft = Draft.from(bootp);
        BootFileSettings bootFiles = BootFileSettings.from(sections.get("bootfile"), bootp);
        Machines machines = Machines.from(sections.get("static_dhcp"));
        AccessSettings access = AccessSettings.from(sections, machines.hardware(), base, draft.uuidOrder());
        ServedNetwork.Wish wish = ServedNetwork.Wish.from(bootp);
        boolean isThere = ServedNetwork.isThere(bootp, wish, host);
        return poolStart
                .filter(start -> isThere)
                .flatMap(start -> ServedNetwork.choose(bootp, wish, start, host))
                .flatMap(served -> subnet(bootp, machines, draft, served, poolStart.get(), count, host)
                        .map(subnet -> draft.settings(served, subnet, access, bootFiles)));
    }

    private static void refuseWhatIsNotThere(Section bootp) {
        refuseOn(bootp, "ping_check", "addresses are not probed by this version; write off, or remove the line");
        refuseOn(
                bootp,
                "proxy",
                "serving beside another DHCP server is not part of this version; write off, or remove the line");
    }

    private static void refuseOn(Section bootp, String key, String why) {
        bootp.optional(key, text -> {
            if (Values.flag(text)) {
                throw new IllegalArgumentException(why);
            }
            return false;
        });
    }

    private static Optional<Subnet> subnet(
            Section bootp,
            Machines machines,
            Draft draft,
            ServedNetwork served,
            Ipv4 start,
            int count,
            HostNetworks host) {
        Set<Ipv4> excluded = excluded(served, draft, host);
        List<Reservation> reservations = machines.reservations(served, excluded);
        draft.gateway()
                .filter(gateway -> !served.network().hasHost(gateway))
                .ifPresent(gateway -> bootp.warning(
                        "gateway",
                        gateway + " is no machine's address in the network " + served.network()
                                + "; most machines cannot use it"));
        return pool(bootp, served, start, count).map(pool -> {
            excluded.stream()
                    .filter(pool::contains)
                    .forEach(address -> bootp.warning(
                            "pool_start",
                            address + " is in the pool and in use by this server or a router; it is left out"));
            return draft.subnet(served, pool, excluded, reservations);
        });
    }

    private static Optional<AddressPool> pool(Section bootp, ServedNetwork served, Ipv4 start, int count) {
        if (!served.network().contains(start)) {
            bootp.mistake("pool_start", start + " is not in the network " + served.network() + " that netmask makes");
            return Optional.empty();
        }
        long room =
                Integer.toUnsignedLong(served.network().broadcast().bits()) - Integer.toUnsignedLong(start.bits()) + 1;
        if (count > room) {
            bootp.mistake(
                    bootp.has("pool_count") ? "pool_count" : "pool_start",
                    count + " addresses from " + start + " on do not fit into the network " + served.network() + "; "
                            + room + " do");
            return Optional.empty();
        }
        return Optional.of(new AddressPool(start, count));
    }

    private static Set<Ipv4> excluded(ServedNetwork served, Draft draft, HostNetworks host) {
        Set<Ipv4> excluded = new HashSet<>();
        host.all().stream()
                .map(HostNetwork::address)
                .filter(served.network()::contains)
                .forEach(excluded::add);
        draft.gateway().ifPresent(excluded::add);
        return excluded;
    }

    /** What does not depend on the network that is served. */
    private record Draft(
            Duration leaseTime,
            Duration offerTimeout,
            Duration declineTimeout,
            Optional<Duration> reclaimAfter,
            boolean tellGateway,
            Optional<Ipv4> gateway,
            NameServers nameServers,
            List<ListenerAddress> notified,
            UuidOrder uuidOrder,
            String serverName,
            Optional<String> domain,
            int port,
            int replyPort,
            boolean allowSimpleDhcp,
            boolean authoritative) {

        static Draft from(Section bootp) {
            Function<String, Duration> leaseTime =
                    text -> Values.time(text).equals(Values.NEVER) ? Lease.FOREVER : Values.time(text);
            return new Draft(
                    bootp.optional("lease_time", leaseTime, Duration.ofDays(1)),
                    bootp.optional("offer_timeout", Values::finiteTime, Duration.ofSeconds(60)),
                    bootp.optional("decline_timeout", Values::finiteTime, Duration.ofDays(1)),
                    bootp.optional("reclaim_after", Values::time).filter(time -> !time.equals(Values.NEVER)),
                    bootp.optional("set_gateway", Values::flag, true),
                    bootp.optional("gateway", Ipv4::parse),
                    bootp.optionalEntry("dns", NameServers::from).orElse(NameServers.NONE),
                    bootp.optionalEntry("notify", Listeners::from).orElse(List.of()),
                    bootp.optional("uuid_order", Values.word(UUID_ORDERS), UuidOrder.LABEL),
                    bootp.optional("servername", Values::name, "unknown"),
                    bootp.optional("domain", Values::name),
                    bootp.optional("port", Values::port, 67),
                    bootp.optional("reply_port", Values::port, 68),
                    bootp.optional("allow_simple_dhcp", Values::flag, false),
                    bootp.optional("authoritative", Values::flag, true));
        }

        Subnet subnet(ServedNetwork served, AddressPool pool, Set<Ipv4> excluded, List<Reservation> reservations) {
            List<Ipv4> routers = tellGateway ? List.of(gateway.orElse(served.server())) : List.of();
            return new Subnet(
                    SUBNET,
                    served.network(),
                    served.server(),
                    pool,
                    excluded,
                    reservations,
                    leaseTime,
                    offerTimeout,
                    declineTimeout,
                    reclaimAfter,
                    routers,
                    nameServers.fixed(),
                    domain);
        }

        BootpSettings settings(ServedNetwork served, Subnet subnet, AccessSettings access, BootFileSettings bootFiles) {
            return new BootpSettings(
                    served,
                    subnet,
                    nameServers.ofHost(),
                    port,
                    replyPort,
                    allowSimpleDhcp,
                    authoritative,
                    serverName + "." + domain.orElse("localdomain"),
                    access,
                    notified,
                    uuidOrder,
                    bootFiles);
        }
    }
}

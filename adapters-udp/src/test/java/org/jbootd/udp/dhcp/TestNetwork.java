package org.jbootd.udp.dhcp;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.AddressPool;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;

/** The networks that tests serve: 10.77.0.0/24 on lan0, 10.78.0.0/24 behind relays and on lan1. */
final class TestNetwork {

    static final Ipv4 SERVER = Ipv4.parse("10.77.0.1");
    static final Ipv4 FIRST = Ipv4.parse("10.77.0.100");
    static final Subnet LAN = subnet("lan", SERVER, 24, FIRST, 100);
    static final Subnet REMOTE = subnet("remote", Ipv4.parse("10.78.0.1"), 24, Ipv4.parse("10.78.0.100"), 100);
    static final ServedInterface LAN0 = new ServedInterface("lan0", SERVER, Optional.of("lan"));
    static final ServedInterface LAN1 = new ServedInterface("lan1", REMOTE.server(), Optional.of("remote"));
    static final ServedInterface UPLINK = new ServedInterface("uplink0", Ipv4.parse("10.79.0.1"), Optional.empty());

    static final DhcpSettings SETTINGS = new DhcpSettings(
            List.of(LAN0, LAN1, UPLINK),
            List.of(LAN, REMOTE),
            67,
            68,
            Optional.of("boot.example.net"),
            Optional.empty(),
            DhcpSettings.IN_FLIGHT,
            Identification.HARDWARE);

    private TestNetwork() {}

    static Subnet subnet(String name, Ipv4 server, int prefix, Ipv4 first, int count) {
        return Subnet.named(name, new Ipv4Network(server, prefix), server)
                .pool(new AddressPool(first, count))
                .excluded(Set.of(server))
                .leaseTime(Duration.ofSeconds(86_400))
                .offerTimeout(Duration.ofSeconds(30))
                .declineTimeout(Duration.ofHours(1))
                .routers(List.of(server))
                .nameServers(List.of(Ipv4.parse("10.77.0.2"), Ipv4.parse("10.77.0.3")))
                .domainName(Optional.of("example.net"))
                .build();
    }

    static Arrival broadcastOn(ServedInterface served) {
        return new Arrival(served, Ipv4.UNSPECIFIED, Ipv4.BROADCAST);
    }
}

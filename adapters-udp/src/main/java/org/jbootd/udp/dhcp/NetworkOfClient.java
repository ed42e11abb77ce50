package org.jbootd.udp.dhcp;

import java.util.Optional;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/**
 * Which subnet a client is on: that of the wire it is heard on, of its relay, or of the link that one of them selects. Holds
 * no state; threads may share it.
 */
final class NetworkOfClient {

    private final DhcpSettings settings;

    NetworkOfClient(DhcpSettings settings) {
        this.settings = settings;
    }

    /** @return empty when it is none that is served */
    Optional<Subnet> of(DhcpPacket packet, Arrival arrival) {
        return packet.giaddr().isUnspecified() ? attached(packet, arrival) : relayed(packet, arrival);
    }

    /** Of a client on our own wire, or of one behind a relay that renews past it. */
    private Optional<Subnet> attached(DhcpPacket packet, Arrival arrival) {
        Optional<Subnet> wire = arrival.via().subnet().flatMap(settings::subnetNamed);
        Optional<Subnet> selected = selected(packet)
                .filter(one -> wire.filter(one::sharesItsWireWith).isPresent());
        // Where a client behind a relay sits is told by ciaddr only (RFC 2131 §4.3.2, RFC 3046 §2.2).
        Optional<Subnet> own =
                settings.isUnicast(arrival.destination()) ? settings.subnetOf(packet.ciaddr()) : Optional.empty();
        return own.or(() -> selected).or(() -> wire);
    }

    /**
     * The subnet of the relay, or the one that it (RFC 3527) or the client (RFC 3011) selects, the relay's word going first
     * (RFC 3527 §3). Replies go to giaddr, so it must be a host of a served subnet, or at least the very sender when a link
     * is selected: we throw no replies at strangers.
     */
    private Optional<Subnet> relayed(DhcpPacket packet, Arrival arrival) {
        Ipv4 giaddr = packet.giaddr();
        Optional<Ipv4> link = RelayInformation.linkSelection(packet.options()).or(() -> selection(packet));
        if (link.isEmpty()) {
            return settings.subnetOf(giaddr);
        }
        boolean trusted = settings.subnetOf(giaddr).isPresent() || giaddr.isHost() && giaddr.equals(arrival.source());
        return trusted ? settings.subnetAround(link.get()) : Optional.empty();
    }

    private static Optional<Ipv4> selection(DhcpPacket packet) {
        return packet.options().address(OptionCode.SUBNET_SELECTION);
    }

    private Optional<Subnet> selected(DhcpPacket packet) {
        return selection(packet).flatMap(settings::subnetAround);
    }

    /** The client's selection, which comes back to it if it is answered so, and only then (RFC 3011 §2). */
    Optional<Octets> honoured(DhcpPacket request, Subnet subnet) {
        return selected(request)
                .filter(subnet::sharesItsWireWith)
                .flatMap(same -> request.options().get(OptionCode.SUBNET_SELECTION));
    }
}

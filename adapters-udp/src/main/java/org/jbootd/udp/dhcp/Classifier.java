package org.jbootd.udp.dhcp;

import java.util.Optional;
import org.jbootd.domain.client.BootProtocol;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.ClientMessage.BootDiscover;
import org.jbootd.domain.client.ClientMessage.BootRequest;
import org.jbootd.domain.client.ClientMessage.Bootp;
import org.jbootd.domain.client.ClientMessage.Decline;
import org.jbootd.domain.client.ClientMessage.Discover;
import org.jbootd.domain.client.ClientMessage.Inform;
import org.jbootd.domain.client.ClientMessage.Rebind;
import org.jbootd.domain.client.ClientMessage.Reboot;
import org.jbootd.domain.client.ClientMessage.Release;
import org.jbootd.domain.client.ClientMessage.Renew;
import org.jbootd.domain.client.ClientMessage.Select;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.exchange.Reason;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/** Tells from a packet, and from how it came, what its sender wants. Holds no state; threads may share it. */
public final class Classifier {

    private final DhcpSettings settings;
    private final NetworkOfClient network;

    public Classifier(DhcpSettings settings) {
        this.settings = settings;
        this.network = new NetworkOfClient(settings);
    }

    public Classification classify(DhcpPacket packet, Arrival arrival) {
        if (packet.op() != DhcpPacket.BOOTREQUEST) {
            return new Classification.Refused(Reason.MALFORMED, "op " + packet.op() + " is no request");
        }
        if (!namesOneMachine(packet.hardwareAddress())) {
            return new Classification.Refused(Reason.MALFORMED, "its hardware address is not one machine's");
        }
        if (isForBootServer(arrival)) {
            return bootRequest(packet, arrival);
        }
        return network.of(packet, arrival)
                .map(subnet -> classify(new Incoming(packet, arrival, subnet, settings.identification())))
                .orElseGet(() -> new Classification.Refused(Reason.NO_SUBNET, origin(packet, arrival)));
    }

    private boolean isForBootServer(Arrival arrival) {
        return settings.isProxy() && settings.bootServerPort().getAsInt() == arrival.destinationPort();
    }

    /**
     * PXE 2.1 §2.2.4, §2.2.5. The machine has its address, and the answer goes where the request came from: that has to be
     * a host of a served subnet, as we throw no replies at strangers.
     */
    private Classification bootRequest(DhcpPacket packet, Arrival arrival) {
        Optional<Subnet> subnet = settings.subnetOf(arrival.source());
        if (subnet.isEmpty() || arrival.sourcePort() == 0) {
            return new Classification.Refused(
                    Reason.NO_SUBNET, arrival.source() + ":" + arrival.sourcePort() + " is on no subnet served here");
        }
        int type = packet.options().octet(OptionCode.MESSAGE_TYPE).orElse(-1);
        if (type != MessageType.REQUEST && type != MessageType.INFORM) {
            return new Classification.Refused(Reason.NOT_FOR_SERVERS, "message type " + type + " to a boot server");
        }
        return ClientFacts.protocol(packet.options())
                        .filter(BootProtocol.PXE::equals)
                        .isPresent()
                ? understood(new BootRequest(
                        new Incoming(packet, arrival, subnet.get(), settings.identification()).request(),
                        arrival.source(),
                        PxeOptions.itemIn(packet.options())))
                : new Classification.Refused(Reason.LEFT_TO_DHCP, "no PXEClient");
    }

    /** Machines that could not be told apart would share one address, so none of them gets any. */
    private static boolean namesOneMachine(HardwareAddress hardware) {
        byte[] octets = hardware.octets().toArray();
        boolean group = hardware.type() == HardwareAddress.ETHERNET && octets.length > 0 && (octets[0] & 1) != 0;
        int all = 0;
        for (byte octet : octets) {
            all |= octet;
        }
        return all != 0 && !group;
    }

    private static String origin(DhcpPacket packet, Arrival arrival) {
        return packet.giaddr().isUnspecified()
                ? arrival.via().device() + " has no subnet of its own"
                : "relay " + packet.giaddr() + " is on no subnet served here";
    }

    private Classification classify(Incoming in) {
        Options options = in.packet.options();
        if (!options.has(OptionCode.MESSAGE_TYPE)) {
            return atHome(in, in.packet.ciaddr(), new Bootp(in.request(), in.packet.ciaddr()));
        }
        int type = options.octet(OptionCode.MESSAGE_TYPE).orElse(-1);
        switch (type) {
            case MessageType.DISCOVER:
                return discover(in);
            case MessageType.REQUEST:
                return request(in);
            case MessageType.DECLINE:
                return decline(in);
            case MessageType.RELEASE:
                return release(in);
            case MessageType.INFORM:
                return inform(in);
            case -1:
                return malformed("option 53 has not one octet");
            default:
                return new Classification.Refused(Reason.NOT_FOR_SERVERS, "message type " + type);
        }
    }

    private Classification discover(Incoming in) {
        Options options = in.packet.options();
        Optional<BootProtocol> protocol = settings.isProxy() ? ClientFacts.protocol(options) : Optional.empty();
        return understood(
                protocol.isPresent()
                        ? new BootDiscover(in.request(), protocol.get())
                        : new Discover(in.request(), options.address(OptionCode.REQUESTED_ADDRESS)));
    }

    /** RFC 2131 §4.3.2, table 4. */
    private Classification request(Incoming in) {
        Optional<Ipv4> wanted = in.packet.options().address(OptionCode.REQUESTED_ADDRESS);
        Ipv4 ciaddr = in.packet.ciaddr();
        Ipv4 address = wanted.orElse(ciaddr);
        Optional<Ipv4> server = server(in, address);
        if (server.isPresent()) {
            return address.isUnspecified()
                    ? malformed("REQUEST selects no address")
                    : understood(new Select(in.request(), server.get(), address));
        }
        if (!ciaddr.isUnspecified()) {
            boolean renewing = in.packet.giaddr().isUnspecified() && settings.isUnicast(in.arrival.destination());
            return understood(renewing ? new Renew(in.request(), ciaddr) : new Rebind(in.request(), ciaddr));
        }
        return wanted.map(former -> understood(new Reboot(in.request(), former)))
                .orElseGet(() -> malformed("REQUEST names no address"));
    }

    private Classification decline(Incoming in) {
        return in.packet
                .options()
                .address(OptionCode.REQUESTED_ADDRESS)
                .map(address -> understood(new Decline(in.request(), server(in, address), address)))
                .orElseGet(() -> malformed("DECLINE names no address"));
    }

    private Classification release(Incoming in) {
        Ipv4 ciaddr = in.packet.ciaddr();
        return ciaddr.isUnspecified()
                ? malformed("RELEASE names no address")
                : understood(new Release(in.request(), server(in, ciaddr), ciaddr));
    }

    /**
     * The server that a message names: by our own address, even where the relay has its clients know us by another (RFC
     * 5107 §4).
     *
     * @param about the address that it is about; networks that share a wire may know us by different ones
     */
    private Optional<Ipv4> server(Incoming in, Ipv4 about) {
        Ipv4 own = settings.subnetOf(about)
                .filter(in.subnet::sharesItsWireWith)
                .orElse(in.subnet)
                .server();
        Optional<Ipv4> override = RelayInformation.serverIdentifierOverride(in.packet);
        return in.packet
                .options()
                .address(OptionCode.SERVER_IDENTIFIER)
                .map(named -> override.filter(named::equals).isPresent() || isRelayOfItsOwn(in, named) ? own : named);
    }

    /**
     * What a client says to who it takes for its server may come past its relay, and then nothing tells that the relay had
     * put its own address in our place. It is for us if the datagram was sent to us from the client's own address, on a
     * network of relays, and what it names is an address of that network.
     */
    private boolean isRelayOfItsOwn(Incoming in, Ipv4 named) {
        Optional<Subnet> wire = in.arrival.via().subnet().flatMap(settings::subnetNamed);
        return in.packet.giaddr().isUnspecified()
                && in.arrival.destination().equals(in.subnet.server())
                && in.arrival.source().equals(in.packet.ciaddr())
                && in.subnet.network().hasHost(named)
                && wire.filter(in.subnet::sharesItsWireWith).isEmpty();
    }

    /** RFC 2131 §4.3.5; some clients leave ciaddr zero, and only the datagram tells their address. */
    private Classification inform(Incoming in) {
        Ipv4 ciaddr = in.packet.ciaddr();
        Ipv4 address = ciaddr.isUnspecified() && in.packet.giaddr().isUnspecified() ? in.arrival.source() : ciaddr;
        return address.isUnspecified()
                ? malformed("INFORM names no address")
                : atHome(in, address, new Inform(in.request(), address));
    }

    /** The reply would go to the address that the client claims: it must be one of its wire. */
    private Classification atHome(Incoming in, Ipv4 claimed, ClientMessage message) {
        boolean isHome = claimed.isUnspecified()
                || settings.subnets().stream()
                        .anyMatch(subnet -> subnet.sharesItsWireWith(in.subnet)
                                && subnet.network().hasHost(claimed));
        return isHome
                ? understood(message)
                : new Classification.Refused(
                        Reason.WRONG_NETWORK, claimed + " is no address of " + in.subnet.network());
    }

    private static Classification understood(ClientMessage message) {
        return new Classification.Understood(message);
    }

    private static Classification malformed(String detail) {
        return new Classification.Refused(Reason.MALFORMED, detail);
    }

    /** A packet whose subnet is known. */
    private record Incoming(DhcpPacket packet, Arrival arrival, Subnet subnet, Identification identification) {

        Request request() {
            Options options = packet.options();
            return new Request(
                    packet.xid(),
                    ClientFacts.identity(packet).by(identification),
                    ClientFacts.stage(options),
                    subnet.name(),
                    packet.giaddr(),
                    ClientFacts.architectures(options),
                    ClientFacts.hostName(options),
                    ClientFacts.remembered(options, OptionCode.RELAY_INFORMATION));
        }
    }
}

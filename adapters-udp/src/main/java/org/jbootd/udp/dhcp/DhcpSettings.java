package org.jbootd.udp.dhcp;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;

/**
 * What the DHCP service needs to know of its surroundings.
 *
 * @param interfaces at least one, no device twice
 * @param subnets every subnet served, on our own wires and behind relays
 * @param port where requests arrive, and where relays take replies: 67
 * @param replyPort where clients take replies: 68
 * @param serverName for {@code sname}; cut at 63 octets
 * @param fileServer where boot files are, when that is not the server's address in the client's subnet
 * @param bootServerPort {@link #BOOT_SERVER_PORT} beside another DHCP server, where this one gives boot information only;
 *     empty for a server of addresses
 * @param inFlight how many requests may wait for their answer at the same time; more are dropped
 * @param identification what clients are known by
 */
public record DhcpSettings(
        List<ServedInterface> interfaces,
        List<Subnet> subnets,
        int port,
        int replyPort,
        Optional<String> serverName,
        Optional<Ipv4> fileServer,
        int inFlight,
        OptionalInt bootServerPort,
        Identification identification) {

    public static final int SERVER_PORT = 67;
    public static final int CLIENT_PORT = 68;

    /** Where PXE firmware asks boot servers (PXE 2.1 §2.2.4). */
    public static final int BOOT_SERVER_PORT = 4011;

    public static final int IN_FLIGHT = 10_000;

    public DhcpSettings {
        interfaces = List.copyOf(interfaces);
        subnets = List.copyOf(subnets);
        if (interfaces.isEmpty()) {
            throw new IllegalArgumentException("there is no interface to serve");
        }
        if (interfaces.stream().map(ServedInterface::device).distinct().count() != interfaces.size()) {
            throw new IllegalArgumentException("an interface is named twice: " + interfaces);
        }
        Set<String> known = subnets.stream().map(Subnet::name).collect(Collectors.toSet());
        for (ServedInterface served : interfaces) {
            if (!known.containsAll(served.subnet().stream().toList())) {
                throw new IllegalArgumentException(served + " names a subnet that is not there");
            }
        }
    }

    /** A server of addresses. */
    public DhcpSettings(
            List<ServedInterface> interfaces,
            List<Subnet> subnets,
            int port,
            int replyPort,
            Optional<String> serverName,
            Optional<Ipv4> fileServer,
            int inFlight,
            Identification identification) {
        this(
                interfaces,
                subnets,
                port,
                replyPort,
                serverName,
                fileServer,
                inFlight,
                OptionalInt.empty(),
                identification);
    }

    /** Whether another server gives the addresses. */
    boolean isProxy() {
        return bootServerPort.isPresent();
    }

    /** The narrowest subnet that {@code address} is a host of. */
    Optional<Subnet> subnetOf(Ipv4 address) {
        return narrowest(network -> network.hasHost(address));
    }

    /** The narrowest subnet that contains {@code address}, be it the network's own. */
    Optional<Subnet> subnetAround(Ipv4 address) {
        return narrowest(network -> network.contains(address));
    }

    private Optional<Subnet> narrowest(Predicate<Ipv4Network> fits) {
        return subnets.stream()
                .filter(subnet -> fits.test(subnet.network()))
                .max(Comparator.comparingInt(subnet -> subnet.network().prefix()));
    }

    /** Whether a datagram to {@code destination} was meant for one host, as far as the networks that are served tell. */
    boolean isUnicast(Ipv4 destination) {
        return !destination.equals(Ipv4.BROADCAST)
                && subnets.stream()
                        .map(Subnet::network)
                        .noneMatch(network ->
                                network.prefix() < 31 && network.broadcast().equals(destination));
    }

    Optional<Subnet> subnetNamed(String name) {
        return subnets.stream().filter(subnet -> subnet.name().equals(name)).findFirst();
    }
}

package org.jbootd.app.host;

import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;

/** The IPv4 networks that this host is on, loopback included, in the system's order: an interface's
 * main address comes before its further ones. */
public record HostNetworks(List<HostNetwork> all) {

    public HostNetworks {
        all = List.copyOf(all);
    }

    /** As they are now. Interfaces that are down, or have no IPv4 address with a netmask, are not among them. */
    public static HostNetworks ofThisHost() {
        List<HostNetwork> found = new ArrayList<>();
        try {
            for (NetworkInterface device : inTheirOrder()) {
                if (device.isUp()) {
                    List<InterfaceAddress> addresses = new ArrayList<>(device.getInterfaceAddresses());
                    Collections.reverse(addresses); // Java lists the one added last first
                    addresses.forEach(address -> add(device, address, found));
                }
            }
        } catch (SocketException problem) {
            throw new UncheckedIOException("the network interfaces of this host could not be listed", problem);
        }
        return new HostNetworks(found);
    }

    private static List<NetworkInterface> inTheirOrder() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
                .toList();
    }

    private static void add(NetworkInterface device, InterfaceAddress address, List<HostNetwork> found) {
        int prefix = address.getNetworkPrefixLength();
        if (address.getAddress() instanceof Inet4Address && prefix > 0 && prefix <= 32) {
            Ipv4 own = Ipv4.of(address.getAddress().getAddress());
            found.add(new HostNetwork(device.getName(), own, new Ipv4Network(own, prefix)));
        }
    }

    public boolean hasAddress(Ipv4 address) {
        return all.stream().anyMatch(network -> network.address().equals(address));
    }

    public boolean hasDevice(String device) {
        return all.stream().anyMatch(network -> network.device().equals(device));
    }

    @Override
    public String toString() {
        return all.isEmpty() ? "none" : all.stream().map(HostNetwork::toString).collect(Collectors.joining(", "));
    }
}

package org.jbootd.app.settings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jbootd.app.host.HostNetwork;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;

/**
 * A network that addresses are given of, and the interfaces it is reached by: none when that is by relays.
 *
 * @param server our own address, as its machines and relays know it
 * @param network by the interface's netmask, or the one that the file names
 */
public record ServedNetwork(List<HostNetwork> interfaces, Ipv4 server, Ipv4Network network) {

    public ServedNetwork {
        interfaces = List.copyOf(interfaces);
    }

    /** Whether its machines come through relays. */
    boolean isRemote() {
        return interfaces.isEmpty();
    }

    /** What the file says of the network beside {@code pool_start}. */
    record Wish(Optional<List<String>> devices, Optional<Ipv4> own, Optional<Ipv4> netmask) {

        static Wish from(Section bootp) {
            return new Wish(
                    bootp.optional("interface", Values::list),
                    bootp.optional("address", Ipv4::parse).filter(address -> !address.isUnspecified()),
                    bootp.optional(
                            "netmask",
                            text -> Ipv4Network.of(Ipv4.UNSPECIFIED, Ipv4.parse(text))
                                    .mask()));
        }
    }

    /** Whether this host has what is wished for; says so if not. */
    static boolean isThere(Section bootp, Wish wish, HostNetworks host) {
        Optional<Ipv4> own = wish.own();
        List<String> unknown = wish.devices().orElse(List.of()).stream()
                .filter(device -> !host.hasDevice(device))
                .toList();
        if (!unknown.isEmpty()) {
            bootp.mistake(
                    "interface",
                    "no interface '" + String.join("', '", unknown) + "' is up with an IPv4 address; this host has "
                            + host);
        }
        boolean foreign = own.isPresent() && !host.hasAddress(own.get());
        if (foreign) {
            bootp.mistake("address", own.get() + " is not an address of this host; it has " + host);
        }
        return unknown.isEmpty() && !foreign;
    }

    /** Chosen by {@code pool_start}, among the interfaces that {@code interface} and {@code address} leave. */
    static Optional<ServedNetwork> choose(Section bootp, Wish wish, Ipv4 poolStart, HostNetworks host) {
        Optional<List<String>> devices = wish.devices();
        Optional<Ipv4> own = wish.own();
        List<HostNetwork> candidates = host.all().stream()
                .filter(network -> network.network().contains(poolStart))
                .filter(network -> devices.isEmpty() || devices.get().contains(network.device()))
                .filter(network -> own.isEmpty() || own.get().equals(network.address()))
                .sorted(Comparator.comparingInt(
                        network -> devices.orElse(List.of()).indexOf(network.device())))
                .toList();
        if (candidates.isEmpty()) {
            bootp.mistake("pool_start", poolStart + " is on " + noneOf(devices, own) + host);
            return Optional.empty();
        }
        HostNetwork first = candidates.get(0);
        Ipv4Network network = wish.netmask()
                .map(mask -> Ipv4Network.of(first.address(), mask))
                .orElse(first.network());
        if (!network.equals(first.network())) {
            bootp.warning("netmask", "the interface has another: " + first);
        }
        return Optional.of(new ServedNetwork(
                devices.isPresent() ? onePerDevice(candidates) : List.of(first), first.address(), network));
    }

    private static String noneOf(Optional<List<String>> devices, Optional<Ipv4> own) {
        return devices.isEmpty() && own.isEmpty()
                ? "none of this host's networks: "
                : "no network of the " + (devices.isPresent() ? "interface" : "address")
                        + " named here; this host has ";
    }

    static List<HostNetwork> onePerDevice(List<HostNetwork> candidates) {
        List<HostNetwork> chosen = new ArrayList<>();
        for (HostNetwork candidate : candidates) {
            if (chosen.stream().noneMatch(other -> other.device().equals(candidate.device()))) {
                chosen.add(candidate);
            }
        }
        return chosen;
    }
}

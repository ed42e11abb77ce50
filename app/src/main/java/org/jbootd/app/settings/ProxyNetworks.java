package org.jbootd.app.settings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jbootd.app.host.HostNetwork;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4Network;

/**
 * The networks of a server that gives boot information only ({@code proxy = on}): those that its interfaces are on, and each
 * {@code [subnet NAME]}, most of them behind relays.
 */
final class ProxyNetworks {

    private static final String OF_NO_USE = "of no use with proxy = on, which leaves addresses to another server";

    private static final Set<String> KEYS = Set.of(
            "interface",
            "address",
            "port",
            "reply_port",
            "boot_file",
            "servername",
            "domain",
            "access",
            "shadow",
            "access_dir",
            "uuid_order",
            "timeout",
            "proxy");

    private static final Set<String> KEYS_OF_A_SUBNET = Set.of("network", "address", "boot_file");
    private static final Set<String> KEYS_OF_A_HOST = Set.of("mac", "uuid", "boot_file");

    private ProxyNetworks() {}

    /** Every key and section that has a meaning with addresses only. */
    static void warnOfWhatIsOfNoUse(Sections sections) {
        sections.get("bootp").warnOfAllBut(KEYS, OF_NO_USE);
        sections.named("subnet").values().forEach(section -> section.warnOfAllBut(KEYS_OF_A_SUBNET, OF_NO_USE));
        sections.named("host").values().forEach(section -> section.warnOfAllBut(KEYS_OF_A_HOST, OF_NO_USE));
        if (sections.get("leases").isThere()) {
            sections.get("leases").warning(OF_NO_USE);
        }
        if (sections.get("static_dhcp").isThere()) {
            sections.get("static_dhcp").warning("the addresses are " + OF_NO_USE);
        }
    }

    /** @return empty when a mistake leaves nothing to serve */
    static Optional<Subnets> from(Sections sections, HostNetworks host) {
        Section bootp = sections.get("bootp");
        ServedNetwork.Wish wish = ServedNetwork.Wish.from(bootp);
        if (!ServedNetwork.isThere(bootp, wish, host)) {
            return Optional.empty();
        }
        List<HostNetwork> wires = wires(wish, host);
        if (wires.isEmpty()) {
            bootp.mistake("interface", "no interface but loopback is up with an IPv4 address; this host has " + host);
            return Optional.empty();
        }
        Map<String, Section> named = sections.named("subnet");
        List<Site> sites = new ArrayList<>();
        named.forEach((name, section) -> new NamedSubnet(name, section, SubnetTerms.USUAL, wish, host)
                .site(Optional.empty())
                .ifPresent(sites::add));
        if (sites.size() < named.size() || Subnets.overlap(sites)) {
            return Optional.empty();
        }
        List<SubnetSettings> all = new ArrayList<>();
        sites.forEach(site -> all.add(settings(site)));
        all.addAll(attached(wires, sites, host));
        return Optional.of(new Subnets(all, wires));
    }

    /** An address of each interface that is served: {@code address} where it is there, else the main one. */
    private static List<HostNetwork> wires(ServedNetwork.Wish wish, HostNetworks host) {
        if (wish.devices().isEmpty() && wish.own().isEmpty()) {
            return NamedSubnet.everyWire(host);
        }
        List<HostNetwork> candidates = host.all().stream()
                .filter(network -> wish.devices()
                        .map(devices -> devices.contains(network.device()))
                        .orElseGet(() -> wish.own().get().equals(network.address())))
                .sorted(Comparator.comparing(network -> !wish.own().equals(Optional.of(network.address()))))
                .toList();
        return ServedNetwork.onePerDevice(candidates);
    }

    private static SubnetSettings settings(Site site) {
        ServedNetwork served = site.served();
        return new SubnetSettings(
                Subnet.named(site.name(), served.network(), served.server()).build(),
                served.interfaces(),
                false,
                site.section().optional("boot_file", Values::bootFile));
    }

    /** The networks of the interfaces that no section names, each once, by the address of its first interface. */
    private static List<SubnetSettings> attached(List<HostNetwork> wires, List<Site> sites, HostNetworks host) {
        List<HostNetwork> addresses = new ArrayList<>(wires);
        host.all().stream()
                .filter(network -> wires.stream().anyMatch(wire -> wire.device().equals(network.device())))
                .forEach(addresses::add);
        List<Ipv4Network> networks = addresses.stream()
                .map(HostNetwork::network)
                .distinct()
                .filter(network ->
                        sites.stream().noneMatch(site -> site.served().network().equals(network)))
                .toList();
        return networks.stream()
                .map(network -> {
                    List<HostNetwork> on = addresses.stream()
                            .filter(address -> address.network().equals(network))
                            .toList();
                    return new SubnetSettings(
                            Subnet.named(network.toString(), network, on.get(0).address())
                                    .build(),
                            ServedNetwork.onePerDevice(on),
                            false,
                            Optional.empty());
                })
                .toList();
    }
}

package org.jbootd.app.settings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jbootd.app.host.HostNetwork;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.domain.lease.Reservation;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;

/**
 * The networks of a configuration: the one of {@code [bootp]}, and each {@code [subnet NAME]}.
 *
 * @param all in the order of the file, that of {@code [bootp]} first
 * @param interfaces on which requests are taken, each once; at least one
 */
public record Subnets(List<SubnetSettings> all, List<HostNetwork> interfaces) {

    /** The name of the network of {@code [bootp]}, as its leases are stored with it. */
    public static final String MAIN = "default";

    public Subnets {
        all = List.copyOf(all);
        interfaces = List.copyOf(interfaces);
    }

    /** @return empty when a mistake leaves nothing to serve */
    static Optional<Subnets> from(Sections sections, SubnetTerms terms, Machines machines, HostNetworks host) {
        Section bootp = sections.get("bootp");
        Map<String, Section> named = sections.named("subnet");
        Optional<Ipv4> poolStart = named.isEmpty()
                ? bootp.required("pool_start", Ipv4::parse, "give the first address to hand out")
                : bootp.optional("pool_start", Ipv4::parse);
        int poolCount = Site.poolCount(bootp);
        ServedNetwork.Wish wish = ServedNetwork.Wish.from(bootp);
        if (!ServedNetwork.isThere(bootp, wish, host)) {
            return Optional.empty();
        }
        Optional<Site> main = poolStart
                .flatMap(start -> ServedNetwork.choose(bootp, wish, start, host))
                .map(served -> new Site(bootp, MAIN, served, terms, poolCount));
        if (!named.isEmpty() && !bootp.has("pool_start")) {
            refuseWhatIsOfANetwork(bootp);
        }
        if (poolStart.isPresent() && main.isEmpty() || poolStart.isEmpty() && bootp.has("pool_start")) {
            return Optional.empty();
        }
        List<Site> sites = new ArrayList<>(main.stream().toList());
        named.forEach((name, section) -> new NamedSubnet(name, section, SubnetTerms.from(section, terms), wish, host)
                .site(main.map(Site::served))
                .ifPresent(sites::add));
        if (sites.isEmpty() || overlap(sites)) {
            return Optional.empty();
        }
        return settings(bootp, sites, machines, interfaces(bootp, sites, wish, host), host);
    }

    private static void refuseWhatIsOfANetwork(Section bootp) {
        Stream.of("pool_count", "gateway", "netmask")
                .filter(bootp::has)
                .forEach(key -> bootp.mistake(
                        key, "of no use without pool_start; it goes into the [subnet …] that it is meant for"));
    }

    static boolean overlap(List<Site> sites) {
        boolean found = false;
        for (int i = 0; i < sites.size(); i++) {
            for (Site other : sites.subList(0, i)) {
                Site site = sites.get(i);
                Ipv4Network network = site.served().network();
                Ipv4Network present = other.served().network();
                if (network.contains(present.base()) || present.contains(network.base())) {
                    site.section()
                            .mistake(
                                    "network",
                                    network + " overlaps " + present + " of ["
                                            + other.section().spelling() + "]; an address is of one network");
                    found = true;
                }
            }
        }
        return found;
    }

    private static Optional<Subnets> settings(
            Section bootp, List<Site> sites, Machines machines, List<HostNetwork> interfaces, HostNetworks host) {
        Map<Site, List<Reservation>> reservations = machines.reservations(sites, host);
        Map<Site, String> wires = wires(sites);
        List<SubnetSettings> all = new ArrayList<>();
        for (Site site : sites) {
            Optional<String> bootFile =
                    site.section() == bootp ? Optional.empty() : site.section().optional("boot_file", Values::bootFile);
            site.settings(reservations.get(site), Optional.ofNullable(wires.get(site)), host, bootFile)
                    .ifPresent(all::add);
        }
        return all.size() < sites.size() || interfaces.isEmpty()
                ? Optional.empty()
                : Optional.of(new Subnets(all, interfaces));
    }

    /** Networks of the same interface share its wire, and so do those that name the same {@code shared_network}. */
    private static Map<Site, String> wires(List<Site> sites) {
        Map<Site, String> wires = new LinkedHashMap<>();
        Map<String, Site> byDevice = new HashMap<>();
        for (Site site : sites) {
            site.section().optional("shared_network", Values::name).ifPresent(wire -> wires.put(site, wire));
            for (HostNetwork network : site.served().interfaces()) {
                Site first = byDevice.putIfAbsent(network.device(), site);
                if (first != null && first != site) {
                    share(first, site, network.device(), wires);
                }
            }
        }
        return wires;
    }

    private static void share(Site first, Site site, String device, Map<Site, String> wires) {
        String wire = wires.computeIfAbsent(first, unnamed -> wires.getOrDefault(site, device));
        String present = wires.putIfAbsent(site, wire);
        if (present != null && !present.equals(wire)) {
            site.section()
                    .mistake(
                            "shared_network",
                            "'" + present + "' is another than '" + wire + "' of ["
                                    + first.section().spelling() + "], and both are on " + device
                                    + ": give them the same, or none");
        }
    }

    /** Those that are named; else those of the networks; else all, where machines come through relays only. */
    private static List<HostNetwork> interfaces(
            Section bootp, List<Site> sites, ServedNetwork.Wish wish, HostNetworks host) {
        Map<String, HostNetwork> byDevice = new LinkedHashMap<>();
        sites.stream()
                .flatMap(site -> site.served().interfaces().stream())
                .forEach(network -> byDevice.putIfAbsent(network.device(), network));
        boolean relayed = sites.stream().anyMatch(site -> site.served().isRemote());
        if (wish.devices().isPresent()) {
            List<String> wanted = wish.devices().get();
            if (!relayed) {
                refuseIdle(bootp, wanted, byDevice, sites, host);
            }
            return wanted.stream()
                    .distinct()
                    .map(device -> byDevice.getOrDefault(device, first(device, host)))
                    .toList();
        }
        return byDevice.isEmpty() ? NamedSubnet.everyWire(host) : List.copyOf(byDevice.values());
    }

    private static HostNetwork first(String device, HostNetworks host) {
        return host.all().stream()
                .filter(network -> network.device().equals(device))
                .findFirst()
                .orElseThrow();
    }

    private static void refuseIdle(
            Section bootp, List<String> wanted, Map<String, HostNetwork> served, List<Site> sites, HostNetworks host) {
        String networks = sites.size() == 1 && sites.get(0).section() == bootp
                ? "the network of pool_start, "
                        + bootp.optional("pool_start", Ipv4::parse).orElseThrow()
                : "any network of this file";
        wanted.stream()
                .filter(device -> !served.containsKey(device))
                .forEach(device -> bootp.mistake(
                        "interface",
                        "'" + device + "' is not on " + networks
                                + ", so there are no addresses for machines on it: leave it out; this host has "
                                + host));
    }
}

package org.jbootd.app.settings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.app.ini.IniEntry;
import org.jbootd.domain.client.Host;
import org.jbootd.domain.client.Hosts;
import org.jbootd.domain.lease.Reservation;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/** {@code [static_dhcp]} and {@code [host NAME]}: machines that the file names. */
public final class Machines {

    /** An address that is one machine's, and the line that says so. */
    private record Reserved(Reservation reservation, Section section, IniEntry entry) {

        Ipv4 address() {
            return reservation.address();
        }

        String machine() {
            return reservation.owner();
        }
    }

    private final List<HostSettings> hosts;
    private final List<Reserved> reserved;

    private Machines(List<HostSettings> hosts, List<Reserved> reserved) {
        this.hosts = hosts;
        this.reserved = reserved;
    }

    /** Each address is one machine's, and each machine has one; a second one is a mistake. */
    static Machines from(Sections sections) {
        Section section = sections.get("static_dhcp");
        List<HostSettings> hosts = HostSettings.from(sections);
        Stream<Reserved> lines = section.lines(Machines::machine, Ipv4::parse).stream()
                .map(line -> new Reserved(new Reservation(line.key(), line.value()), section, line.entry()));
        Stream<Reserved> addresses = hosts.stream()
                .flatMap(host -> host.address().stream()
                        .map(address -> new Reserved(
                                reservation(host.host(), address),
                                host.section(),
                                host.section()
                                        .optionalEntry("address", Function.identity())
                                        .orElseThrow())));
        List<Reserved> reserved = Stream.concat(lines, addresses).toList();
        Map<Ipv4, Reserved> owners = new HashMap<>();
        Map<String, Reserved> owned = new HashMap<>();
        reserved.forEach(one -> {
            Reserved owner = owners.putIfAbsent(one.address(), one);
            if (owner != null) {
                one.section()
                        .mistake(
                                one.entry(),
                                one.address() + " is the address of " + owner.machine() + ", by line "
                                        + owner.entry().place().line());
            }
            Reserved other = owned.putIfAbsent(one.machine(), one);
            if (other != null) {
                one.section()
                        .mistake(
                                one.entry(),
                                one.machine() + " has an address, by line "
                                        + other.entry().place().line() + "; leave out one of them");
            }
        });
        return new Machines(hosts, reserved);
    }

    private static Reservation reservation(Host host, Ipv4 address) {
        return host.hardware()
                .map(mac -> new Reservation(mac, address))
                .or(() -> host.uuid().map(uuid -> new Reservation(uuid, address)))
                .orElseThrow();
    }

    /**
     * As people write the hardware address of a machine.
     *
     * @throws IllegalArgumentException when it is none, or no machine's
     */
    public static HardwareAddress machine(String text) {
        HardwareAddress address = HardwareAddress.parse(text);
        if (!address.isOfOneMachine()) {
            throw new IllegalArgumentException(address + " is no machine's address, but a group's or nobody's");
        }
        return address;
    }

    /** Of all that are named by it. */
    Set<HardwareAddress> hardware() {
        return Stream.concat(
                        reserved.stream().flatMap(one -> one.reservation().hardware().stream()),
                        hosts.stream().flatMap(host -> host.host().hardware().stream()))
                .collect(Collectors.toSet());
    }

    Hosts hosts() {
        return new Hosts(hosts.stream().map(HostSettings::host).toList());
    }

    /** Each address is a host of a network, and not in use by this server or a router; all else is a mistake. */
    Map<Site, List<Reservation>> reservations(List<Site> sites, HostNetworks host) {
        Map<Site, List<Reservation>> bySite = new HashMap<>();
        sites.forEach(site -> bySite.put(site, new ArrayList<>()));
        for (Reserved one : reserved) {
            Ipv4 address = one.address();
            Optional<Site> home = sites.stream()
                    .filter(site -> site.served().network().hasHost(address))
                    .findFirst();
            if (home.isEmpty()) {
                one.section().mistake(one.entry(), address + " is no machine's address in " + inWords(sites));
            } else if (home.get().excluded(host).contains(address)) {
                one.section().mistake(one.entry(), address + " is in use by this server or a router");
            } else {
                bySite.get(home.get()).add(one.reservation());
            }
        }
        return bySite;
    }

    private static String inWords(List<Site> sites) {
        return (sites.size() == 1 ? "the network " : "any of the networks ")
                + sites.stream().map(site -> site.served().network().toString()).collect(Collectors.joining(", "));
    }
}

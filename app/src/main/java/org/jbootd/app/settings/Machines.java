package org.jbootd.app.settings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.domain.lease.Reservation;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/** {@code [static_dhcp]}: machines that have an address of their own. */
record Machines(Section section, List<Section.Line<HardwareAddress, Ipv4>> lines) {

    private static final Octets NOBODY = Octets.of(new byte[6]);

    Set<HardwareAddress> hardware() {
        return lines.stream().map(Section.Line::key).collect(Collectors.toSet());
    }

    /** Each address is one machine's; a second one is a mistake. */
    static Machines from(Section section) {
        List<Section.Line<HardwareAddress, Ipv4>> lines = section.lines(Machines::machine, Ipv4::parse);
        Map<Ipv4, Section.Line<HardwareAddress, Ipv4>> owners = new HashMap<>();
        for (Section.Line<HardwareAddress, Ipv4> line : lines) {
            Section.Line<HardwareAddress, Ipv4> owner = owners.putIfAbsent(line.value(), line);
            if (owner != null) {
                section.mistake(
                        line.entry(),
                        line.value() + " is the address of " + owner.key() + ", by line "
                                + owner.entry().place().line());
            }
        }
        return new Machines(section, lines);
    }

    private static HardwareAddress machine(String text) {
        HardwareAddress address = HardwareAddress.parse(text);
        if ((address.octets().at(0) & 1) != 0 || address.octets().equals(NOBODY)) {
            throw new IllegalArgumentException(address + " is no machine's address, but a group's or nobody's");
        }
        return address;
    }

    /** Each address is a host of a network, and not in use by this server or a router; all else is a mistake. */
    Map<Site, List<Reservation>> reservations(List<Site> sites, HostNetworks host) {
        Map<Site, List<Reservation>> bySite = new HashMap<>();
        sites.forEach(site -> bySite.put(site, new ArrayList<>()));
        for (Section.Line<HardwareAddress, Ipv4> line : lines) {
            Ipv4 address = line.value();
            Optional<Site> home = sites.stream()
                    .filter(site -> site.served().network().hasHost(address))
                    .findFirst();
            if (home.isEmpty()) {
                section.mistake(line.entry(), address + " is no machine's address in " + inWords(sites));
            } else if (home.get().excluded(host).contains(address)) {
                section.mistake(line.entry(), address + " is in use by this server or a router");
            } else {
                bySite.get(home.get()).add(new Reservation(line.key(), address));
            }
        }
        return bySite;
    }

    private static String inWords(List<Site> sites) {
        return (sites.size() == 1 ? "the network " : "any of the networks ")
                + sites.stream().map(site -> site.served().network().toString()).collect(Collectors.joining(", "));
    }
}

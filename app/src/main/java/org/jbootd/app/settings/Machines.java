package org.jbootd.app.settings;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jbootd.domain.lease.Reservation;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/** {@code [static_dhcp]}: machines that have an address of their own. */
record Machines(Section section, List<Section.Line<HardwareAddress, Ipv4>> lines) {

    static Machines from(Section section) {
        return new Machines(section, section.lines(HardwareAddress::parse, Ipv4::parse));
    }

    Set<HardwareAddress> hardware() {
        return lines.stream().map(Section.Line::key).collect(Collectors.toSet());
    }

    /** Each address is a host of the network, one machine's, and not among {@code excluded}; all else is a mistake. */
    List<Reservation> reservations(ServedNetwork served, Set<Ipv4> excluded) {
        Map<Ipv4, Section.Line<HardwareAddress, Ipv4>> owners = new HashMap<>();
        for (Section.Line<HardwareAddress, Ipv4> line : lines) {
            Ipv4 address = line.value();
            Section.Line<HardwareAddress, Ipv4> owner = owners.putIfAbsent(address, line);
            if (!served.network().hasHost(address)) {
                section.mistake(line.entry(), address + " is no machine's address in the network " + served.network());
            } else if (excluded.contains(address)) {
                section.mistake(line.entry(), address + " is in use by this server or a router");
            } else if (owner != null) {
                section.mistake(
                        line.entry(),
                        address + " is the address of " + owner.key() + ", by line "
                                + owner.entry().place().line());
            }
        }
        return lines.stream()
                .map(line -> new Reservation(line.key(), line.value()))
                .toList();
    }
}

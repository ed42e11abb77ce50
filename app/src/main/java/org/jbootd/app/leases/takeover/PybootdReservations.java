package org.jbootd.app.leases.takeover;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jbootd.app.ini.Findings;
import org.jbootd.app.ini.IniEntry;
import org.jbootd.app.ini.IniReader;
import org.jbootd.app.ini.IniSection;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/**
 * pybootd kept no leases; its {@code [static_dhcp]} has addresses that it kept for machines, {@code MAC = ADDRESS}. Of several lines
 * of a machine the last counts, and of those the last of an address.
 */
final class PybootdReservations {

    private PybootdReservations() {}

    /** @param now is of no use here */
    static void read(Path file, Instant now, Intake intake) throws IOException {
        Findings findings = new Findings();
        List<ForeignLease> reservations = new ArrayList<>();
        for (IniSection section : IniReader.read(file, file.toString(), findings)) {
            if (section.name().equals("static_dhcp")) {
                section.entries().forEach(entry -> reservation(entry, intake).ifPresent(reservations::add));
            }
        }
        findings.forEachMistake(intake::problem);
        Collection<ForeignLease> ofMachines = lastOfEach(reservations, ForeignLease::hardware, intake);
        for (ForeignLease reservation : lastOfEach(ofMachines, ForeignLease::address, intake)) {
            intake.lease(reservation);
        }
    }

    private static Optional<ForeignLease> reservation(IniEntry entry, Intake intake) {
        try {
            return Optional.of(new ForeignLease(
                    entry.place(),
                    Ipv4.parse(entry.value()),
                    HardwareAddress.parse(entry.key()),
                    Octets.EMPTY,
                    "",
                    Instant.MAX,
                    true));
        } catch (IllegalArgumentException problem) {
            intake.problem(entry.place(), problem.getMessage());
            return Optional.empty();
        }
    }

    /** @param key what each may have one reservation of @return in the order of the file; the others are told */
    private static Collection<ForeignLease> lastOfEach(
            Collection<ForeignLease> reservations, Function<ForeignLease, Object> key, Intake intake) {
        Map<Object, ForeignLease> last = new LinkedHashMap<>();
        for (ForeignLease reservation : reservations) {
            Object one = key.apply(reservation);
            ForeignLease overruled = last.remove(one);
            last.put(one, reservation);
            if (overruled != null) {
                intake.problem(
                        overruled.place(),
                        overruled.address() + " is not kept for " + overruled.hardware() + ": " + one
                                + " has another line, " + reservation.place().line());
            }
        }
        return last.values();
    }
}

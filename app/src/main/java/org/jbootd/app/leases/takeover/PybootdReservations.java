package org.jbootd.app.leases.takeover;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.jbootd.app.ini.Findings;
import org.jbootd.app.ini.IniEntry;
import org.jbootd.app.ini.IniReader;
import org.jbootd.app.ini.IniSection;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/** pybootd kept no leases; its {@code [static_dhcp]} has addresses that it kept for machines, {@code MAC = ADDRESS}. */
final class PybootdReservations {

    private PybootdReservations() {}

    /** @param now is of no use here */
    static void read(Path file, Instant now, Intake intake) throws IOException {
        Findings findings = new Findings();
        for (IniSection section : IniReader.read(file, file.toString(), findings)) {
            if (section.name().equals("static_dhcp")) {
                for (IniEntry entry : section.entries()) {
                    read(entry, intake);
                }
            }
        }
        findings.forEachMistake(intake::problem);
    }

    private static void read(IniEntry entry, Intake intake) throws IOException {
        ForeignLease reservation;
        try {
            reservation = new ForeignLease(
                    entry.place(),
                    Ipv4.parse(entry.value()),
                    HardwareAddress.parse(entry.key()),
                    Octets.EMPTY,
                    "",
                    Instant.MAX,
                    true);
        } catch (IllegalArgumentException problem) {
            intake.problem(entry.place(), problem.getMessage());
            return;
        }
        intake.lease(reservation);
    }
}

package org.jbootd.app.leases.takeover;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.jbootd.app.ini.Place;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/**
 * dnsmasq's {@code dnsmasq.leases}: a lease a line, {@code END HARDWARE ADDRESS HOST-NAME CLIENT-ID}, with {@code *} for what is
 * not known, and 0 for a lease without an end; those of IPv6 follow a line that begins with {@code duid}. What has ended is not in it.
 */
final class DnsmasqLeases {

    private static final String UNKNOWN = "*";

    /** Before that there was no dnsmasq. Where it is built for machines without a clock it writes how long a lease lasts. */
    private static final Instant EARLIEST = Instant.parse("2001-09-09T01:46:40Z");

    private DnsmasqLeases() {}

    /** @param now is of no use here */
    static void read(Path file, Instant now, Intake intake) throws IOException {
        boolean ipv6 = false;
        try (Lines lines = Lines.of(file, intake)) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                if (line.startsWith("duid ")) {
                    ipv6 = true;
                } else if (ipv6) {
                    intake.problem(lines.place(), "a lease of IPv6, which is not served");
                } else if (!line.isBlank()) {
                    read(line.strip().split("\\s+"), lines.place(), intake);
                }
            }
        }
    }

    private static void read(String[] words, Place place, Intake intake) throws IOException {
        Ipv4 address;
        try {
            if (words.length < 3) {
                throw noLease();
            }
            address = Ipv4.parse(words[2]);
        } catch (IllegalArgumentException problem) {
            intake.problem(place, problem.getMessage());
            return;
        }
        ForeignLease lease;
        try {
            lease = lease(words, place, address);
        } catch (IllegalArgumentException problem) {
            intake.ofNobody(place, address, problem.getMessage());
            return;
        }
        intake.lease(lease);
    }

    private static IllegalArgumentException noLease() {
        return new IllegalArgumentException(
                "the line is no lease of dnsmasq: END HARDWARE ADDRESS HOST-NAME CLIENT-ID");
    }

    private static ForeignLease lease(String[] words, Place place, Ipv4 address) {
        if (words.length != 5) {
            throw noLease();
        }
        return new ForeignLease(
                place,
                address,
                hardware(words[1]),
                words[4].equals(UNKNOWN) ? Octets.EMPTY : Fields.octets(words[4]),
                words[3].equals(UNKNOWN) ? "" : words[3],
                end(words[0]),
                false);
    }

    private static Instant end(String text) {
        if (text.equals("0")) {
            return Instant.MAX;
        }
        Instant end = Fields.seconds(text);
        if (end.isBefore(EARLIEST)) {
            throw new IllegalArgumentException("'" + text
                    + "' is no time: this dnsmasq has no clock, and writes how long leases last, and not until when");
        }
        return end;
    }

    /** Another type than Ethernet stands in front, as in {@code 20-aa:bb}. */
    private static HardwareAddress hardware(String text) {
        int dash = text.indexOf('-');
        if (dash < 0) {
            return HardwareAddress.ethernet(Fields.octets(text));
        }
        Octets type = Fields.octets(text.substring(0, dash));
        if (type.length() != 1) {
            throw new IllegalArgumentException("'" + text + "' is no hardware address with its type");
        }
        return new HardwareAddress(type.at(0), Fields.octets(text.substring(dash + 1)));
    }
}

package org.jbootd.app.leases.takeover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jbootd.app.ini.Place;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/**
 * Kea's {@code kea-leases4.csv}, as its memfile writes it: the first line names the columns, later lines of an address go before
 * earlier ones, and a comma within a value is {@code &#x2c}.
 */
final class KeaLeases {

    private static final List<String> NEEDED =
            List.of("address", "hwaddr", "client_id", "valid_lifetime", "expire", "hostname", "state");

    private static final String FOR_EVER = "4294967295";
    private static final int ETHERNET_OCTETS = 6;
    private static final Pattern ESCAPE = Pattern.compile("&#x([0-9a-fA-F]{2})");

    private final List<String> columns;
    private final Instant now;

    private KeaLeases(List<String> columns, Instant now) {
        this.columns = columns;
        this.now = now;
    }

    static void read(Path file, Instant now, Intake intake) throws IOException {
        for (Path part : parts(file)) {
            readPart(part, now, intake);
        }
    }

    /**
     * Kea tidies the file up now and then: it goes on with a new one, and writes the leases of the former ones to another, whose
     * name says how far that has come. Each of them is older than the next.
     */
    private static List<Path> parts(Path file) {
        Path completed = beside(file, ".completed");
        List<Path> former =
                Files.exists(completed) ? List.of(completed) : List.of(beside(file, ".2"), beside(file, ".1"));
        return Stream.concat(former.stream().filter(Files::exists), Stream.of(file))
                .toList();
    }

    private static Path beside(Path file, String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    private static void readPart(Path file, Instant now, Intake intake) throws IOException {
        try (Lines lines = Lines.of(file, intake)) {
            KeaLeases kea = new KeaLeases(columns(file, lines.next()), now);
            for (String line = lines.next(); line != null; line = lines.next()) {
                if (!line.isBlank()) {
                    kea.read(line.strip().split(",", -1), lines.place(), intake);
                }
            }
        }
    }

    private static List<String> columns(Path file, String line) throws IOException {
        List<String> columns =
                line == null ? List.of() : Arrays.asList(line.strip().split(",", -1));
        if (!columns.containsAll(NEEDED)) {
            throw new IOException(file + ":1: this is no kea-leases4.csv: the first line has to name the columns "
                    + String.join(", ", NEEDED));
        }
        return columns;
    }

    private void read(String[] values, Place place, Intake intake) throws IOException {
        String wrongLength = values.length == columns.size()
                ? ""
                : "the line has " + values.length + " columns, and not " + columns.size();
        Ipv4 address;
        try {
            address = Ipv4.parse(columns.indexOf("address") < values.length ? value(values, "address") : "");
        } catch (IllegalArgumentException problem) {
            intake.problem(place, wrongLength.isEmpty() ? problem.getMessage() : wrongLength);
            return;
        }
        if (!wrongLength.isEmpty()) {
            intake.ofNobody(place, address, wrongLength);
            return;
        }
        ForeignLease lease;
        try {
            lease = lease(values, place, address);
        } catch (IllegalArgumentException problem) {
            intake.ofNobody(place, address, problem.getMessage());
            return;
        }
        intake.lease(lease);
    }

    private ForeignLease lease(String[] values, Place place, Ipv4 address) {
        Instant until = until(values);
        String identifier = value(values, "client_id");
        return new ForeignLease(
                place,
                address,
                hardware(value(values, "hwaddr")),
                identifier.isEmpty() ? Octets.EMPTY : Fields.octets(identifier),
                value(values, "hostname"),
                until,
                false);
    }

    private Instant until(String[] values) {
        String state = value(values, "state");
        return switch (state) {
            case "0" -> end(values);
            case "1" -> throw new IllegalArgumentException("declined: a machine that Kea does not know has it");
            case "2", "3" -> ForeignLease.over(end(values), now);
            default -> throw new IllegalArgumentException("'" + state + "' is no state that is known of Kea");
        };
    }

    /** A lease that lasts no time at all was given back. */
    private Instant end(String[] values) {
        String lifetime = value(values, "valid_lifetime");
        if (lifetime.equals(FOR_EVER)) {
            return Instant.MAX;
        }
        Instant end = Fields.seconds(value(values, "expire"));
        return Fields.number(lifetime, 0xffffffffL) == 0 ? ForeignLease.over(end, now) : end;
    }

    /** The file does not have the type. */
    private static HardwareAddress hardware(String text) {
        Octets octets = text.isEmpty() ? Octets.EMPTY : Fields.octets(text);
        if (octets.length() != ETHERNET_OCTETS && octets.length() != 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no MAC address, and the file does not say what else it is");
        }
        return HardwareAddress.ethernet(octets);
    }

    private String value(String[] values, String column) {
        Matcher escapes = ESCAPE.matcher(values[columns.indexOf(column)]);
        return escapes.replaceAll(
                escape -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 16))));
    }
}

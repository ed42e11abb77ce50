package org.jbootd.app.leases.takeover;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jbootd.app.ini.Place;
import org.jbootd.app.leases.takeover.DhcpdTokens.Token;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/** A {@code lease ADDRESS { … }} of {@code dhcpd.leases}, statement by statement. */
final class DhcpdBlock {

    /** Names of dhcpd's for hardware types (IANA "Hardware Types"). */
    private static final Map<String, Integer> TYPES =
            Map.of("ethernet", HardwareAddress.ETHERNET, "token-ring", 6, "fddi", 8, "infiniband", 32);

    /** Of a type that dhcpd has no name for, with its number. */
    private static final String NAMELESS = "unknown-";

    /** All but {@code active}: the lease has ended, whatever its end is said to be. */
    private static final Set<String> OVER = Set.of("free", "expired", "released", "backup", "reset");

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu/MM/dd HH:mm:ss");

    private final Place place;
    private final String address;
    private Optional<HardwareAddress> hardware = Optional.empty();
    private Octets clientIdentifier = Octets.EMPTY;
    private String hostName = "";
    private Optional<Instant> end = Optional.empty();
    private String state = "active";
    private boolean reserved;
    private Optional<String> fault = Optional.empty();

    /** @param address as the file has it */
    DhcpdBlock(Place place, String address) {
        this.place = place;
        this.address = address;
    }

    /** @param statement without its semicolon @param at its line */
    void statement(List<Token> statement, Place at) {
        try {
            take(statement);
        } catch (IllegalArgumentException problem) {
            broken("line " + at.line() + ": " + problem.getMessage());
        }
    }

    /** Something in it cannot be read, so that none of it counts; the first of all is told. */
    void broken(String why) {
        fault = fault.or(() -> Optional.of(why));
    }

    private void take(List<Token> statement) {
        switch (statement.get(0).text()) {
            case "ends" -> end = Optional.of(time(statement));
            case "binding" -> state = word(statement, 2);
            case "hardware" -> hardware = Optional.of(hardware(word(statement, 1), word(statement, 2)));
            case "uid" -> clientIdentifier = identifier(statement.get(statement.size() - 1));
            case "client-hostname" -> hostName = word(statement, 1);
            case "reserved" -> reserved = true;
            case "abandoned" -> state = "abandoned";
            default -> {
                // nothing that is taken over
            }
        }
    }

    private static String word(List<Token> statement, int index) {
        if (statement.size() <= index) {
            throw new IllegalArgumentException(
                    "'" + statement.get(0).text() + "' is not followed by what it should be");
        }
        return statement.get(index).text();
    }

    /** {@code ends never}, {@code ends epoch SECONDS}, {@code ends WEEKDAY DATE TIME} in UTC. */
    private static Instant time(List<Token> statement) {
        String first = word(statement, 1);
        if (first.equals("never")) {
            return Instant.MAX;
        }
        if (first.equals("epoch")) {
            return Fields.seconds(word(statement, 2));
        }
        String text = word(statement, 2) + " " + word(statement, 3);
        try {
            return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + text + "' is no time, as in 2026/11/24 14:05:00", e);
        }
    }

    private static HardwareAddress hardware(String name, String octets) {
        Integer type = TYPES.get(name);
        if (type == null && name.startsWith(NAMELESS)) {
            type = (int) Fields.number(name.substring(NAMELESS.length()), 255);
        }
        if (type == null) {
            throw new IllegalArgumentException("no hardware type is called '" + name + "'");
        }
        return new HardwareAddress(type, Fields.octets(octets));
    }

    private static Octets identifier(Token token) {
        return token.quoted()
                ? Octets.of(token.text().getBytes(StandardCharsets.ISO_8859_1))
                : Fields.octets(token.text());
    }

    /** It is complete. @param now what is over has ended by then */
    void end(Instant now, Intake intake) throws IOException {
        Ipv4 where;
        try {
            where = Ipv4.parse(address);
        } catch (IllegalArgumentException problem) {
            intake.problem(place, problem.getMessage());
            return;
        }
        Optional<ForeignLease> lease = Optional.empty();
        try {
            lease = lease(where, now);
        } catch (IllegalArgumentException problem) {
            broken(problem.getMessage());
        }
        if (fault.isPresent()) {
            intake.ofNobody(place, where, fault.get());
        } else if (lease.isPresent()) {
            intake.lease(lease.get());
        } else {
            intake.unknown(where);
        }
    }

    /** @return empty when the address is nobody's, and never was */
    private Optional<ForeignLease> lease(Ipv4 where, Instant now) {
        if (state.equals("abandoned")) {
            throw new IllegalArgumentException("abandoned: a machine that dhcpd does not know has it");
        }
        boolean over = OVER.contains(state);
        if (!over && !state.equals("active")) {
            throw new IllegalArgumentException("'" + state + "' is no state of a lease that is known of dhcpd");
        }
        if (over && hardware.isEmpty()) {
            return Optional.empty();
        }
        HardwareAddress machine =
                hardware.orElseThrow(() -> new IllegalArgumentException("there is no hardware address"));
        Instant until = end.orElseThrow(() -> new IllegalArgumentException("it is not said when it ends"));
        return Optional.of(new ForeignLease(
                place,
                where,
                machine,
                clientIdentifier,
                hostName,
                over ? ForeignLease.over(until, now) : until,
                reserved));
    }
}

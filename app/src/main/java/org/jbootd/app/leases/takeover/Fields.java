package org.jbootd.app.leases.takeover;

import java.time.Instant;
import java.util.HexFormat;
import org.jbootd.domain.net.Octets;

/** Reads what several servers write alike. Every method throws {@link IllegalArgumentException} saying what is wrong. */
final class Fields {

    private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

    private Fields() {}

    /** {@code aa:bb:cc}, with one digit or two each. */
    static Octets octets(String text) {
        try {
            return Octets.of(COLONS.parseHex(text.replaceAll("(?<![0-9a-fA-F])([0-9a-fA-F])(?![0-9a-fA-F])", "0$1")));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' are no octets, as in 02:00:00:00:00:01", e);
        }
    }

    /** Seconds since 1970. */
    static Instant seconds(String text) {
        return Instant.ofEpochSecond(number(text, 253_402_300_799L)); // the year 9999
    }

    /** A whole number from 0 to {@code most}. */
    static long number(String text, long most) {
        if (text.matches("\\d{1,18}") && Long.parseLong(text) <= most) {
            return Long.parseLong(text);
        }
        throw new IllegalArgumentException("'" + text + "' is no number from 0 to " + most);
    }
}

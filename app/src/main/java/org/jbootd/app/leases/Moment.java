package org.jbootd.app.leases;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** Reads a time as people write it. */
public final class Moment {

    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm[:ss[.SSSSSS][.SSS]]");

    private Moment() {}

    /**
     * @param zone of a time that names none
     * @throws IllegalArgumentException saying how to write it
     */
    public static Instant parse(String text, ZoneId zone) {
        String spaced = text.strip().replaceFirst("(?<=\\d)[Tt](?=\\d)", " ");
        try {
            if (spaced.matches("\\d{4}-\\d\\d-\\d\\d")) {
                return LocalDate.parse(spaced).atStartOfDay(zone).toInstant();
            }
            if (spaced.matches(".*([Zz]|[+-]\\d\\d:?\\d\\d)$")) {
                return OffsetDateTime.parse(
                                spaced.replaceFirst(" ", "T").replaceFirst("([+-]\\d\\d)(\\d\\d)$", "$1:$2"))
                        .toInstant();
            }
            return LocalDateTime.parse(spaced, LOCAL).atZone(zone).toInstant();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no time: write it as in 2026-11-24, '2026-11-24 14:05', or 2026-11-24T14:05:00Z",
                    e);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + text + "': " + e.getMessage(), e);
        }
    }
}

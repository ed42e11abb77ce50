package org.jbootd.app.leases;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/**
 * A time as people write it: an instant, if it has a fraction of a second, or else a whole second, as that is what tables show of an
 * instant.
 *
 * @param last the last microsecond of it
 */
public record Moment(Instant first, Instant last) {

    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm[:ss[.SSSSSS][.SSS]]");

    private static final Duration WHOLE_SECOND = Duration.ofSeconds(1).minus(1, ChronoUnit.MICROS);

    /**
     * @param zone of a time that names none
     * @throws IllegalArgumentException saying how to write it
     */
    public static Moment parse(String text, ZoneId zone) {
        String spaced = text.strip().replaceFirst("(?<=\\d)[Tt](?=\\d)", " ");
        try {
            Instant first = instant(spaced, zone);
            return new Moment(first, spaced.contains(".") ? first : first.plus(WHOLE_SECOND));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no time: write it as in 2026-11-24, '2026-11-24 14:05', or 2026-11-24T14:05:00Z",
                    e);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + text + "': " + e.getMessage(), e);
        }
    }

    private static Instant instant(String spaced, ZoneId zone) {
        if (spaced.matches("\\d{4}-\\d\\d-\\d\\d")) {
            return LocalDate.parse(spaced).atStartOfDay(zone).toInstant();
        }
        if (spaced.matches(".*([Zz]|[+-]\\d\\d:?\\d\\d)$")) {
            return OffsetDateTime.parse(spaced.replaceFirst(" ", "T").replaceFirst("([+-]\\d\\d)(\\d\\d)$", "$1:$2"))
                    .toInstant();
        }
        return LocalDateTime.parse(spaced, LOCAL).atZone(zone).toInstant();
    }
}

package org.jbootd.persistence;

import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jbootd.domain.net.Ipv4;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** How our values stand in columns. */
final class Sql {

    private static final OffsetDateTime EARLIEST = OffsetDateTime.of(1, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
    private static final OffsetDateTime LATEST = OffsetDateTime.of(9999, 12, 31, 0, 0, 0, 0, ZoneOffset.UTC);

    private static final long HALF_A_MICROSECOND = 500;

    private Sql() {}

    /** @param time null for none */
    static void bindTime(SqlStatement<?> statement, String name, Instant time) {
        statement.bindBySqlType(name, time == null ? null : clamped(time), Types.TIMESTAMP_WITH_TIMEZONE);
    }

    /** The time in microseconds, which is what columns hold, or the end of what people, and other databases, take for a time. */
    static OffsetDateTime clamped(Instant time) {
        if (time.isBefore(EARLIEST.toInstant())) {
            return EARLIEST;
        }
        return time.isAfter(LATEST.toInstant())
                ? LATEST
                : time.plusNanos(HALF_A_MICROSECOND)
                        .truncatedTo(ChronoUnit.MICROS)
                        .atOffset(ZoneOffset.UTC);
    }

    /** What went wrong without JDBI, as JDBI throws it. */
    static UnableToExecuteStatementException failure(SQLException e) {
        return new UnableToExecuteStatementException(e, (StatementContext) null);
    }

    static long number(Ipv4 address) {
        return Integer.toUnsignedLong(address.bits());
    }
}

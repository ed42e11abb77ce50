package org.jbootd.persistence;

import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jdbi.v3.core.statement.SqlStatement;

/** How our values stand in columns. */
final class Sql {

    private static final OffsetDateTime EARLIEST = OffsetDateTime.of(1, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
    private static final OffsetDateTime LATEST = OffsetDateTime.of(9999, 12, 31, 0, 0, 0, 0, ZoneOffset.UTC);

    private Sql() {}

    /** @param time null for none */
    static void bindTime(SqlStatement<?> statement, String name, Instant time) {
        statement.bindBySqlType(name, time == null ? null : clamped(time), Types.TIMESTAMP_WITH_TIMEZONE);
    }

    /** The time, or the end of what people, and other databases, take for a time. */
    static OffsetDateTime clamped(Instant time) {
        if (time.isBefore(EARLIEST.toInstant())) {
            return EARLIEST;
        }
        return time.isAfter(LATEST.toInstant()) ? LATEST : time.atOffset(ZoneOffset.UTC);
    }

    static void bindOctets(SqlStatement<?> statement, String name, Optional<Octets> octets) {
        statement.bindBySqlType(name, octets.map(Octets::toArray).orElse(null), Types.VARBINARY);
    }

    /** The columns hardware, client_identifier, machine_uuid. */
    static void bindClient(SqlStatement<?> statement, ClientIdentity client) {
        statement.bind("hardware", client.hardware().toString());
        bindOctets(statement, "client_identifier", client.clientIdentifier());
        statement.bindBySqlType("machine_uuid", client.uuid().orElse(null), Types.OTHER);
    }

    /** The columns relay_information, circuit_id, remote_id (RFC 3046 §2.0). */
    static void bindRelayInformation(SqlStatement<?> statement, Optional<Octets> information) {
        bindOctets(statement, "relay_information", information);
        bindOctets(statement, "circuit_id", information.flatMap(octets -> RelayParts.CIRCUIT_ID.in(octets)));
        bindOctets(statement, "remote_id", information.flatMap(octets -> RelayParts.REMOTE_ID.in(octets)));
    }

    static long number(Ipv4 address) {
        return Integer.toUnsignedLong(address.bits());
    }
}

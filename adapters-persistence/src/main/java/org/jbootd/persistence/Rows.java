package org.jbootd.persistence;

import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.net.Octets;

/** Rows for one statement, sent together: each value goes to the next question mark. */
abstract class Rows implements AutoCloseable {

    /** What a column holds, as JDBC, PostgreSQL and Java call it. */
    enum Kind {
        TEXT(Types.VARCHAR, "text", String.class),
        NUMBER(Types.BIGINT, "int8", Long.class),
        TRUTH(Types.BOOLEAN, "bool", Boolean.class),
        TIME(Types.TIMESTAMP_WITH_TIMEZONE, "timestamptz", OffsetDateTime.class),
        OCTETS(Types.VARBINARY, "bytea", byte[].class),
        UUID(Types.OTHER, "uuid", UUID.class);

        final int jdbcType;
        final String postgresType;
        final Class<?> javaType;

        Kind(int jdbcType, String postgresType, Class<?> javaType) {
            this.jdbcType = jdbcType;
            this.postgresType = postgresType;
            this.javaType = javaType;
        }
    }

    /** Null when rows are not linked. */
    private final HashChain chain;

    /** @param chain gives each row its link, which goes to the last question mark */
    Rows(Optional<HashChain> chain) {
        this.chain = chain.orElse(null);
    }

    /** @param value for the next question mark of this row; null for none */
    abstract void put(Kind kind, Object value);

    /** The row has all its values. */
    abstract void end();

    /** Sends the rows, if there are any. */
    abstract void send();

    /** Gives back what {@link #send} has left. */
    @Override
    public void close() {}

    private Rows linked(Kind kind, Object value) {
        if (chain != null) {
            chain.add(value);
        }
        put(kind, value);
        return this;
    }

    /** @param value null for none */
    final Rows text(String value) {
        return linked(Kind.TEXT, value);
    }

    final Rows number(long value) {
        return linked(Kind.NUMBER, value);
    }

    /** @param value null for none */
    final Rows numberOrNull(Long value) {
        return linked(Kind.NUMBER, value);
    }

    final Rows truth(boolean value) {
        return linked(Kind.TRUTH, value);
    }

    /** @param value null for none */
    final Rows time(Instant value) {
        return linked(Kind.TIME, value == null ? null : Sql.clamped(value));
    }

    final Rows octets(Optional<Octets> value) {
        return linked(Kind.OCTETS, value.map(Octets::toArray).orElse(null));
    }

    final Rows uuid(Optional<UUID> value) {
        return linked(Kind.UUID, value.orElse(null));
    }

    /** The columns hardware, client_identifier, machine_uuid. */
    final Rows client(ClientIdentity client) {
        return text(client.hardware().toString())
                .octets(client.clientIdentifier())
                .uuid(client.uuid());
    }

    /** The columns relay_information, circuit_id, remote_id (RFC 3046 §2.0). */
    final Rows relayInformation(Optional<Octets> information) {
        return octets(information)
                .octets(information.flatMap(RelayParts.CIRCUIT_ID::in))
                .octets(information.flatMap(RelayParts.REMOTE_ID::in));
    }

    final void add() {
        if (chain != null) {
            put(Kind.OCTETS, chain.link().toArray());
        }
        end();
    }
}

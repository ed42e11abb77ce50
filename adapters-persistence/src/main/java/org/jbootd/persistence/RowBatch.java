package org.jbootd.persistence;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.net.Octets;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/**
 * Rows for one statement, sent together: each value goes to the next question mark. By names and converters, as JDBI has them,
 * binding the values of a lease took longer than storing them. What goes wrong is thrown as JDBI throws it.
 */
final class RowBatch implements AutoCloseable {

    private final PreparedStatement statement;

    /** Null when rows are not linked. */
    private final HashChain chain;

    private int column;
    private int rows;

    private interface Step {
        void run() throws SQLException;
    }

    RowBatch(Handle handle, String sql) {
        this(handle, sql, null);
    }

    /** @param chain gives each row its link, which goes to the last question mark */
    RowBatch(Handle handle, String sql, HashChain chain) {
        this.chain = chain;
        try {
            statement = handle.getConnection().prepareStatement(sql);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private static UnableToExecuteStatementException failure(SQLException e) {
        return new UnableToExecuteStatementException(e, (StatementContext) null);
    }

    private RowBatch step(Step step) {
        try {
            step.run();
            return this;
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private void link(Object value) {
        if (chain != null) {
            chain.add(value);
        }
    }

    /** @param value null for none */
    RowBatch text(String value) {
        link(value);
        return step(() -> statement.setString(++column, value));
    }

    RowBatch number(long value) {
        link(value);
        return step(() -> statement.setLong(++column, value));
    }

    /** @param value null for none */
    RowBatch numberOrNull(Long value) {
        link(value);
        return step(() -> statement.setObject(++column, value, Types.BIGINT));
    }

    RowBatch truth(boolean value) {
        link(value);
        return step(() -> statement.setBoolean(++column, value));
    }

    /** @param value null for none */
    RowBatch time(Instant value) {
        OffsetDateTime time = value == null ? null : Sql.clamped(value);
        link(time);
        return step(() -> statement.setObject(++column, time, Types.TIMESTAMP_WITH_TIMEZONE));
    }

    RowBatch octets(Optional<Octets> value) {
        byte[] octets = value.map(Octets::toArray).orElse(null);
        link(octets);
        return step(() -> statement.setBytes(++column, octets));
    }

    RowBatch uuid(Optional<UUID> value) {
        link(value.orElse(null));
        return step(() -> statement.setObject(++column, value.orElse(null), Types.OTHER));
    }

    /** The columns hardware, client_identifier, machine_uuid. */
    RowBatch client(ClientIdentity client) {
        return text(client.hardware().toString())
                .octets(client.clientIdentifier())
                .uuid(client.uuid());
    }

    /** The columns relay_information, circuit_id, remote_id (RFC 3046 §2.0). */
    RowBatch relayInformation(Optional<Octets> information) {
        return octets(information)
                .octets(information.flatMap(RelayParts.CIRCUIT_ID::in))
                .octets(information.flatMap(RelayParts.REMOTE_ID::in));
    }

    void add() {
        if (chain != null) {
            byte[] link = chain.link().toArray();
            step(() -> statement.setBytes(++column, link));
        }
        step(statement::addBatch);
        column = 0;
        rows++;
    }

    /** @return how many rows of the table each of them changed */
    int[] execute() {
        try {
            return rows == 0 ? new int[0] : statement.executeBatch();
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    @Override
    public void close() {
        step(statement::close);
    }
}

package org.jbootd.persistence;

import java.lang.reflect.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Statements that go to a PostgreSQL server together and are answered together, since the way there and back takes longer than most
 * of them, the more so the busier the processors are. They are done in their order; when one fails, none behind it is. One thread
 * at a time.
 */
public final class Pipeline implements RowSink {

    private final List<String> statements = new ArrayList<>();
    private final List<Value> values = new ArrayList<>();

    private interface Value {
        void bind(PreparedStatement statement, int column) throws SQLException;
    }

    /** @param all its values, null for none */
    public void add(String sql, Object... all) {
        statements.add(sql);
        for (Object each : all) {
            values.add((statement, column) -> statement.setObject(column, each));
        }
    }

    @Override
    public Rows rows(RowStatement statement, Optional<HashChain> chain) {
        return new Columns(statement, chain);
    }

    /** Does all of it, and throws what JDBI throws. Results are not told. */
    public void execute(Handle handle) {
        // the driver takes them apart, and waits for no answer before it has sent the last one
        try (PreparedStatement all = handle.getConnection().prepareStatement(String.join(";\n", statements))) {
            for (int i = 0; i < values.size(); i++) {
                values.get(i).bind(all, i + 1);
            }
            all.execute();
        } catch (SQLException e) {
            throw Sql.failure(e);
        }
    }

    /** Rows as one array for each column: a statement is the same for any number of them. */
    private final class Columns extends Rows {

        private final RowStatement statement;
        private final List<Column> columns = new ArrayList<>();
        private int next;

        Columns(RowStatement statement, Optional<HashChain> chain) {
            super(chain);
            this.statement = statement;
        }

        @Override
        void put(Kind kind, Object value) {
            if (next == columns.size()) {
                columns.add(new Column(kind, new ArrayList<>()));
            }
            columns.get(next++).values().add(value);
        }

        @Override
        void end() {
            next = 0;
        }

        @Override
        void send() {
            if (!columns.isEmpty()) {
                statements.add(statement.forAll());
                values.addAll(columns);
            }
        }
    }

    private record Column(Rows.Kind kind, List<Object> values) implements Value {

        @Override
        public void bind(PreparedStatement statement, int column) throws SQLException {
            Connection connection = statement.getConnection();
            Object[] array = values.toArray((Object[]) Array.newInstance(kind.javaType, 0));
            statement.setArray(column, connection.createArrayOf(kind.postgresType, array));
        }
    }
}

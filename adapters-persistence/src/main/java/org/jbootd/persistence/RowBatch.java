package org.jbootd.persistence;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Rows for a statement that has the values of one. By names and converters, as JDBI has them, binding the values of a lease took
 * longer than storing them. What goes wrong is thrown as JDBI throws it.
 */
final class RowBatch extends Rows {

    private final PreparedStatement statement;
    private int column;
    private int rows;

    private interface Step {
        void run() throws SQLException;
    }

    RowBatch(Handle handle, String sql) {
        this(handle, sql, Optional.empty());
    }

    /** @param chain gives each row its link, which goes to the last question mark */
    RowBatch(Handle handle, String sql, Optional<HashChain> chain) {
        super(chain);
        try {
            statement = handle.getConnection().prepareStatement(sql);
        } catch (SQLException e) {
            throw Sql.failure(e);
        }
    }

    private static void step(Step step) {
        try {
            step.run();
        } catch (SQLException e) {
            throw Sql.failure(e);
        }
    }

    @Override
    void put(Kind kind, Object value) {
        step(() -> statement.setObject(++column, value, kind.jdbcType));
    }

    @Override
    void end() {
        step(statement::addBatch);
        column = 0;
        rows++;
    }

    @Override
    void send() {
        execute();
    }

    /** @return how many rows of the table each of them changed */
    int[] execute() {
        try {
            return rows == 0 ? new int[0] : statement.executeBatch();
        } catch (SQLException e) {
            throw Sql.failure(e);
        }
    }

    @Override
    public void close() {
        step(statement::close);
    }
}

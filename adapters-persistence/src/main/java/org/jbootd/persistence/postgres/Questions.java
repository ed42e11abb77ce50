package org.jbootd.persistence.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import org.jbootd.persistence.Auditor;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;
import org.postgresql.core.SqlCommandType;

/**
 * How PostgreSQL is asked: each question alone in a transaction that may only read. The user may be the one who writes leases;
 * one who asks cannot leave that transaction, as he has but one statement.
 */
final class Questions implements Auditor.Dialect {

    /** How long an answer may take, and who takes it may stop in the middle. The connection itself is given up a little later. */
    private static final int SECONDS = 600;

    private static final int SILENCE_SECONDS = SECONDS + 10;

    private static final String MANNERS = """
            SET default_transaction_read_only = on; SET standard_conforming_strings = on;
            SET statement_timeout = '%1$ds'; SET idle_in_transaction_session_timeout = '%1$ds'""".formatted(SECONDS);

    private static final Set<SqlCommandType> ASKING = Set.of(SqlCommandType.SELECT, SqlCommandType.WITH);

    static Auditor auditor(PostgresSettings settings) throws SQLException {
        Connection connection = Session.connect(settings, SILENCE_SECONDS);
        boolean ready = false;
        try (Statement statement = connection.createStatement()) {
            statement.execute(MANNERS);
            connection.setReadOnly(true);
            ready = true;
            return new Auditor(connection, new Questions());
        } finally {
            if (!ready) {
                connection.close();
            }
        }
    }

    /** The driver sends one after the other what it takes for several statements, and the server takes each for one only. */
    @Override
    public void check(String sql) throws Auditor.NoAnswer {
        List<NativeQuery> statements;
        try {
            statements = Parser.parseJdbcSql(sql, true, true, true, false, false);
        } catch (SQLException e) {
            throw new Auditor.NoAnswer(inWords(e));
        }
        if (statements.size() > 1) {
            throw new Auditor.NoAnswer(Auditor.SEVERAL);
        }
        if (statements.isEmpty() || !ASKING.contains(statements.get(0).command.getType())) {
            throw new Auditor.NoAnswer(Auditor.NO_QUESTION);
        }
    }

    @Override
    public Object value(ResultSet result, int column) throws SQLException {
        return switch (result.getMetaData().getColumnTypeName(column)) {
            case "timestamptz" -> result.getObject(column, OffsetDateTime.class);
            case "timestamp" -> result.getObject(column, LocalDateTime.class);
            default -> result.getObject(column);
        };
    }

    @Override
    public String inWords(SQLException failure) {
        return Failures.sentence(failure);
    }
}

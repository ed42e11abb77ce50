package org.jbootd.persistence;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Asks a database of leases by SQL, as a user who can change nothing. One thread at a time. */
public final class Auditor implements AutoCloseable {

    /** A user of the embedded database who may only read: whoever asks at {@code sql_port}. */
    public static final String USER = "auditor";

    /** Another one: this process, which asks for commands. */
    static final String COMMANDS = "commands";

    /** A question that takes longer than this has no answer. */
    static final int SECONDS = 600;

    /** Rows that are fetched from the database at once. */
    private static final int ROWS = 1_000;

    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'");

    /** Takes an answer, row by row. */
    @FunctionalInterface
    public interface Rows {

        /** Comes before all rows, for who wants it. @param names in small letters */
        default void columns(List<String> names) {}

        /**
         * @param values in the order of the columns, each a {@link String}, {@link Long}, {@link Double}, {@link Boolean} or
         *     null: times as in {@code 2026-03-01T12:00:00.000000Z}, octets as hex digits, and what is no finite number as its
         *     name, {@code NaN} or {@code Infinity}, as JSON has no number for it
         */
        void row(List<Object> values);
    }

    /** Whoever can be asked by SQL. @param <E> what a question that has no answer throws */
    public interface Source<E extends Exception> {

        /** @param arguments for the question marks of {@code sql} */
        void ask(String sql, List<?> arguments, Rows rows) throws E;

        /** An answer that is small enough to be held as a whole. */
        default List<List<Object>> rows(String sql, List<?> arguments) throws E {
            List<List<Object>> all = new ArrayList<>();
            ask(sql, arguments, all::add);
            return all;
        }
    }

    /** What each database has its own way with. */
    public interface Dialect {

        /** @throws NoAnswer when {@code sql} is no question, and the database might carry it out all the same */
        void check(String sql) throws NoAnswer;

        /** A value of the current row, of the types of {@code java.time} if it is a time. */
        Object value(ResultSet result, int column) throws SQLException;

        /** What went wrong, in one line for who asked. */
        String inWords(SQLException failure);
    }

    /** Why a question has no answer. */
    public static final class NoAnswer extends Exception {

        private static final long serialVersionUID = 1;

        public NoAnswer(String message) {
            super(message);
        }

        NoAnswer(String message, SQLException cause) {
            super(message, cause);
        }
    }

    /** Of who would change something by SQL. */
    public static final String NO_QUESTION =
            "it is no question, and nothing is changed by SQL: begin with SELECT or WITH";

    /** Of who asks for two things at once. */
    public static final String SEVERAL = "these are several questions: ask one at a time";

    private final Connection connection;
    private final Dialect dialect;

    /** @param connection that can change nothing; closed with this */
    public Auditor(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    /** @param directory whose database this process has open, or nobody has @param user who may only read */
    static Auditor of(Path directory, String user, String password, Dialect dialect) {
        return of(LeaseDatabase.url(directory), user, password, dialect);
    }

    static Auditor of(String url, String user, String password, Dialect dialect) {
        try {
            return new Auditor(DriverManager.getConnection(url + ";IFEXISTS=TRUE", user, password), dialect);
        } catch (SQLException e) {
            throw new StoreRefused("the history database cannot be asked: " + e.getMessage(), e);
        }
    }

    /**
     * @param arguments for the question marks of {@code sql}
     * @throws NoAnswer when the question is none, or not allowed; its message is for who asked
     * @throws UncheckedIOException when {@code rows} throws it
     */
    public void ask(String sql, List<?> arguments, Rows rows) throws NoAnswer {
        dialect.check(sql);
        try {
            connection.setAutoCommit(false); // all of an answer is of one instant
            answer(sql, arguments, rows);
        } catch (SQLException e) {
            throw new NoAnswer(dialect.inWords(e), e);
        }
    }

    private void answer(String sql, List<?> arguments, Rows rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setQueryTimeout(SECONDS);
            statement.setFetchSize(ROWS);
            for (int i = 0; i < arguments.size(); i++) {
                statement.setObject(i + 1, arguments.get(i));
            }
            try (ResultSet result = statement.executeQuery()) {
                tell(result, rows);
            }
        } finally {
            connection.rollback();
        }
    }

    private void tell(ResultSet result, Rows rows) throws SQLException {
        ResultSetMetaData meta = result.getMetaData();
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            names.add(meta.getColumnLabel(i).toLowerCase(Locale.ROOT));
        }
        rows.columns(names);
        while (result.next()) {
            List<Object> values = new ArrayList<>(names.size());
            for (int i = 1; i <= names.size(); i++) {
                values.add(plain(dialect.value(result, i)));
            }
            rows.row(values);
        }
    }

    /** What {@link Rows#row} is told of a value. */
    static Object plain(Object value) {
        if (value instanceof OffsetDateTime time) {
            return MICROSECONDS.format(time.withOffsetSameInstant(ZoneOffset.UTC));
        }
        if (value instanceof byte[] octets) {
            return HexFormat.of().formatHex(octets);
        }
        if (value instanceof Float || value instanceof Double) {
            double number = ((Number) value).doubleValue();
            return Double.isFinite(number) ? (Object) number : String.valueOf(number);
        }
        if (value instanceof Byte || value instanceof Short || value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        return value == null || value instanceof Boolean ? value : value.toString();
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("closing a connection to the history failed: " + e.getMessage(), e);
        }
    }
}

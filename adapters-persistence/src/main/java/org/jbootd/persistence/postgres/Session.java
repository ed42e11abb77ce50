package org.jbootd.persistence.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jbootd.persistence.Pipeline;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection. Whatever hangs in it ends within seconds: by a limit of this side, or of the server's. One thread uses it, any
 * may {@link #abort} it.
 */
final class Session implements AutoCloseable {

    private static final String CONNECT_SECONDS = "2";

    /** That no byte comes while an answer is waited for. */
    private static final int SILENCE_SECONDS = 4;

    /**
     * What the server keeps to: a commit is on its disk; a node that stops in the middle of a transaction does not keep the
     * others waiting, nor does one whose packets get lost.
     */
    private static final String MANNERS = """
            SET synchronous_commit = on; SET idle_in_transaction_session_timeout = '1s'; SET lock_timeout = '2s';
            SET statement_timeout = '3s'; SET default_transaction_isolation = 'read committed'""";

    /**
     * Few rows are asked for at a time, and an index leads to each. The server would make other plans as long as tables are small,
     * and keep them while they grow.
     */
    private static final String PLANS = """
            SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off""";

    /** Channel of notifications: something was added to the ledger, and its last number. */
    static final String CHANNEL = "jbootd_ledger";

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.leases");

    private final Handle handle;

    private Session(Handle handle) {
        this.handle = handle;
    }

    /** Connects within seconds, or throws what JDBC or JDBI throws. */
    static Session open(PostgresSettings settings) {
        Handle handle = Jdbi.open(() -> connect(settings));
        try {
            handle.execute(MANNERS);
            handle.execute(PLANS);
            return new Session(handle);
        } catch (RuntimeException e) {
            close(handle);
            throw e;
        }
    }

    /** For what takes as long as it takes. */
    static Connection connect(PostgresSettings settings) throws SQLException {
        return connect(settings, SILENCE_SECONDS);
    }

    /** @param silenceSeconds that no byte may come while an answer is waited for; 0 for ever */
    static Connection connect(PostgresSettings settings, int silenceSeconds) throws SQLException {
        Properties properties = new Properties();
        settings.user().ifPresent(user -> properties.setProperty("user", user));
        settings.password().ifPresent(password -> properties.setProperty("password", password));
        properties.setProperty("ApplicationName", "jbootd");
        properties.setProperty("connectTimeout", CONNECT_SECONDS);
        properties.setProperty("socketTimeout", String.valueOf(silenceSeconds));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("reWriteBatchedInserts", "true");
        return DriverManager.getConnection(settings.url(), properties);
    }

    Handle handle() {
        return handle;
    }

    /** From now on {@link #heard} is told. */
    void listen() {
        handle.execute("LISTEN " + CHANNEL);
    }

    /** Tells all who listen that the ledger goes as far as {@code seq}, once the transaction is committed. */
    static void tell(long seq, Pipeline pipeline) {
        pipeline.add("SELECT PG_NOTIFY(?, ?)", CHANNEL, Long.toString(seq));
    }

    /**
     * Waits until something was added to the ledger. Whoever may connect may tell anything: what is no number is nobody's of ours.
     *
     * @return the last number that was told, 0 when none was within {@code millis}
     */
    long heard(int millis) throws SQLException {
        PGNotification[] told =
                handle.getConnection().unwrap(PGConnection.class).getNotifications(millis);
        return Stream.of(told == null ? new PGNotification[0] : told)
                .map(PGNotification::getParameter)
                .filter(NUMBER.asMatchPredicate())
                .mapToLong(Long::parseLong)
                .max()
                .orElse(0);
    }

    /** Ends whatever it waits for. Never blocks. */
    void abort() {
        try {
            handle.getConnection().abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("a connection could not be given up", e);
        }
    }

    @Override
    public void close() {
        close(handle);
    }

    /** What is closed has been committed, or need not be. */
    private static void close(Handle handle) {
        try {
            Connection connection = handle.getConnection();
            connection.close();
            handle.close();
        } catch (SQLException | RuntimeException e) {
            LOG.debug("closing a connection failed", e);
        }
    }
}

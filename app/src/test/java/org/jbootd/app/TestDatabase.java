package org.jbootd.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jbootd.persistence.postgres.PostgresSettings;
import org.junit.jupiter.api.Assumptions;

/** An empty database of a real PostgreSQL, which the tests of this process share. */
public final class TestDatabase {

    public static final String USER = DatabaseServer.USER;

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static DatabaseServer server;
    private static String missing;

    private final String name;

    private TestDatabase(String name) {
        this.name = name;
    }

    /** Where there can be no PostgreSQL the test is skipped. */
    public static TestDatabase create() throws SQLException {
        startServer();
        TestDatabase database = new TestDatabase("app" + NUMBER.incrementAndGet());
        new TestDatabase("postgres").execute("CREATE DATABASE " + database.name);
        return database;
    }

    private static synchronized void startServer() {
        if (server == null) {
            server = ownServer();
            Runtime.getRuntime().addShutdownHook(new Thread(TestDatabase::stopServer));
        }
    }

    private static void stopServer() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A server that a test may ill-treat. Where there can be none the test is skipped. */
    public static synchronized DatabaseServer ownServer() {
        Assumptions.assumeTrue(missing == null, missing);
        try {
            Path directory = Files.createTempDirectory("jbootd-postgres");
            return DatabaseServer.start(directory, 0, Map.of());
        } catch (IOException | RuntimeException e) {
            missing = "skipped: no PostgreSQL can be started here: " + e;
            System.out.println(missing);
            Assumptions.abort(missing);
            throw new AssertionError(e);
        }
    }

    public String name() {
        return name;
    }

    public String url() {
        return server.url(name);
    }

    public PostgresSettings settings() {
        return new PostgresSettings(url(), Optional.of(USER), Optional.empty());
    }

    /** Makes a role that owns this database, and has to say its password from now on. */
    public void requirePassword(String role, String password) throws SQLException, IOException {
        execute("CREATE ROLE " + role + " LOGIN PASSWORD '" + password + "'");
        execute("ALTER DATABASE " + name + " OWNER TO " + role);
        Path rules = Path.of(ask("SHOW hba_file").get(0));
        Files.writeString(rules, "host all " + role + " all scram-sha-256\n" + Files.readString(rules));
        execute("SELECT PG_RELOAD_CONF()");
    }

    /** And throws out whoever is connected by the former one. */
    public void changePassword(String role, String password) throws SQLException {
        execute("ALTER ROLE " + role + " PASSWORD '" + password + "'");
        execute("SELECT PG_TERMINATE_BACKEND(pid) FROM pg_stat_activity WHERE usename = '" + role + "'");
    }

    public Connection connect() throws SQLException {
        return server.connect(name);
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The values of the first column. */
    public List<String> ask(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }
}

package org.jbootd.app;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jbootd.persistence.postgres.PostgresSettings;
import org.junit.jupiter.api.Assumptions;

/** An empty database of a real PostgreSQL, which the tests of this process share. */
public final class TestDatabase {

    public static final String USER = "postgres";

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static EmbeddedPostgres server;
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
        Assumptions.assumeTrue(missing == null, missing);
        if (server != null) {
            return;
        }
        try {
            server = EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(
                            new File(System.getProperty("java.io.tmpdir"), "jbootd-postgres-binaries"))
                    .setPGStartupWait(Duration.ofMinutes(2))
                    .start();
        } catch (IOException | RuntimeException e) {
            missing = "skipped: no PostgreSQL can be started here: " + e;
            System.out.println(missing);
            Assumptions.abort(missing);
        }
    }

    public String name() {
        return name;
    }

    public String url() {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/" + name;
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
        return DriverManager.getConnection(url(), USER, "");
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

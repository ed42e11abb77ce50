package org.jbootd.persistence.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Assumptions;

/** A real PostgreSQL on a free port of this host, which tests may kill, freeze and start anew. One thread at a time. */
final class PostgresServer implements AutoCloseable {

    static final String USER = "postgres";

    /** On a busy machine. */
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static PostgresServer shared;
    private static String missing;

    private final Path directory;
    private EmbeddedPostgres postgres;
    private long pid;

    private PostgresServer(Path directory, EmbeddedPostgres postgres) throws IOException {
        this.directory = directory;
        this.postgres = postgres;
        this.pid = recordedPid();
    }

    /** The one that tests of this process share, as long as they leave it alone. Where there can be none the test is skipped. */
    static synchronized PostgresServer shared() {
        Assumptions.assumeTrue(missing == null, missing);
        if (shared == null) {
            shared = own();
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    /** One that a test may ill-treat. Where there can be none the test is skipped. */
    static synchronized PostgresServer own() {
        Assumptions.assumeTrue(missing == null, missing);
        Path directory = null;
        try {
            directory = Files.createTempDirectory("jbootd-postgres");
            return new PostgresServer(directory, start(directory, 0));
        } catch (IOException | RuntimeException e) {
            missing = "skipped: no PostgreSQL can be started here: " + e;
            System.out.println(missing);
            Assumptions.abort(missing);
            throw new AssertionError(e);
        }
    }

    /** @param port 0 for a free one */
    private static EmbeddedPostgres start(Path directory, int port) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(directory.resolve("data"))
                .setOverrideWorkingDirectory(new File(System.getProperty("java.io.tmpdir"), "jbootd-postgres-binaries"))
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(STARTS_WITHIN)
                .setServerConfig("fsync", "off") // what is tested is a killed process, not a power cut
                .setServerConfig("synchronous_commit", "off") // whoever wants it on has to say so
                .setServerConfig("max_connections", "100");
        return (port == 0 ? builder : builder.setPort(port)).start();
    }

    private long recordedPid() throws IOException {
        try (Stream<String> lines = Files.lines(directory.resolve("data/postmaster.pid"))) {
            return Long.parseLong(lines.findFirst().orElseThrow().strip());
        }
    }

    /** The URL of a new and empty database. */
    String database() {
        String name = "test" + DATABASES.incrementAndGet();
        try (Handle handle = handle("postgres")) {
            handle.execute("CREATE DATABASE " + name);
        }
        return url(name);
    }

    /** The URL of a new database with what another one has, to which nobody may be connected. */
    String copyOf(String url) {
        String name = "test" + DATABASES.incrementAndGet();
        try (Handle handle = handle("postgres")) {
            handle.execute("CREATE DATABASE " + name + " TEMPLATE " + name(url));
        }
        return url(name);
    }

    /**
     * Puts another database in the place of one, and throws out whoever is connected to that.
     *
     * @return the URL of the one that was there
     */
    String setAside(String url, String other) {
        String aside = "test" + DATABASES.incrementAndGet();
        try (Handle handle = handle("postgres")) {
            handle.execute("ALTER DATABASE " + name(url) + " ALLOW_CONNECTIONS false");
            disconnect(url);
            handle.execute("ALTER DATABASE " + name(url) + " RENAME TO " + aside);
            handle.execute("ALTER DATABASE " + aside + " ALLOW_CONNECTIONS true");
            handle.execute("ALTER DATABASE " + name(other) + " RENAME TO " + name(url));
        }
        return url(aside);
    }

    /** Keeps a copy of all tables but that of Flyway beside them, as a backup. */
    void keepCopy(String url) {
        try (Handle handle = connect(url)) {
            handle.useTransaction(transaction -> {
                transaction.execute("CREATE SCHEMA kept");
                for (String table : tables(transaction, "public")) {
                    transaction.execute("CREATE TABLE kept." + table + " (LIKE public." + table + " INCLUDING ALL)");
                    transaction.execute("INSERT INTO kept." + table + " SELECT * FROM public." + table);
                }
                for (String table : List.of("holding", "refused", "transfer")) {
                    transaction.execute("SELECT SETVAL(PG_GET_SERIAL_SEQUENCE('kept." + table
                            + "', 'id'), 1 + MAX(id)) FROM kept." + table + " HAVING MAX(id) > 0");
                }
            });
        }
    }

    /**
     * Puts the copy in the place of the tables, under open connections and in one transaction, as pg_restore does with
     * {@code --clean --single-transaction}; what was there is the copy then.
     */
    void exchangeWithCopy(String url) {
        try (Handle handle = connect(url)) {
            handle.useTransaction(transaction -> {
                List<String> views = transaction
                        .createQuery("SELECT FORMAT('CREATE VIEW %I AS %s', relname, PG_GET_VIEWDEF(oid)) FROM pg_class"
                                + " WHERE relkind = 'v' AND relnamespace = 'public'::REGNAMESPACE ORDER BY oid")
                        .mapTo(String.class)
                        .list();
                List<String> tables = tables(transaction, "kept");
                transaction.execute("CREATE SCHEMA taken");
                transaction
                        .createQuery("SELECT relname FROM pg_class"
                                + " WHERE relkind = 'v' AND relnamespace = 'public'::REGNAMESPACE")
                        .mapTo(String.class)
                        .list()
                        .forEach(view -> transaction.execute("DROP VIEW IF EXISTS " + view + " CASCADE"));
                tables.forEach(table -> transaction.execute("ALTER TABLE public." + table + " SET SCHEMA taken"));
                tables.forEach(table -> transaction.execute("ALTER TABLE kept." + table + " SET SCHEMA public"));
                views.forEach(transaction::execute);
                transaction.execute("DROP SCHEMA kept");
                transaction.execute("ALTER SCHEMA taken RENAME TO kept");
            });
        }
    }

    private static List<String> tables(Handle handle, String schema) {
        return handle.createQuery("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname NOT LIKE 'flyway%'"
                        + " AND relnamespace = CAST(:schema AS REGNAMESPACE) ORDER BY oid")
                .bind("schema", schema)
                .mapTo(String.class)
                .list();
    }

    /** Throws out whoever is connected to a database. */
    void disconnect(String url) {
        try (Handle handle = handle("postgres")) {
            handle.createQuery("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
                    .bind("name", name(url))
                    .mapTo(Boolean.class)
                    .list();
        }
    }

    private static String name(String url) {
        return url.replaceAll(".*/|\\?.*", "");
    }

    static Handle connect(String url) {
        return Jdbi.open(url, USER, "");
    }

    private Handle handle(String database) {
        return connect(url(database));
    }

    private String url(String database) {
        return "jdbc:postgresql://localhost:" + postgres.getPort() + "/" + database;
    }

    /** Ends every process of it, as a crash does. */
    void kill() {
        signal("-STOP", List.of(pid)); // so that there will be no more of them
        List<ProcessHandle> family = family();
        family.forEach(ProcessHandle::destroyForcibly);
        family.forEach(
                process -> process.onExit().orTimeout(30, TimeUnit.SECONDS).join());
    }

    /** Starts it again after {@link #kill}, with what it had and at the same port. */
    void restart() {
        try {
            int port = postgres.getPort();
            Files.deleteIfExists(directory.resolve("data/postmaster.pid"));
            postgres.close(); // gives its lock back
            postgres = start(directory, port);
            pid = recordedPid();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops every process of it, but closes nothing. */
    void freeze() {
        signal("-STOP", List.of(pid)); // so that there will be no more of them
        signal("-STOP", pids());
    }

    void thaw() {
        signal("-CONT", pids());
    }

    private List<Long> pids() {
        return family().stream().map(ProcessHandle::pid).toList();
    }

    private static void signal(String signal, List<Long> pids) {
        List<String> command = new ArrayList<>(List.of("kill", signal));
        pids.forEach(each -> command.add(Long.toString(each)));
        try {
            new ProcessBuilder(command).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The first process and those that it started. */
    private List<ProcessHandle> family() {
        return ProcessHandle.of(pid).stream()
                .flatMap(first -> Stream.concat(Stream.of(first), first.descendants()))
                .toList();
    }

    @Override
    public void close() {
        kill();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

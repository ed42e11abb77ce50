package org.jbootd.app.cluster;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL server that other namespaces reach, too, and that may be killed. One thread at a time. */
final class Database {

    static final int PORT = 5432;

    private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);

    private final Path directory;

    private Database(Path directory) {
        this.directory = directory;
    }

    /** @param directory that is not there yet */
    static Database start(Path directory) throws IOException, SQLException {
        EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setOverrideWorkingDirectory(new File(System.getProperty("java.io.tmpdir"), "jbootd-postgres-binaries"))
                .setRegisterShutdownHook(false)
                .setPGStartupWait(STARTS_WITHIN)
                .setServerConfig("listen_addresses", "*")
                .setServerConfig("fsync", "off") // its processes are killed, and the host is not
                .setServerConfig("synchronous_commit", "off") // whoever wants it on has to say so
                .setPort(PORT)
                .start();
        Files.writeString(
                directory.resolve("pg_hba.conf"), "host all all 10.77.0.0/16 trust\n", StandardOpenOption.APPEND);
        try (Connection connection = connect("localhost");
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_reload_conf()");
        }
        return new Database(directory);
    }

    private static Connection connect(String host) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://" + host + ":" + PORT + "/postgres", "postgres", "");
    }

    Connection connect() throws SQLException {
        return connect("localhost");
    }

    /** Ends every process of it, as a crash does. @return how it was started */
    List<String> kill() throws IOException {
        ProcessHandle first = first();
        List<String> command = new ArrayList<>(List.of(first.info().command().orElseThrow()));
        command.addAll(List.of(first.info().arguments().orElseThrow()));
        List<ProcessHandle> family =
                Stream.concat(Stream.of(first), first.descendants()).toList();
        family.forEach(ProcessHandle::destroyForcibly);
        family.forEach(
                process -> process.onExit().orTimeout(60, TimeUnit.SECONDS).join());
        return command;
    }

    private ProcessHandle first() throws IOException {
        try (Stream<String> lines = Files.lines(directory.resolve("postmaster.pid"))) {
            return ProcessHandle.of(
                            Long.parseLong(lines.findFirst().orElseThrow().strip()))
                    .orElseThrow();
        }
    }

    /** Starts it with what it had. @param command as {@link #kill} said; it does not run as root */
    void restart(List<String> command) throws IOException {
        Files.deleteIfExists(directory.resolve("postmaster.pid"));
        List<String> asNobody = new ArrayList<>(List.of("unshare", "--user"));
        asNobody.addAll(command);
        new ProcessBuilder(asNobody)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolveSibling("database.log").toFile())
                .start();
        await().atMost(STARTS_WITHIN)
                .pollDelay(Duration.ZERO)
                .ignoreExceptions()
                .until(() -> {
                    connect().close();
                    return true;
                });
    }
}

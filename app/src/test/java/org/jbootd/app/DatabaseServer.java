package org.jbootd.app;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real PostgreSQL on this host, which may be killed and started again. One thread at a time. */
public final class DatabaseServer implements AutoCloseable {

    /** May do everything, and needs no password. */
    public static final String USER = "postgres";

    /** On a busy machine. */
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);

    private final Path directory;
    private final int port;
    private final List<String> command;
    private ProcessHandle first;

    private DatabaseServer(Path directory, int port, ProcessHandle first) {
        this.directory = directory;
        this.port = port;
        this.first = first;
        this.command = new ArrayList<>(List.of(first.info().command().orElseThrow()));
        command.addAll(List.of(first.info().arguments().orElseThrow()));
    }

    /**
     * @param directory that is not there yet
     * @param port 0 for a free one
     * @param configuration beside what makes it quick
     */
    public static DatabaseServer start(Path directory, int port, Map<String, String> configuration) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setOverrideWorkingDirectory(new File(System.getProperty("java.io.tmpdir"), "jbootd-postgres-binaries"))
                .setRegisterShutdownHook(false)
                .setPGStartupWait(STARTS_WITHIN)
                .setServerConfig("fsync", "off") // its processes are killed, and the host is not
                .setServerConfig("synchronous_commit", "off"); // whoever wants it on has to say so
        configuration.forEach(builder::setServerConfig);
        EmbeddedPostgres postgres = (port == 0 ? builder : builder.setPort(port)).start();
        return new DatabaseServer(directory, postgres.getPort(), recorded(directory));
    }

    private static ProcessHandle recorded(Path directory) throws IOException {
        try (Stream<String> lines = Files.lines(directory.resolve("postmaster.pid"))) {
            return ProcessHandle.of(
                            Long.parseLong(lines.findFirst().orElseThrow().strip()))
                    .orElseThrow();
        }
    }

    public Path directory() {
        return directory;
    }

    public String url(String database) {
        return "jdbc:postgresql://localhost:" + port + "/" + database;
    }

    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(url(database), USER, "");
    }

    /** Ends every process of it, as a crash does. */
    public void kill() throws IOException, InterruptedException {
        String pid = String.valueOf(first.pid());
        new ProcessBuilder("kill", "-STOP", pid).start().waitFor(); // so that there will be no more of them
        List<ProcessHandle> family =
                Stream.concat(Stream.of(first), first.descendants()).toList();
        family.forEach(ProcessHandle::destroyForcibly);
        family.forEach(
                process -> process.onExit().orTimeout(60, TimeUnit.SECONDS).join());
    }

    /** Starts it after {@link #kill} with what it had, and at the same port. Waits for nothing. */
    public void launch() throws IOException {
        Files.deleteIfExists(directory.resolve("postmaster.pid"));
        List<String> all = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            all.addAll(List.of("unshare", "--user")); // it does not run as root
        }
        all.addAll(command);
        Process process = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        first = process.toHandle();
    }

    /** Starts it after {@link #kill}, and waits until it can be asked. */
    public void restart() throws IOException {
        launch();
        await().atMost(STARTS_WITHIN)
                .pollDelay(Duration.ZERO)
                .ignoreExceptions()
                .until(() -> {
                    connect("postgres").close();
                    return true;
                });
    }

    /** Leaves nothing of it behind. */
    @Override
    public void close() throws IOException {
        try {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}

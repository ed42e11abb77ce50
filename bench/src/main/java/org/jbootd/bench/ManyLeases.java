package org.jbootd.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.persistence.EmbeddedLeaseStore;
import org.jbootd.persistence.LedgerStore;
import org.jbootd.persistence.StoreSettings;
import org.jbootd.persistence.postgres.PostgresLeaseStore;
import org.jbootd.persistence.postgres.PostgresSettings;

/**
 * What a large number of leases costs: from the start of the process until it is ready, in memory, and in the time that new
 * machines wait for their address, beside the same daemon with few leases. Leases are in data directories, or in databases of a
 * PostgreSQL server. Some five minutes.
 */
public final class ManyLeases {

    private static final Ipv4 POOL_START = Ipv4.parse("127.16.0.1");
    private static final List<Integer> LEASES = List.of(1_000, 100_000, 1_000_000);
    private static final Duration WARM_UP = Duration.ofSeconds(15);
    private static final int TURNS = 2;
    private static final int ROUNDS = 5;

    /** Their MAC addresses are no tenant's. */
    private static final String NEW = "06-00-01";

    private static final Duration ROUND = Duration.ofSeconds(4);
    private static final int MACHINES = 2_000;
    private static final int PER_SECOND = 500;
    private static final List<Duration> WAITS = Collections.nCopies(5, Duration.ofSeconds(1));
    private static final int BATCH = 1_000;

    private final Path directory;
    private final Optional<PostgresSettings> server;

    private ManyLeases(Path directory, Optional<PostgresSettings> server) {
        this.directory = directory;
        this.server = server;
    }

    /**
     * @param arguments a directory for leases and logs, which are made where they are not there yet, or nothing for a new one; and
     *     the URL of a database and a user who needs no password, for a server that has the leases in databases of their own, which
     *     are made with the directory
     */
    public static void main(String[] arguments) throws Exception {
        Path directory = arguments.length == 0
                ? Files.createTempDirectory("jbootd-leases-")
                : Files.createDirectories(Path.of(arguments[0]));
        System.out.println("leases and logs are in " + directory);
        ManyLeases many = new ManyLeases(directory, server(arguments));
        for (int leases : LEASES) {
            if (!Files.exists(many.home(leases))) {
                many.make(leases);
            }
        }
        System.out.printf(
                "%n%12s %12s %8s %8s %8s %14s%n", "leases", "ready, ms", "p50 ms", "p99 ms", "none", "resident, MiB");
        for (int turn = 0; turn < TURNS; turn++) {
            for (int leases : LEASES) {
                many.measure(leases);
            }
        }
    }

    private static Optional<PostgresSettings> server(String[] arguments) {
        return arguments.length < 3
                ? Optional.empty()
                : Optional.of(new PostgresSettings(arguments[1], Optional.of(arguments[2]), Optional.empty()));
    }

    private void make(int leases) throws IOException, SQLException {
        Files.createDirectory(home(leases));
        if (server.isPresent()) {
            String user = server.get().user().orElseThrow();
            try (Connection connection =
                            DriverManager.getConnection(server.get().url(), user, "");
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + name(leases));
            }
        }
        long began = System.nanoTime();
        try (LedgerStore store = open(leases)) {
            store.load();
            Instant now = Instant.now();
            for (int first = 0; first < leases; first += BATCH) {
                List<LeaseChange> changes = IntStream.range(first, Math.min(leases, first + BATCH))
                        .mapToObj(i -> new Tenant(i, POOL_START.plus(i)).bound(now, Duration.ofDays(30)))
                        .toList();
                store.commit(changes).toCompletableFuture().join();
                store.awaitHistory(); // so that the start that is measured finds a database that lacks nothing
            }
        }
        System.out.printf(
                "%,d leases made in %d s%n", leases, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began));
    }

    private LedgerStore open(int leases) {
        return server.isPresent()
                ? PostgresLeaseStore.open(database(server.get(), leases), Duration.ofMinutes(1))
                : EmbeddedLeaseStore.open(new StoreSettings(home(leases).resolve("leases")));
    }

    private static String name(int leases) {
        return "jbootd_leases_" + leases;
    }

    private static PostgresSettings database(PostgresSettings server, int leases) {
        String url = server.url().replaceFirst("(//[^/]+/)[^?]*", "$1" + name(leases));
        return new PostgresSettings(url, server.user(), server.password());
    }

    private Path home(int leases) {
        return directory.resolve(Integer.toString(leases));
    }

    private void measure(int leases) throws Exception {
        try (Crowd crowd = new Crowd();
                LoadedDaemon daemon = new LoadedDaemon(home(leases))) {
            long began = System.nanoTime();
            daemon.start(settings(daemon, crowd) + storage(leases), "-p");
            long ready = System.nanoTime();
            crowd.face(daemon.port());
            crowd.stream(NEW, MACHINES, PER_SECOND, WARM_UP, WAITS);
            List<List<Boot>> rounds = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                rounds.add(crowd.stream(NEW, MACHINES, PER_SECOND, ROUND, WAITS));
            }
            System.out.printf(
                    "%,12d %12.0f %8.2f %8.2f %8d %14d%n",
                    leases,
                    Figures.millis(ready - began),
                    Figures.millis(Figures.typical(rounds, 0.5)),
                    Figures.millis(Figures.typical(rounds, 0.99)),
                    rounds.stream().mapToLong(Figures::without).sum(),
                    daemon.state().peakResident() >> 10);
        }
    }

    private static String settings(LoadedDaemon daemon, Crowd crowd) {
        return """
                [bootp]
                interface = lo
                pool_start = %s
                pool_count = 1040000
                port = %d
                reply_port = %d
                boot_file = boot.0
                lease_time = 30d

                [leases]
                data_dir = leases
                """.formatted(POOL_START, daemon.port(), crowd.replyPort());
    }

    private String storage(int leases) {
        return server.map(each -> database(each, leases))
                .map(database -> """
                        url = %s
                        user = %s
                        allocation = hashed
                        """.formatted(database.url(), database.user().orElseThrow()))
                .orElse("");
    }
}

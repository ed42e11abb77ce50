package org.jbootd.app.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jbootd.app.DatabaseServer;
import org.jbootd.app.leases.LedgerProblem;

/**
 * Several daemons on one database, many machines, and whatever can go wrong: a program for namespaces of its own, in which it
 * makes networks, and kills processes. Its arguments are the number of machines, for how many seconds things go wrong, the seed,
 * and an empty directory. Its exit status is 0 only if nobody has anything to complain of.
 */
final class Storm {

    private static final int NODES = 3;
    private static final int DATABASE_PORT = 5432;

    /** After all is healed everybody has an address before this time is over. */
    private static final Duration PATIENCE = Duration.ofSeconds(150);

    private static final long REPORT_NANOS = Duration.ofSeconds(10).toNanos();

    private final int machines;
    private final Duration trouble;
    private final Random random;
    private final Path directory;
    private final List<Daemon> daemons = new ArrayList<>();
    private long reportedAt = System.nanoTime();

    private Storm(String[] arguments) {
        machines = Integer.parseInt(arguments[0]);
        trouble = Duration.ofSeconds(Long.parseLong(arguments[1]));
        random = new Random(Long.parseLong(arguments[2]));
        directory = Path.of(arguments[3]);
    }

    public static void main(String[] arguments) throws Exception {
        List<String> complaints = new Storm(arguments).rage();
        complaints.stream().limit(40).forEach(System.out::println);
        System.out.println(complaints.size() + " complaints");
        System.exit(complaints.isEmpty() ? 0 : 1);
    }

    private List<String> rage() throws IOException, InterruptedException, SQLException, LedgerProblem {
        Place.furnish(NODES);
        DatabaseServer database = database();
        for (int node = 1; node <= NODES; node++) {
            Daemon daemon = new Daemon(node, directory, settings());
            daemon.start();
            daemons.add(daemon);
        }
        try (Machines crowd = new Machines(machines, NODES, random, trouble.dividedBy(3))) {
            List<String> complaints = new ArrayList<>(live(crowd, database));
            complaints.addAll(crowd.holdings().complaints());
            complaints.addAll(recorded(database, crowd));
            return complaints;
        } finally {
            daemons.forEach(Daemon::close);
            database.close();
        }
    }

    /** One that the namespaces of the nodes reach, too. */
    private DatabaseServer database() throws IOException, SQLException {
        DatabaseServer database =
                DatabaseServer.start(directory.resolve("database"), DATABASE_PORT, Map.of("listen_addresses", "*"));
        Files.writeString(
                database.directory().resolve("pg_hba.conf"),
                "host all all 10.77.0.0/16 trust\n",
                StandardOpenOption.APPEND);
        try (Connection connection = database.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_reload_conf()");
        }
        return database;
    }

    /** Many machines wait longer for each other. */
    private int offerSeconds() {
        return 2 + machines / 5000;
    }

    /** Hardly more addresses than machines: those that fell silent keep theirs for a while. */
    private String settings() {
        int addresses = Math.min(Place.MOST_ADDRESSES, machines + machines / 20 + 1);
        return """
                [bootp]
                pool_start = %s
                pool_count = %d
                boot_file = a
                allow_simple_dhcp = on
                lease_time = %ds
                offer_timeout = %ds
                reclaim_after = 1s
                [leases]
                data_dir = leases
                url = jdbc:postgresql://%s:%d/postgres
                user = postgres
                allocation = hashed
                """.formatted(
                        Place.POOL.plus(1),
                        addresses,
                        Math.max(20, machines / 200),
                        offerSeconds(),
                        Place.RELAY,
                        DATABASE_PORT);
    }

    private List<String> live(Machines crowd, DatabaseServer database) throws IOException {
        Calamities calamities =
                new Calamities(Duration.ofSeconds(offerSeconds()), Duration.ofMillis(2000 + machines / 2));
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            all.add(calamities.at(daemons.get(i), i + 1, random.nextLong()));
        }
        all.add(calamities.at(database, random.nextLong()));
        CompletableFuture<Void> healed = CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
        long end = System.nanoTime() + trouble.toNanos();
        crowd.live(() -> {
            report(crowd);
            return System.nanoTime() - end >= 0 || healed.isCompletedExceptionally();
        });
        calamities.end();
        crowd.live(healed::isDone);
        healed.join();
        System.out.println("befell: " + calamities.counts());
        crowd.calm();
        long healedAt = System.nanoTime();
        crowd.live(() -> {
            report(crowd);
            return crowd.served() == machines || System.nanoTime() - healedAt > PATIENCE.toNanos();
        });
        System.out.printf(
                "%,d machines in %,d places, %,d acknowledgements, all served %d ms after the last was healed%n",
                crowd.born(), machines, crowd.acknowledgements().size(), (System.nanoTime() - healedAt) / 1_000_000);
        long left = machines - crowd.served();
        return left == 0
                ? List.of()
                : List.of(left + " machines have no address " + PATIENCE + " after all was healed");
    }

    /** Now and then, so that somebody who listens knows that it lives. */
    private void report(Machines crowd) {
        if (System.nanoTime() - reportedAt > REPORT_NANOS) {
            reportedAt = System.nanoTime();
            System.out.printf(
                    "%,d of %,d places served at present, %,d acknowledgements%n",
                    crowd.served(), machines, crowd.acknowledgements().size());
        }
    }

    private List<String> recorded(DatabaseServer database, Machines crowd) throws SQLException, LedgerProblem {
        try (Connection connection = database.connect("postgres")) {
            Records records = new Records(connection);
            List<String> report = new ArrayList<>();
            boolean well = records.check(report);
            report.forEach(System.out::println);
            List<String> complaints = new ArrayList<>(records.unrecorded(crowd.acknowledgements()));
            if (!well) {
                complaints.addAll(report);
            }
            return complaints;
        }
    }
}

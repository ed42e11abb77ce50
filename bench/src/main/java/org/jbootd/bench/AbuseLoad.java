package org.jbootd.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jbootd.domain.net.Ipv4;

/**
 * What others feel while somebody sends what nobody should: a daemon of its own on the loopback interface, and bad
 * datagrams, forged DISCOVERs, or reads that are begun and abandoned. Some four minutes.
 */
public final class AbuseLoad {

    private static final Ipv4 SERVER = Ipv4.parse("127.0.0.1");
    private static final Ipv4 POOL_START = Ipv4.parse("127.64.0.1");
    private static final String KNOWN = "02-00-01";
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final int ROUNDS = 5;
    private static final Duration ROUND = Duration.ofSeconds(4);

    private static final int MACHINES = 2_000;
    private static final int PER_SECOND = 500;
    private static final List<Integer> BAD_PER_SECOND = List.of(0, 1, 1_000);
    private static final List<Duration> WAITS = Collections.nCopies(5, Duration.ofSeconds(1));

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int FORGED_PER_SECOND = 1_700;
    private static final int KNOWN_PER_SECOND = 20;

    private static final int READING_ROUNDS = 3;
    private static final int ABANDONED_PER_SECOND = 2_500;

    /** Longer than a server tries to reach who never says anything. */
    private static final Duration ENDING = Duration.ofSeconds(10);

    private static final int GOOD_FILE = 16 << 20;
    private static final int OTHER_FILES = 100;
    private static final int OTHER_FILE = 100_000;

    private final Path directory;
    private final int tftpPort;

    private AbuseLoad(Path directory) throws IOException {
        this.directory = directory;
        this.tftpPort = LoadedDaemon.freePort();
        Path files = Files.createDirectory(directory.resolve("files"));
        Files.write(files.resolve("good"), new byte[GOOD_FILE]);
        for (int i = 0; i < OTHER_FILES; i++) {
            Files.write(files.resolve(Integer.toString(i)), new byte[OTHER_FILE]);
        }
    }

    /** @param arguments a directory for leases and logs, or nothing for one of the system's choice */
    public static void main(String[] arguments) throws Exception {
        Path directory = arguments.length == 0
                ? Files.createTempDirectory("jbootd-abuse-")
                : Files.createTempDirectory(Path.of(arguments[0]), "jbootd-abuse-");
        System.out.println("logs are in " + directory + ", seed " + BadDatagrams.SEED);
        AbuseLoad load = new AbuseLoad(directory);
        load.badDatagrams();
        load.forgedDiscovers();
        load.abandonedReads();
        load.dearestDatagrams();
    }

    private void badDatagrams() throws Exception {
        Map<Integer, List<List<Boot>>> rows = new LinkedHashMap<>();
        BAD_PER_SECOND.forEach(rate -> rows.put(rate, new ArrayList<>()));
        try (Crowd crowd = new Crowd();
                LoadedDaemon daemon = daemon("bad");
                BadDatagrams bad = new BadDatagrams(daemon.port(), tftpPort, SERVER, POOL_START)) {
            daemon.start(settings(daemon, crowd));
            crowd.face(daemon.port());
            known(crowd, PER_SECOND, WARM_UP);
            for (int round = 0; round < ROUNDS; round++) {
                for (int rate : BAD_PER_SECOND) {
                    rows.get(rate).add(beside(bad, rate, crowd));
                }
            }
        }
        System.out.printf("%n%d machines a second; %d rounds of %d s%n", PER_SECOND, ROUNDS, ROUND.toSeconds());
        System.out.printf("%-16s %8s %8s %8s %8s%n", "bad datagrams/s", "p50 ms", "p99 ms", "ratio", "none");
        double baseline = Figures.millis(Figures.typical(rows.get(0), 0.99));
        rows.forEach((rate, rounds) -> System.out.printf(
                "%-16d %8.2f %8.2f %8.2f %8d%n",
                rate,
                Figures.millis(Figures.typical(rounds, 0.5)),
                Figures.millis(Figures.typical(rounds, 0.99)),
                Figures.millis(Figures.typical(rounds, 0.99)) / baseline,
                rounds.stream().mapToLong(Figures::without).sum()));
    }

    private static List<Boot> beside(BadDatagrams bad, int perSecond, Crowd crowd) throws InterruptedException {
        if (perSecond == 0) {
            return known(crowd, PER_SECOND, ROUND);
        }
        SteadyStream stream = new SteadyStream(perSecond, bad);
        try {
            return known(crowd, PER_SECOND, ROUND);
        } finally {
            stream.stop();
        }
    }

    private static List<Boot> known(Crowd crowd, int perSecond, Duration length) throws InterruptedException {
        return crowd.stream(KNOWN, MACHINES, perSecond, length, WAITS);
    }

    private void forgedDiscovers() throws Exception {
        LoadedDaemon daemon = daemon("forged");
        try (daemon;
                Crowd crowd = new Crowd();
                ForgedDiscovers forged = new ForgedDiscovers(daemon.port())) {
            daemon.start(settings(daemon, crowd));
            crowd.face(daemon.port());
            known(crowd, PER_SECOND, WARM_UP);
            ProcessState before = daemon.state();
            SteadyStream stream = new SteadyStream(FORGED_PER_SECOND, forged);
            List<Boot> boots = known(crowd, KNOWN_PER_SECOND, MINUTE);
            printForged(stream.stop(), boots, before, daemon.state());
        }
        System.out.printf(
                "rows of machines that are not there: %d leases, %d changes%n",
                forgedRows("lease"), forgedRows("lease_event"));
    }

    private static void printForged(long sent, List<Boot> boots, ProcessState before, ProcessState after) {
        long[] nanos = Figures.sorted(boots);
        System.out.printf("%n%d forged DISCOVERs in %d s, %d known machines%n", sent, MINUTE.toSeconds(), boots.size());
        System.out.printf(
                "p50 %.2f ms, p99 %.2f ms, worst %.1f ms; without an address %d, had to ask again %d%n",
                Figures.millis(Figures.percentile(nanos, 0.5)),
                Figures.millis(Figures.percentile(nanos, 0.99)),
                Figures.millis(Figures.percentile(nanos, 1)),
                Figures.without(boots),
                boots.stream().filter(boot -> boot.repeated() > 0).count());
        System.out.printf(
                "peak resident %d MiB before, %d MiB after%n", before.peakResident() >> 10, after.peakResident() >> 10);
    }

    private long forgedRows(String table) throws SQLException {
        String url = "jdbc:h2:" + directory.resolve("forged/leases/leases").toAbsolutePath() + ";IFEXISTS=TRUE";
        String hardware = BadDatagrams.FORGED.replace('-', ':') + "%";
        try (Connection database = DriverManager.getConnection(url, "jbootd", "");
                ResultSet rows = database.createStatement()
                        .executeQuery("SELECT COUNT(*) FROM " + table + " WHERE hardware LIKE '" + hardware + "'")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private void abandonedReads() throws Exception {
        InetSocketAddress server = new InetSocketAddress(SERVER.toString(), tftpPort);
        TftpReader reader = new TftpReader(server, "good");
        try (Crowd crowd = new Crowd();
                LoadedDaemon daemon = daemon("abandoned")) {
            daemon.start(settings(daemon, crowd));
            reader.read(WARM_UP);
            ProcessState before = daemon.state();
            besideAbandoned(server, reader); // so that what is new to both sides is compiled
            TimeUnit.NANOSECONDS.sleep(ENDING.toNanos());
            System.out.printf("%n%d reads abandoned a second, for %d s%n", ABANDONED_PER_SECOND, ROUND.toSeconds());
            for (int round = 0; round < READING_ROUNDS; round++) {
                double undisturbed = reader.read(ROUND);
                double disturbed = besideAbandoned(server, reader);
                System.out.printf(
                        "a good client: alone %.1f MB/s, beside them %.1f MB/s, ratio %.2f%n",
                        undisturbed / 1e6, disturbed / 1e6, undisturbed / disturbed);
                TimeUnit.NANOSECONDS.sleep(ENDING.toNanos());
                ProcessState after = daemon.state();
                System.out.printf(
                        "threads %d before, %d after; descriptors %d before, %d after; peak resident %d MiB%n",
                        before.threads(),
                        after.threads(),
                        before.descriptors(),
                        after.descriptors(),
                        after.peakResident() >> 10);
            }
        }
    }

    private static double besideAbandoned(InetSocketAddress server, TftpReader reader) throws IOException {
        try (AbandonedReads abandoned = new AbandonedReads(server, OTHER_FILES)) {
            SteadyStream stream = new SteadyStream(ABANDONED_PER_SECOND, abandoned);
            double octetsPerSecond = reader.read(ROUND);
            stream.stop();
            return octetsPerSecond;
        }
    }

    private void dearestDatagrams() {
        System.out.printf("%nfrom datagram to reply, CPU time%n%10s %10s %8s%n", "mean µs", "max µs", "octets");
        for (PacketCost.Cost cost : new PacketCost().ordinaryAndDearest(5)) {
            System.out.printf(
                    "%10.1f %10.1f %8d  %s%n",
                    cost.meanNanos() / 1e3, cost.maxNanos() / 1e3, cost.datagram().length, cost.what());
        }
    }

    private LoadedDaemon daemon(String name) throws IOException {
        return new LoadedDaemon(Files.createDirectory(directory.resolve(name)));
    }

    private String settings(LoadedDaemon daemon, Crowd crowd) {
        return """
                [bootp]
                interface = lo
                pool_start = %s
                pool_count = 100000
                port = %d
                reply_port = %d
                boot_file = boot.0

                [tftp]
                root = ../files
                address = %s
                port = %d

                [leases]
                data_dir = leases
                """.formatted(POOL_START, daemon.port(), crowd.replyPort(), SERVER, tftpPort);
    }
}

package org.jbootd.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * What an authority's troubles cost: a daemon of its own on the loopback interface, machines that {@code [mac]} lists, and
 * others that the authority is asked about. And how long it takes until all are served who boot at once. Some six minutes.
 */
public final class AccessLoad {

    private static final String NOBODY = "nobody asks it";
    private static final int ROUNDS = 3;
    private static final Duration ROUND = Duration.ofSeconds(5);
    /** After the daemon has taken over a configuration, which is not what is measured. */
    private static final Duration SETTLING = Duration.ofSeconds(1);

    private static final Duration WARM_UP = Duration.ofSeconds(15);
    /** The first three octets of MAC addresses that {@code [mac]} lists. */
    private static final String LISTED = "02-00-01";

    private static final int LISTED_PER_SECOND = 500;
    private static final int KNOCKING_PER_SECOND = 200;
    private static final int MACHINES = 5_000;

    /** How long an authority may take; nobody hears of a grant later than that. */
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private static final List<Duration> LISTED_WAIT = seconds(3);
    private static final List<Duration> KNOCKING_WAIT = List.of(TIMEOUT.plusMillis(500));

    private static final int RUSH = 10_000;
    private static final Duration RUSH_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration RUSH_DELAY = Duration.ofMillis(50);

    /** PXE 2.1 repeats after 4, 8 and 16 s, and gives up after 32 more. */
    private static final List<Duration> PXE = seconds(4, 8, 16, 32);

    private static final List<Duration> IPXE = seconds(1, 2, 4, 8);

    private final Path directory;

    private AccessLoad(Path directory) {
        this.directory = directory;
    }

    /** @param arguments a directory for leases and logs, or nothing for one of the system's choice */
    public static void main(String[] arguments) throws Exception {
        Path directory = arguments.length == 0
                ? Files.createTempDirectory("jbootd-access-")
                : Files.createTempDirectory(Path.of(arguments[0]), "jbootd-access-");
        System.out.println("logs are in " + directory);
        AccessLoad load = new AccessLoad(directory);
        try (SickAuthority authority = new SickAuthority(directory)) {
            load.troubles(authority);
            load.rushes(authority);
        }
        System.exit(0); // an authority's threads may still be busy with an endless body
    }

    /** What was seen while an authority was in one state. */
    private static final class Row {
        final List<List<Boot>> listed = new ArrayList<>();
        final List<Boot> asked = new ArrayList<>();
    }

    private void troubles(SickAuthority authority) throws Exception {
        Map<String, URI> authorities = new LinkedHashMap<>();
        authorities.put("healthy", authority.granting(Duration.ZERO));
        authorities.put("refused", authority.refusing());
        authorities.put("hung", authority.hanging());
        authorities.put("2 s slow", authority.granting(Duration.ofSeconds(2)));
        authorities.put("500", authority.failing());
        authorities.put("redirect loop", authority.redirecting());
        authorities.put("endless body", authority.endless());
        authorities.put("garbage", authority.babbling());
        authorities.put("wrong certificate", authority.impostor());
        Map<String, Row> rows = new LinkedHashMap<>();
        rows.put(NOBODY, new Row());
        authorities.keySet().forEach(name -> rows.put(name, new Row()));
        try (Crowd crowd = new Crowd();
                LoadedDaemon daemon = daemon("troubles")) {
            daemon.start(settings(daemon, crowd, authorities.get("healthy"), TIMEOUT), "-p");
            crowd.face(daemon.port());
            both(crowd, WARM_UP, new Row());
            for (int round = 0; round < ROUNDS; round++) {
                daemon.reload(settings(daemon, crowd, authorities.get("healthy"), TIMEOUT));
                both(crowd, SETTLING, new Row());
                rows.get(NOBODY).listed.add(listed(crowd, ROUND));
                for (Map.Entry<String, URI> one : authorities.entrySet()) {
                    daemon.reload(settings(daemon, crowd, one.getValue(), TIMEOUT));
                    both(crowd, SETTLING, new Row());
                    both(crowd, ROUND, rows.get(one.getKey()));
                }
            }
        }
        printTroubles(rows);
    }

    private static List<Boot> listed(Crowd crowd, Duration length) throws InterruptedException {
        return crowd.stream(LISTED, MACHINES, LISTED_PER_SECOND, length, LISTED_WAIT);
    }

    private static void both(Crowd crowd, Duration length, Row row) throws InterruptedException {
        CompletableFuture<List<Boot>> knocking = CompletableFuture.supplyAsync(() -> {
            try {
                return crowd.stream("02-00-02", MACHINES, KNOCKING_PER_SECOND, length, KNOCKING_WAIT);
            } catch (InterruptedException e) {
                throw new CompletionException(e);
            }
        });
        row.listed.add(listed(crowd, length));
        row.asked.addAll(knocking.join());
    }

    private static void printTroubles(Map<String, Row> rows) {
        System.out.printf(
                "%n%d machines a second that are listed, %d others a second; %d rounds of %d s%n",
                LISTED_PER_SECOND, KNOCKING_PER_SECOND, ROUNDS, ROUND.toSeconds());
        System.out.printf(
                "%-18s %8s %8s %8s %8s  %s%n", "authority", "p50 ms", "p99 ms", "ratio", "none", "others offered");
        double baseline = Figures.millis(Figures.typical(rows.get(NOBODY).listed, 0.99));
        rows.forEach((name, row) -> System.out.printf(
                "%-18s %8.2f %8.2f %8.2f %8d  %d of %d%n",
                name,
                Figures.millis(Figures.typical(row.listed, 0.5)),
                Figures.millis(Figures.typical(row.listed, 0.99)),
                Figures.millis(Figures.typical(row.listed, 0.99)) / baseline,
                row.listed.stream().mapToLong(Figures::without).sum(),
                row.asked.stream().filter(Boot::wasOffered).count(),
                row.asked.size()));
    }

    private void rushes(SickAuthority authority) throws Exception {
        System.out.printf("%n%d machines at once, an authority that takes %d ms%n", RUSH, RUSH_DELAY.toMillis());
        try (Crowd crowd = new Crowd();
                LoadedDaemon daemon = daemon("rush")) {
            daemon.start(settings(daemon, crowd, authority.granting(RUSH_DELAY), RUSH_TIMEOUT), "-p");
            crowd.face(daemon.port());
            rush("PXE, new machines, the daemon just started", crowd, PXE);
            rush("PXE, the same again", crowd, PXE);
            rush("iPXE", crowd, IPXE);
        }
    }

    private static void rush(String what, Crowd crowd, List<Duration> waits) throws InterruptedException {
        List<Boot> boots = crowd.rush("02-00-03", RUSH, waits);
        long[] nanos = Figures.sorted(boots);
        int[] repeated = new int[2 * waits.size()];
        boots.forEach(boot -> repeated[boot.repeated()]++);
        System.out.printf(
                "%s: %d without an address; p50 %.1f, p99 %.1f, last %.1f s; machines by repetitions: %s%n",
                what,
                boots.size() - nanos.length,
                Figures.millis(Figures.percentile(nanos, 0.5)) / 1000,
                Figures.millis(Figures.percentile(nanos, 0.99)) / 1000,
                Figures.millis(Figures.percentile(nanos, 1)) / 1000,
                Arrays.toString(repeated));
    }

    private LoadedDaemon daemon(String name) throws IOException {
        return new LoadedDaemon(Files.createDirectory(directory.resolve(name)));
    }

    private static String settings(LoadedDaemon daemon, Crowd crowd, URI authority, Duration timeout) {
        String trust = authority.getScheme().equals("https") ? "ca = ../" + SickAuthority.TRUSTED : "";
        return """
                [bootp]
                interface = lo
                pool_start = 127.64.0.1
                pool_count = 100000
                port = %d
                reply_port = %d
                boot_file = boot.0
                access = mac, http

                [mac]
                %s/24 = on

                [http]
                location = %s
                %s
                pxe = boot
                dhcp = linux
                timeout = %d

                [leases]
                data_dir = leases
                """.formatted(daemon.port(), crowd.replyPort(), LISTED, authority, trust, timeout.toSeconds());
    }

    private static List<Duration> seconds(int... waits) {
        return Arrays.stream(waits).mapToObj(Duration::ofSeconds).toList();
    }
}

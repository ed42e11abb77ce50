package org.jbootd.app.leases;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseChange.Kind;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;
import org.jbootd.persistence.EmbeddedLeaseStore;
import org.jbootd.persistence.StoreRepair;
import org.jbootd.persistence.StoreSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever was damaged, the leases are what the history says after a repair, and none is gone whose last change can be read. */
class RepairedLedgerTest {

    private static final Instant START = Instant.parse("2026-05-01T10:00:00Z");
    private static final Ipv4 FIRST = Ipv4.parse("10.0.0.100");
    private static final int ADDRESSES = 12;
    private static final int MACHINES = 16;
    private static final int RUNS = 4;
    private static final int COMMITS = 30;

    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Pattern RANGE = Pattern.compile("changes? (\\d+)(?: to (\\d+))?");

    @TempDir
    private Path parent;

    private Path data;
    private Random random;
    private Instant now = START;
    private long seq;

    private final Map<Ipv4, Lease> leases = new HashMap<>();

    /** The last change of each address. */
    private final Map<Ipv4, Long> lastChange = new HashMap<>();

    /** Each run has a segment of its own. */
    @BeforeEach
    void chooseDirectory() {
        data = parent.resolve("data");
    }

    private void fill(long seed) throws IOException {
        random = new Random(seed);
        for (int run = 1; run <= RUNS; run++) {
            try (EmbeddedLeaseStore store = EmbeddedLeaseStore.open(new StoreSettings(data), () -> now)) {
                for (int i = 0; i < COMMITS; i++) {
                    List<LeaseChange> changes = something();
                    store.commit(changes).toCompletableFuture().join();
                    changes.forEach(this::follow);
                }
            }
            Files.copy(data.resolve("leases.mv.db"), database(run));
        }
    }

    private Path database(int run) {
        return parent.resolve("database-" + run);
    }

    private void follow(LeaseChange change) {
        Ipv4 address = change.lease().address();
        lastChange.put(address, ++seq);
        if (change.kind().ends()) {
            leases.remove(address);
        } else {
            leases.put(address, change.lease());
        }
    }

    /** What a lease book might store next. */
    private List<LeaseChange> something() {
        now = now.plusSeconds(1 + random.nextInt(60));
        ClientIdentity machine = ClientIdentity.of(
                HardwareAddress.parse(String.format("02-00-00-00-00-%02x", random.nextInt(MACHINES))));
        Ipv4 address = FIRST.plus(random.nextInt(ADDRESSES));
        Lease there = leases.get(address);
        Optional<Lease> own = leases.values().stream()
                .filter(lease ->
                        lease.state() != Lease.State.DECLINED && lease.client().equals(machine))
                .findFirst();
        if (own.isPresent() && random.nextInt(4) > 0) {
            return List.of(nextOf(own.get()));
        }
        if (own.isPresent() && own.get().equals(there)) {
            return List.of(new LeaseChange(Kind.RENEWED, lease(address, machine, Lease.State.BOUND, there.since())));
        }
        List<LeaseChange> changes = new ArrayList<>();
        own.ifPresent(lease -> changes.add(new LeaseChange(Kind.MOVED, lease)));
        if (there != null) {
            changes.add(LeaseChange.ending(there));
        }
        changes.add(new LeaseChange(Kind.BOUND, lease(address, machine, Lease.State.BOUND, now)));
        return changes;
    }

    private LeaseChange nextOf(Lease own) {
        if (own.state() != Lease.State.BOUND) {
            return new LeaseChange(Kind.BOUND, lease(own.address(), own.client(), Lease.State.BOUND, now));
        }
        return switch (random.nextInt(6)) {
            case 0 -> new LeaseChange(Kind.RELEASED, lease(own.address(), own.client(), Lease.State.RELEASED, now));
            case 1 -> new LeaseChange(Kind.DECLINED, lease(own.address(), own.client(), Lease.State.DECLINED, now));
            case 2 -> new LeaseChange(Kind.EXPIRED, lease(own.address(), own.client(), Lease.State.EXPIRED, now));
            default ->
                new LeaseChange(Kind.RENEWED, lease(own.address(), own.client(), Lease.State.BOUND, own.since()));
        };
    }

    private Lease lease(Ipv4 address, ClientIdentity machine, Lease.State state, Instant since) {
        return new Lease(
                address,
                "lan",
                machine,
                Optional.empty(),
                false,
                state,
                since,
                state == Lease.State.BOUND ? now.plus(Duration.ofDays(30)) : now);
    }

    /** @param database the run after which the database is; 0 for none */
    @ParameterizedTest(name = "seed {0}: {1}, with the database after run {2}")
    @CsvSource({
        "1, an octet of an old segment, 2",
        "2, an octet of an old segment, 4",
        "3, an octet of an old segment, 0",
        "4, an octet of each segment, 1",
        "5, an octet of each segment, 0",
        "6, an octet of each segment, 4",
        "7, a segment is gone, 1",
        "8, a segment is gone, 4",
        "9, a segment is gone, 0",
        "10, the checksum of a header, 1",
        "11, the checksum of a header, 0",
        "12, the end of the journal, 4",
        "13, the whole journal, 4",
        "14, the whole journal, 2",
        "15, nothing, 0",
        "16, the middle of a segment, 1",
        "17, the middle of a segment, 0",
        "18, the middle of a segment, 2",
        "19, a segment is gone, 2",
        "20, an octet of each segment, 2"
    })
    void theLeasesAreWhatTheHistorySays(long seed, String damage, int database) throws Exception {
        fill(seed);
        Files.delete(data.resolve("leases.mv.db"));
        if (database > 0) {
            Files.copy(database(database), data.resolve("leases.mv.db"));
        }
        damage(damage);
        List<String> report = StoreRepair.repair(data, now);
        assertKept(report);
        assertFits(report, Optional.empty());
        now = now.plus(Duration.ofDays(20));
        assertFits(report, Optional.of(Duration.ofHours(1)));
        assertThat(StoreRepair.repair(data, now))
                .as("nothing is left to repair")
                .isEmpty();
    }

    private void damage(String damage) throws IOException {
        List<Path> segments = files();
        switch (damage) {
            case "an octet of an old segment" -> flip(segments.get(0), 200 + random.nextInt(1000));
            case "an octet of each segment" -> {
                for (Path segment : segments) {
                    flip(segment, 64 + random.nextInt((int) Files.size(segment) - 64));
                }
            }
            case "a segment is gone" -> Files.delete(segments.get(2));
            case "the checksum of a header" -> flip(segments.get(2), 37);
            case "the end of the journal" -> Files.delete(segments.get(RUNS - 1));
            case "the whole journal" -> {
                for (Path segment : segments) {
                    Files.delete(segment);
                }
            }
            case "the middle of a segment" -> {
                for (int at = 300; at < 1500; at++) {
                    flip(segments.get(2), at);
                }
            }
            default -> assertThat(damage).isEqualTo("nothing");
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("journal"))) {
            return files.sorted().toList();
        }
    }

    private static void flip(Path segment, int at) throws IOException {
        byte[] octets = Files.readAllBytes(segment);
        octets[at] ^= 0x55;
        Files.write(segment, octets);
    }

    /** Each lease but for those whose last change the report calls lost, and none that two machines could think theirs. */
    private void assertKept(List<String> report) {
        Map<Ipv4, Lease> now = load();
        for (Ipv4 address : lastChange.keySet()) {
            if (!isLost(report, lastChange.get(address)) && leases.containsKey(address)) {
                assertThat(now).as(String.join("\n", report)).containsEntry(address, leases.get(address));
            }
        }
    }

    private static boolean isLost(List<String> report, long change) {
        return report.stream().anyMatch(line -> isLost(line, change));
    }

    private static boolean isLost(String line, long change) {
        if (line.startsWith("lost, if there were any: changes behind ")) {
            return change
                    > NUMBER.matcher(line)
                            .results()
                            .mapToLong(RepairedLedgerTest::number)
                            .findFirst()
                            .orElseThrow();
        }
        return line.startsWith("lost: ")
                && RANGE.matcher(line)
                        .results()
                        .anyMatch(range -> Long.parseLong(range.group(1)) <= change
                                && change <= Long.parseLong(range.group(range.group(2) == null ? 1 : 2)));
    }

    private static long number(MatchResult match) {
        return Long.parseLong(match.group());
    }

    private Map<Ipv4, Lease> load() {
        try (EmbeddedLeaseStore store = EmbeddedLeaseStore.open(new StoreSettings(data), () -> now)) {
            return store.load().stream().collect(Collectors.toMap(Lease::address, lease -> lease));
        }
    }

    /** Of all that the check compares only what is lost may be missing. */
    private void assertFits(List<String> report, Optional<Duration> historyKeep) throws LedgerProblem {
        StoreSettings settings = new StoreSettings(data, historyKeep, Optional.empty(), Optional.empty());
        EmbeddedLeaseStore.open(settings, () -> now).close();
        Subnet lan = Subnet.named("lan", new Ipv4Network(Ipv4.parse("10.0.0.0"), 24), Ipv4.parse("10.0.0.1"))
                .build();
        List<String> broken = new ArrayList<>();
        try (Ledger ledger = StoppedLedger.open(new StoreSettings(data), List.of(lan), Identification.HARDWARE)) {
            LedgerCheck.run(ledger, broken);
        }
        boolean lost =
                report.stream().anyMatch(line -> line.startsWith("lost") || line.startsWith("the history has no"));
        assertThat(broken)
                .as(String.join("\n", report))
                .filteredOn(line -> !lost || !line.startsWith("events are missing behind this one"))
                .hasSize(1);
    }
}

package org.jbootd.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.persistence.Auditor;
import org.jbootd.persistence.EmbeddedLeaseStore;
import org.jbootd.persistence.StoreSettings;

/**
 * A store through a year that passes faster than others: ten thousand machines renew every hour, some of them are given back and
 * taken again, and what is older than a while is deleted. Tells how large its database becomes, how fast it stays, and how long
 * it takes to open it at the end.
 */
public final class LedgerYear {

    private static final int MACHINES = 10_000;
    private static final Ipv4 POOL_START = Ipv4.parse("10.0.0.1");
    private static final Duration TERM = Duration.ofHours(2);

    /** Each machine is installed anew once a month. */
    private static final int REINSTALLED_AN_HOUR = MACHINES / (30 * 24);

    /** Changes of one commit: few, as of machines that renew on their own. */
    private static final int BATCH = 100;

    private static final int DAYS_A_LINE = 5;

    private static final int QUESTIONS = 1_000;

    /** They are about the last five days. */
    private static final int TERM_OF_QUESTIONS = 5 * 86_400;

    private final Path directory;
    private final StoreSettings settings;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private LedgerYear(Path directory, Duration keep) {
        this.directory = directory.resolve("leases");
        this.settings = new StoreSettings(this.directory, Optional.of(keep), Optional.empty(), Optional.empty());
    }

    /** @param arguments the directory for the store, the number of days, and how many of them history is kept */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        int days = Integer.parseInt(arguments[1]);
        Duration keep = Duration.ofDays(Integer.parseInt(arguments[2]));
        new LedgerYear(Files.createDirectories(directory), keep).pass(days);
    }

    private void pass(int days) throws IOException {
        System.out.printf(
                "%,d machines, history kept for %d days%n%6s %12s %12s %12s%n",
                MACHINES, settings.historyKeep().orElseThrow().toDays(), "day", "MiB", "changes/s", "journal, MiB");
        try (EmbeddedLeaseStore store = EmbeddedLeaseStore.open(settings, () -> now)) {
            store.load();
            write(
                    store,
                    machines(0, MACHINES).map(tenant -> tenant.bound(now, TERM)).toList());
            long began = System.nanoTime();
            long changes = 0;
            for (int hour = 1; hour <= days * 24; hour++) {
                now = now.plus(Duration.ofHours(1));
                changes += write(store, hour(hour));
                if (hour % (24 * DAYS_A_LINE) == 0) {
                    tell(hour / 24, changes * 1e9 / (System.nanoTime() - began));
                    began = System.nanoTime();
                    changes = 0;
                }
            }
        }
        long began = System.nanoTime();
        try (EmbeddedLeaseStore store = EmbeddedLeaseStore.open(settings, () -> now)) {
            System.out.printf(
                    "opened in %d ms, with %,d leases%n",
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began),
                    store.load().size());
            ask(store);
        }
    }

    private void ask(EmbeddedLeaseStore store) {
        TimedQuestions.printHeader();
        Random random = new Random(1);
        try (Auditor auditor = store.auditor()) {
            TimedQuestions questions = new TimedQuestions(auditor);
            questions.ask("how many changes are there", "SELECT COUNT(*) FROM lease_event", 1, List::of);
            questions.ask("who had an address at a time", TimedQuestions.WHO_HAD, QUESTIONS, () -> {
                String at = now.minusSeconds(random.nextInt(TERM_OF_QUESTIONS)).toString();
                return List.of(tenant(random).address().toString(), at, at);
            });
            Supplier<List<String>> machine =
                    () -> List.of(tenant(random).hardware().toString());
            questions.ask("what a machine has had", TimedQuestions.WHAT_HAD, QUESTIONS, machine);
            questions.ask("its last hundred changes", TimedQuestions.CHANGES, QUESTIONS, machine);
        }
    }

    private static Tenant tenant(Random random) {
        int number = random.nextInt(MACHINES);
        return new Tenant(number, POOL_START.plus(number));
    }

    private List<LeaseChange> hour(int hour) {
        List<LeaseChange> changes = new ArrayList<>();
        int anew = hour * REINSTALLED_AN_HOUR % MACHINES;
        machines(anew, Math.min(MACHINES, anew + REINSTALLED_AN_HOUR)).forEach(tenant -> {
            changes.add(tenant.released(now));
            changes.add(tenant.bound(now, TERM));
        });
        machines(0, MACHINES).map(tenant -> tenant.renewed(now, TERM)).forEach(changes::add);
        return changes;
    }

    private static Stream<Tenant> machines(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> new Tenant(i, POOL_START.plus(i)));
    }

    private static int write(EmbeddedLeaseStore store, List<LeaseChange> changes) {
        for (int from = 0; from < changes.size(); from += BATCH) {
            store.commit(changes.subList(from, Math.min(changes.size(), from + BATCH)))
                    .toCompletableFuture()
                    .join();
        }
        store.awaitHistory(); // so that the database does not fall behind for ever
        return changes.size();
    }

    private void tell(int day, double changesPerSecond) throws IOException {
        System.out.printf(
                "%6d %12d %,12.0f %12d%n",
                day,
                Files.size(directory.resolve("leases.mv.db")) >> 20,
                changesPerSecond,
                size(directory.resolve("journal")) >> 20);
    }

    private static long size(Path files) throws IOException {
        try (Stream<Path> all = Files.list(files)) {
            return all.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}

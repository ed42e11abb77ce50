package org.jbootd.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
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
 * A store through a year that passes faster than others: ten thousand machines renew every hour, each at a time of its own, some of
 * them are given back and taken again, and what is older than a while is deleted. Tells how large its database becomes, how fast it
 * stays, and how long it takes to open it. Broken off and started again it goes on where it was.
 */
public final class LedgerYear {

    private static final int MACHINES = 10_000;
    private static final Ipv4 POOL_START = Ipv4.parse("10.0.0.1");
    private static final Duration TERM = Duration.ofHours(2);
    private static final Instant NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z");

    /** Each machine is installed anew once a month. */
    private static final int REINSTALLED_AN_HOUR = MACHINES / (30 * 24);

    /** Changes of one commit: few, as of machines that renew on their own. */
    private static final int BATCH = 100;

    private static final int DAYS_A_LINE = 5;

    private static final int QUESTIONS = 1_000;

    /** They are about the last days. */
    private static final int DAYS_OF_QUESTIONS = 5;

    /** How often the database is looked at when nothing goes on any more, and how long there is between. */
    private static final int LOOKS = 4;

    private static final Duration REST = Duration.ofSeconds(60);

    private final Path directory;
    private final StoreSettings settings;

    /** The machines in the order in which they renew. */
    private final List<Tenant> tenants;

    private Instant now = NEW_YEAR;

    private LedgerYear(Path directory, Duration keep) {
        this.directory = directory.resolve("leases");
        this.settings = new StoreSettings(this.directory, Optional.of(keep), Optional.empty(), Optional.empty());
        this.tenants = new ArrayList<>(IntStream.range(0, MACHINES)
                .mapToObj(i -> new Tenant(i, POOL_START.plus(i)))
                .toList());
        Collections.shuffle(tenants, new Random(1));
    }

    /** @param arguments the directory for the store, the number of days, and how many of them history is kept */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Path.of(arguments[0]);
        int days = Integer.parseInt(arguments[1]);
        Duration keep = Duration.ofDays(Integer.parseInt(arguments[2]));
        LedgerYear year = new LedgerYear(Files.createDirectories(directory), keep);
        year.pass(days);
        year.open();
    }

    private void pass(int days) throws IOException {
        long began = System.nanoTime();
        try (EmbeddedLeaseStore store = EmbeddedLeaseStore.open(settings, () -> now)) {
            int leases = store.load().size();
            if (leases == 0) {
                write(store, tenants.stream().map(tenant -> tenant.bound(now, TERM)));
            } else {
                tellOpened(began, leases);
            }
            int hour = (int) Duration.between(NEW_YEAR, store.latest()).toHours() + 1;
            System.out.printf(
                    "%,d machines, history kept for %d days, from day %d on%n%6s %12s %12s %12s%n",
                    MACHINES,
                    settings.historyKeep().orElseThrow().toDays(),
                    hour / 24,
                    "day",
                    "MiB",
                    "changes/s",
                    "journal, MiB");
            began = System.nanoTime();
            long changes = 0;
            for (; hour <= days * 24; hour++) {
                changes += pass(store, hour);
                if (hour % (24 * DAYS_A_LINE) == 0) {
                    tell(hour / 24, changes * 1e9 / (System.nanoTime() - began));
                    began = System.nanoTime();
                    changes = 0;
                }
            }
        }
    }

    /** @return how many changes it had */
    private int pass(EmbeddedLeaseStore store, int hour) {
        Instant start = NEW_YEAR.plus(Duration.ofHours(hour));
        int changes = 0;
        for (int from = 0; from < MACHINES; from += BATCH) {
            now = start.plus(Duration.ofHours(1).multipliedBy(from).dividedBy(MACHINES));
            changes += write(
                    store,
                    IntStream.range(from, Math.min(MACHINES, from + BATCH))
                            .boxed()
                            .flatMap(i -> changes(
                                    tenants.get(i),
                                    Math.floorMod(i - hour * REINSTALLED_AN_HOUR, MACHINES) < REINSTALLED_AN_HOUR)));
        }
        store.awaitHistory(); // so that the database does not fall behind for ever
        return changes;
    }

    private Stream<LeaseChange> changes(Tenant tenant, boolean anew) {
        LeaseChange renewed = tenant.renewed(now, TERM);
        return anew ? Stream.of(tenant.released(now), tenant.bound(now, TERM), renewed) : Stream.of(renewed);
    }

    private static int write(EmbeddedLeaseStore store, Stream<LeaseChange> changes) {
        List<LeaseChange> all = changes.toList();
        store.commit(all).toCompletableFuture().join();
        return all.size();
    }

    private void open() throws IOException, InterruptedException {
        long began = System.nanoTime();
        try (EmbeddedLeaseStore store = EmbeddedLeaseStore.open(settings, () -> now)) {
            tellOpened(began, store.load().size());
            ask(store);
            for (int look = 1; look <= LOOKS; look++) {
                Thread.sleep(REST.toMillis());
                System.out.printf(
                        "after %d s without a change: %d MiB%n",
                        REST.multipliedBy(look).toSeconds(), databaseMebibytes());
            }
        }
        System.out.printf("closed: %d MiB%n", databaseMebibytes());
    }

    private static void tellOpened(long began, int leases) {
        System.out.printf(
                "opened in %d ms, with %,d leases%n", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began), leases);
    }

    private void ask(EmbeddedLeaseStore store) {
        TimedQuestions.printHeader();
        Random random = new Random(1);
        Supplier<Tenant> any = () -> tenants.get(random.nextInt(MACHINES));
        try (Auditor auditor = store.auditor()) {
            TimedQuestions questions = new TimedQuestions(auditor);
            questions.ask("how many changes are there", "SELECT COUNT(*) FROM lease_event", 1, List::of);
            questions.ask("who had an address at a time", TimedQuestions.WHO_HAD, QUESTIONS, () -> {
                String at = now.minusSeconds(random.nextInt(
                                (int) Duration.ofDays(DAYS_OF_QUESTIONS).toSeconds()))
                        .toString();
                return List.of(any.get().address().toString(), at, at);
            });
            Supplier<List<String>> machine = () -> List.of(any.get().hardware().toString());
            questions.ask("what a machine has had", TimedQuestions.WHAT_HAD, QUESTIONS, machine);
            questions.ask("its last hundred changes", TimedQuestions.CHANGES, QUESTIONS, machine);
        }
    }

    private void tell(int day, double changesPerSecond) throws IOException {
        System.out.printf(
                "%6d %12d %,12.0f %12d%n",
                day, databaseMebibytes(), changesPerSecond, size(directory.resolve("journal")) >> 20);
    }

    private long databaseMebibytes() throws IOException {
        return Files.size(directory.resolve("leases.mv.db")) >> 20;
    }

    private static long size(Path files) throws IOException {
        try (Stream<Path> all = Files.list(files)) {
            return all.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}

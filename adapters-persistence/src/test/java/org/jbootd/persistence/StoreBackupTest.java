package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of a data directory that is in use. */
class StoreBackupTest {

    @TempDir
    private Path directory;

    private static EmbeddedLeaseStore open(Path data) {
        EmbeddedLeaseStore store = EmbeddedLeaseStore.open(new StoreSettings(data));
        return store;
    }

    private static void backUp(EmbeddedLeaseStore store, Path target) throws Exception {
        store.backup(target).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static Set<Lease> leases(Path data) {
        try (EmbeddedLeaseStore store = open(data)) {
            return new HashSet<>(store.load());
        }
    }

    @Test
    void aCopyMadeUnderLoadHasAllThatWasCommittedBefore() throws Exception {
        long seed = new Random().nextLong();
        RandomChanges changes = new RandomChanges(new Random(seed));
        Path data = directory.resolve("data");
        List<Set<Ipv4>> known = new ArrayList<>();
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong committed = new AtomicLong();
        List<Throwable> troubles = new ArrayList<>();
        try (EmbeddedLeaseStore store = open(data)) {
            store.load();
            LeaseTable model = new LeaseTable();
            Thread load = new Thread(() -> {
                try {
                    while (!over.get()) {
                        List<LeaseChange> group = changes.group();
                        store.commit(group).toCompletableFuture().get(60, TimeUnit.SECONDS);
                        synchronized (model) {
                            model.apply(group);
                            model.settle();
                            committed.addAndGet(group.size());
                        }
                    }
                } catch (Exception e) {
                    troubles.add(e);
                }
            });
            load.start();
            for (int i = 0; i < 5; i++) {
                backUp(store, directory.resolve("backup" + i));
            }
            over.set(true);
            load.join();
            assertThat(troubles).as("seed " + seed).isEmpty();
            backUp(store, directory.resolve("last"));
            synchronized (model) {
                known.add(model.leases().stream().map(Lease::address).collect(Collectors.toSet()));
            }
        }
        for (int i = 0; i < 5; i++) {
            StoreBackup.restore(directory.resolve("backup" + i), directory.resolve("restored" + i));
            leases(directory.resolve("restored" + i)); // opens, so that all of it was checked
            assertThat(StoreRepair.repair(directory.resolve("restored" + i), Instant.now()))
                    .as("seed " + seed)
                    .isEmpty();
        }
        StoreBackup.restore(directory.resolve("last"), directory.resolve("restored"));
        assertThat(leases(directory.resolve("restored"))).as("seed " + seed).isEqualTo(leases(data));
        assertThat(leases(data).stream().map(Lease::address).collect(Collectors.toSet()))
                .as("seed " + seed)
                .isEqualTo(known.get(0));
        try (EmbeddedLeaseStore store = open(directory.resolve("restored"))) {
            store.load();
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(Sqls.rows(
                                    directory.resolve("restored"), "SELECT COUNT(*), MAX(seq) FROM lease_event"))
                            .as("once the database has followed the journal")
                            .containsExactly(committed.get() + "|" + committed.get()));
        }
    }

    @Test
    void nothingIsOverwritten() throws Exception {
        Path data = directory.resolve("data");
        try (EmbeddedLeaseStore store = open(data)) {
            store.load();
            Path there = Files.createDirectory(directory.resolve("there"));
            assertThatThrownBy(() -> store.backup(there).toCompletableFuture().join())
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(FileAlreadyExistsException.class);
            assertThatThrownBy(() -> store.backup(directory.resolve("no").resolve("where"))
                            .toCompletableFuture()
                            .join())
                    .hasMessageContaining("where");
            backUp(store, directory.resolve("backup"));
        }
        assertThatThrownBy(() -> StoreBackup.restore(directory.resolve("backup"), data))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("is not empty");
        assertThatThrownBy(() -> StoreBackup.restore(directory.resolve("there"), directory.resolve("new")))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("is no backup of leases: it has no 'format'");
        try (var names = Files.list(directory)) {
            assertThat(names.map(Path::getFileName).map(Path::toString))
                    .as("nothing unfinished")
                    .containsExactlyInAnyOrder("data", "there", "backup");
        }
    }
}

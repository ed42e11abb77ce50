package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jbootd.domain.lease.LeaseChange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the store does while only its database cannot be written: stores leases, and gives no answer that is not whole. */
class TroubledDatabaseTest {

    @TempDir
    private Path directory;

    private final RandomChanges changes = new RandomChanges(new Random(5));
    private volatile boolean full;
    private EmbeddedLeaseStore store;

    @BeforeEach
    void open() {
        Platform host = Platform.host();
        store = EmbeddedLeaseStore.open(
                new StoreSettings(directory.resolve("data")),
                new Platform(host.clock(), host.workers(), host.journal(), host.size(), path -> {
                    failIfFull();
                    return new SabotagedDatabase(LeaseDatabase.open(path)) {
                        @Override
                        public void apply(List<JournalEntry> entries) {
                            failIfFull();
                            super.apply(entries);
                        }
                    };
                }));
    }

    private void failIfFull() {
        if (full) {
            throw new IllegalStateException("No space left on device");
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void commit() {
        List<LeaseChange> group = changes.group();
        store.commit(group).toCompletableFuture().join();
    }

    @Test
    void whoWaitsForTheHistoryHearsThatItIsNotThereAndWhy() {
        commit();
        assertThat(store.awaitHistory()).isEmpty();
        full = true;
        commit();
        assertThat(store.awaitHistory())
                .hasValue("the history database cannot be written now: No space left on device");
        assertThat(store.trouble()).as("of commits").isEmpty();
        full = false;
        commit();
        assertThat(store.awaitHistory()).isEmpty();
    }

    @Test
    void aBackupIsRefusedWithTheReasonAndMadeOnceTheDatabaseIsWell() throws Exception {
        full = true;
        commit();
        assertThatThrownBy(() -> store.backup(directory.resolve("none"))
                        .toCompletableFuture()
                        .get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("the history database cannot be written now: No space left on device");
        full = false;
        assertThat(store.awaitHistory()).isEmpty();
        store.backup(directory.resolve("copy")).toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertThat(directory.resolve("copy")).isDirectory();
    }
}

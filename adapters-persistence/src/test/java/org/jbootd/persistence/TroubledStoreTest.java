package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.StoreUnavailable;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the store does while its disk is full, fails, or takes its time: promises nothing, loses nothing, and recovers. */
class TroubledStoreTest {

    private static final Instant NOW = Instant.parse("2026-05-04T03:02:01Z");

    @TempDir
    private Path directory;

    private TroubledDisk disk;
    private EmbeddedLeaseStore store;

    @BeforeEach
    void open() {
        store = EmbeddedLeaseStore.open(settings(), Platform.host().with(path -> {
            disk = new TroubledDisk(path);
            return disk;
        }));
    }

    private StoreSettings settings() {
        return new StoreSettings(directory.resolve("data"));
    }

    @AfterEach
    void close() {
        disk.quicken();
        store.close();
    }

    private CompletableFuture<Void> commit(int machine) {
        return store.commit(List.of(new LeaseChange(LeaseChange.Kind.BOUND, lease(machine))))
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS);
    }

    private static Lease lease(int machine) {
        HardwareAddress hardware = HardwareAddress.ethernet(Octets.parseHex(String.format("02000000%04x", machine)));
        return new Lease(
                new Ipv4(Ipv4.parse("10.0.0.0").bits() + machine),
                "lan",
                ClientIdentity.of(hardware),
                Optional.empty(),
                false,
                Lease.State.BOUND,
                NOW,
                NOW.plus(Duration.ofHours(1)));
    }

    private List<Lease> stored() {
        store.close();
        store = EmbeddedLeaseStore.open(settings());
        return store.load();
    }

    private List<Lease> copied(String name) throws Exception {
        Path copy = directory.resolve(name);
        store.backup(copy).toCompletableFuture().get(60, TimeUnit.SECONDS);
        try (EmbeddedLeaseStore other = EmbeddedLeaseStore.open(new StoreSettings(copy))) {
            return other.load();
        }
    }

    private static void assertRefused(CompletableFuture<Void> commit, String why) {
        assertThatThrownBy(commit::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining(why);
    }

    private void awaitHealth() {
        await().atMost(Duration.ofSeconds(30)).until(() -> store.trouble().isEmpty());
    }

    @Test
    void aFullDiskRefusesCommitsUntilThereIsRoomAgain() {
        commit(1).join();
        disk.fill();
        assertRefused(commit(2), "No space left on device");
        assertThat(store.trouble()).hasValueSatisfying(why -> assertThat(why).contains("No space left on device"));
        assertRefused(commit(3), "No space left on device");
        disk.empty();
        awaitHealth();
        commit(4).join();
        assertThat(stored()).containsExactlyInAnyOrder(lease(1), lease(4));
    }

    @Test
    void aBackupHasNothingOfWhatIsWrittenMeanwhile() throws Exception {
        commit(1).join();
        disk.stall();
        CompletableFuture<Void> second = commit(2);
        await().atMost(Duration.ofSeconds(30)).until(disk::isForcing);
        assertThat(copied("during the write")).containsExactly(lease(1));
        disk.quicken();
        second.join();
        assertThat(copied("after it")).containsExactlyInAnyOrder(lease(1), lease(2));
        disk.failForces(1);
        assertRefused(commit(3), "Input/output error");
        assertThat(copied("after a write that failed")).containsExactlyInAnyOrder(lease(1), lease(2));
    }

    @Test
    void aJournalThatIsMovedAwayRefusesCommitsUntilItIsBack() throws Exception {
        commit(1).join();
        Path journal = settings().directory().resolve("journal");
        Files.move(journal, directory.resolve("elsewhere"));
        await().atMost(Duration.ofSeconds(30)).until(() -> store.trouble().isPresent());
        assertThatThrownBy(commit(2)::join).hasCauseInstanceOf(StoreUnavailable.class);
        Files.move(directory.resolve("elsewhere"), journal);
        awaitHealth();
        commit(3).join();
        assertThat(stored()).containsExactlyInAnyOrder(lease(1), lease(3));
    }

    @Test
    void whatAFailedForceLeftBehindNeverCountsOnceTheStoreServesAgain() {
        commit(1).join();
        disk.failForces(1);
        assertRefused(commit(2), "Input/output error");
        awaitHealth();
        commit(3).join();
        assertThat(stored()).containsExactlyInAnyOrder(lease(1), lease(3));
    }

    @Test
    void forcesThatGoOnFailingAreTriedAgainUntilOneSucceeds() {
        disk.failForces(4);
        assertRefused(commit(1), "Input/output error");
        awaitHealth();
        commit(2).join();
        assertThat(stored()).containsExactly(lease(2));
    }

    @Test
    void aSlowForceDelaysNobodyWhoAsksAndIsSharedByAllWhoWait() {
        disk.stall();
        CompletableFuture<Void> first = commit(1);
        await().until(disk::isForcing);
        int before = disk.forced();
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        for (int machine = 2; machine <= 200; machine++) {
            waiting.add(commit(machine)); // returns, although the disk does not
        }
        assertThat(first).isNotDone();
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        disk.quicken();
        waiting.forEach(CompletableFuture::join);
        assertThat(first).isCompleted();
        assertThat(disk.forced() - before).as("forces for 200 commits").isEqualTo(2);
        assertThat(stored()).hasSize(200);
    }

    @Test
    void moreThanCanWaitIsRefusedAndTheRestIsStored() {
        disk.stall();
        CompletableFuture<Void> first = commit(0);
        await().until(disk::isForcing);
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        for (int machine = 1; machine <= JournalWriter.MAX_WAITING; machine++) {
            waiting.add(commit(machine));
        }
        assertRefused(commit(JournalWriter.MAX_WAITING + 1), "busy");
        disk.quicken();
        first.join();
        waiting.forEach(CompletableFuture::join);
        assertThat(stored()).hasSize(1 + JournalWriter.MAX_WAITING);
    }

    @Test
    void aClosedStoreFinishesWhatItHasAndTakesNoMore() {
        CompletableFuture<Void> last = commit(1);
        store.close();
        assertThat(last).isCompleted();
        assertRefused(commit(2), "closed");
        assertThat(stored()).containsExactly(lease(1));
    }

    /** Wherever the writer is in its attempts; a writer that did not see the end would go on for ever. */
    @RepeatedTest(20)
    @Timeout(60)
    void aStoreInTroubleCloses() {
        disk.fill();
        assertRefused(commit(1), "No space left on device");
        store.close();
        assertRefused(commit(2), "closed");
        assertThat(stored()).isEmpty();
    }
}

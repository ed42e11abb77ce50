package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.exchange.Reason;
import org.jbootd.domain.history.Fetch;
import org.jbootd.domain.history.Refusal;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.domain.transfer.TransferOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the history keeps of refusals and transfers. */
class NotesTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Ipv4 FIRST = Ipv4.parse("10.0.0.100");

    @TempDir
    private Path directory;

    private final Notes notes = new Notes();

    private static HardwareAddress machine(int number) {
        return HardwareAddress.ethernet(
                Octets.of((byte) 2, (byte) 0, (byte) 0, (byte) (number >> 16), (byte) (number >> 8), (byte) number));
    }

    private static Refusal refusal(int machine, Reason reason, Instant at) {
        return new Refusal(
                at,
                reason,
                "not listed",
                Optional.of(ClientIdentity.of(machine(machine))),
                new Refusal.Facts(
                        "DISCOVER",
                        Optional.of(BootStage.FIRMWARE),
                        Optional.of(new ClientArchitecture(7)),
                        Optional.of("node7"),
                        Optional.of(FIRST),
                        Optional.of("lan"),
                        Optional.of(Ipv4.parse("10.0.0.9")),
                        Optional.of(Octets.parseHex("0103aabbcc"))));
    }

    private static Fetch fetch(Ipv4 client, Optional<TransferOutcome> outcome) {
        return new Fetch(
                NOON, Duration.ofMillis(1500), client, "linux", Optional.of("/srv/linux"), 1000, 3, outcome, "");
    }

    private void write() throws Exception {
        try (LeaseDatabase database = LeaseDatabase.open(directory)) {
            database.note(notes.take());
        }
    }

    private List<String> rows(String sql) {
        return Sqls.rows(directory, sql);
    }

    @Test
    void whatIsAlikeIsOneRowAnHour() throws Exception {
        notes.refused(refusal(1, Reason.DENIED, NOON));
        notes.refused(refusal(1, Reason.DENIED, NOON.plusSeconds(1)));
        write();
        notes.refused(refusal(1, Reason.DENIED, NOON.plusSeconds(60)));
        notes.refused(refusal(1, Reason.NO_VERDICT, NOON.plusSeconds(61)));
        notes.refused(refusal(2, Reason.DENIED, NOON.plusSeconds(62)));
        notes.refused(refusal(1, Reason.DENIED, NOON.plusSeconds(3600)));
        write();

        assertThat(rows("SELECT hardware, reason, times, last_at - first_at FROM refusal ORDER BY hardware, first_at"))
                .containsExactly(
                        "02-00-00-00-00-01|DENIED|3|INTERVAL '0 00:01:00' DAY TO SECOND",
                        "02-00-00-00-00-01|NO_VERDICT|1|INTERVAL '0 00:00:00' DAY TO SECOND",
                        "02-00-00-00-00-01|DENIED|1|INTERVAL '0 00:00:00' DAY TO SECOND",
                        "02-00-00-00-00-02|DENIED|1|INTERVAL '0 00:00:00' DAY TO SECOND");
        assertThat(rows("SELECT DISTINCT detail, message, host_name, stage, architecture, address, subnet, relay,"
                        + " RAWTOHEX(circuit_id) FROM refusal"))
                .containsExactly("not listed|DISCOVER|node7|FIRMWARE|7|10.0.0.100|lan|10.0.0.9|aabbcc");
    }

    @Test
    void whatCannotBeReadHasARowToo() throws Exception {
        notes.refused(new Refusal(
                NOON, Reason.MALFORMED, "from 10.0.0.7: too short", Optional.empty(), Refusal.Facts.UNREADABLE));
        write();
        assertThat(rows("SELECT hardware, reason, detail, message FROM refusal"))
                .containsExactly("|MALFORMED|from 10.0.0.7: too short|UNREADABLE");
    }

    @Test
    void aFloodOfStrangersFillsNoDisk() throws Exception {
        int strangers = 2 * NoteTables.REFUSALS_AN_HOUR;
        Instant now = Instant.now();
        try (LeaseDatabase database = LeaseDatabase.open(directory)) {
            for (int i = 0; i < strangers; i++) {
                notes.refused(refusal(i, Reason.DENIED, now));
                if (i % 8_000 == 7_999) {
                    database.note(notes.take());
                }
            }
        }
        assertThat(rows("SELECT SUM(times) FROM refusal")).containsExactly(String.valueOf(strangers));
        assertThat(rows("SELECT times FROM refusal WHERE reason = 'NOT_RECORDED'"))
                .containsExactly(String.valueOf(NoteTables.REFUSALS_AN_HOUR));
    }

    @Test
    void whatFindsNoRoomInMemoryIsCounted() throws Exception {
        for (int i = 0; i < Notes.MOST + 5; i++) {
            notes.refused(refusal(i, Reason.DENIED, NOON));
            notes.fetched(fetch(FIRST, Optional.of(TransferOutcome.COMPLETE)));
        }
        Notes.Batch batch = notes.take();
        assertThat(batch.lost()).isEqualTo(10);
        assertThat(batch.size()).isEqualTo(2L * Notes.MOST + 10);
        assertThat(notes.take().isEmpty()).isTrue();
    }

    @Test
    void whatWasPutBackWaitsBeforeWhatHasComeSinceAndTheOldestGivesWay() {
        notes.refused(refusal(1, Reason.DENIED, NOON));
        notes.refused(refusal(2, Reason.DENIED, NOON.plusSeconds(1)));
        notes.fetched(fetch(FIRST, Optional.empty()));
        Notes.Batch first = notes.take();
        notes.refused(refusal(2, Reason.DENIED, NOON.plusSeconds(2)));
        notes.fetched(fetch(FIRST.plus(1), Optional.empty()));
        notes.putBack(first);
        Notes.Batch all = notes.take();
        assertThat(all.refusals().values()).extracting(Notes.Sum::times).containsExactly(1L, 2L);
        assertThat(all.refusals().values()).extracting(Notes.Sum::first).containsExactly(NOON, NOON.plusSeconds(1));
        assertThat(all.fetches()).extracting(Fetch::client).containsExactly(FIRST, FIRST.plus(1));

        for (int i = 2; i <= Notes.MOST; i++) {
            notes.refused(refusal(i, Reason.DENIED, NOON));
            notes.fetched(fetch(FIRST.plus(i), Optional.empty()));
        }
        notes.putBack(all);
        Notes.Batch full = notes.take();
        assertThat(full.lost()).as("one refusal was too many, and one transfer").isEqualTo(1);
    }

    @Test
    void aTransferIsThatOfTheMachineThatHasTheAddress() throws Exception {
        Lease lease = new Lease(
                FIRST,
                "lan",
                ClientIdentity.of(machine(1)),
                Optional.empty(),
                true,
                Lease.State.BOUND,
                NOON.minusSeconds(10),
                Instant.MAX);
        try (LeaseDatabase database = LeaseDatabase.open(directory)) {
            database.apply(List.of(new JournalEntry(
                    1, NOON.minusSeconds(10), NOON, List.of(new LeaseChange(LeaseChange.Kind.BOUND, lease)))));
            notes.fetched(fetch(FIRST, Optional.of(TransferOutcome.COMPLETE)));
            notes.fetched(fetch(FIRST.plus(1), Optional.empty()));
            database.note(notes.take());
        }
        assertThat(
                        rows(
                                "SELECT address, hardware, file, octets, retransmissions, outcome FROM transfer ORDER BY address"))
                .containsExactly(
                        "10.0.0.100|02-00-00-00-00-01|linux|1000|3|COMPLETE", "10.0.0.101|null|linux|1000|3|REFUSED");
        assertThat(rows("SELECT event, file, milliseconds, outcome FROM boot WHERE hardware = '02-00-00-00-00-01'"
                        + " ORDER BY at"))
                .containsExactly("BOUND|null|null|null", "TRANSFER|linux|1500|COMPLETE");
    }

    private static LeaseChange change(LeaseChange.Kind kind, int machine, int second) {
        Instant since = NOON.plusSeconds(second);
        boolean released = kind == LeaseChange.Kind.RELEASED;
        return new LeaseChange(
                kind,
                new Lease(
                        FIRST,
                        "lan",
                        ClientIdentity.of(machine(machine)),
                        Optional.empty(),
                        true,
                        released ? Lease.State.RELEASED : Lease.State.BOUND,
                        since,
                        released ? since : Instant.MAX));
    }

    /** Recorded by a clock that is an hour behind server time. */
    private static JournalEntry entry(long seq, int second, LeaseChange... changes) {
        return new JournalEntry(
                seq, NOON.plusSeconds(second).minus(Duration.ofHours(1)), Instant.EPOCH, List.of(changes));
    }

    private static Fetch abandoned(String file, int from, int to) {
        return new Fetch(
                NOON.plusSeconds(to).minus(Duration.ofHours(1)),
                Duration.ofSeconds(to - from),
                FIRST,
                file,
                Optional.empty(),
                0,
                3,
                Optional.of(TransferOutcome.TIMED_OUT),
                "");
    }

    @Test
    void aTransferIsThatOfTheMachineThatHadTheAddressWhenItBegan() throws Exception {
        try (LeaseDatabase database = LeaseDatabase.open(directory)) {
            database.apply(List.of(
                    entry(1, 0, change(LeaseChange.Kind.BOUND, 1, 0)),
                    entry(2, 10, change(LeaseChange.Kind.RELEASED, 1, 10))));
            notes.fetched(abandoned("and released at once", 5, 8));
            notes.fetched(abandoned("without a lease", 11, 12));
            database.note(notes.take());
            database.apply(List.of(
                    entry(3, 20, change(LeaseChange.Kind.RECLAIMED, 1, 10), change(LeaseChange.Kind.BOUND, 2, 20))));
            notes.fetched(abandoned("by the one before", 9, 29));
            notes.fetched(abandoned("by the one that has it", 20, 21));
            notes.fetched(abandoned("by a clock that was put back", -1, 1));
            database.note(notes.take());
        }
        assertThat(rows("SELECT file, hardware FROM transfer ORDER BY id"))
                .containsExactly(
                        "and released at once|02-00-00-00-00-01",
                        "without a lease|null",
                        "by the one before|02-00-00-00-00-01",
                        "by the one that has it|02-00-00-00-00-02",
                        "by a clock that was put back|02-00-00-00-00-02");
    }

    /** The database is far behind the journal: the lease of the machine is not in the first transaction. */
    @Test
    void aTransferWaitsForTheLeaseOfItsMachine() throws Exception {
        CountDownLatch writes = new CountDownLatch(1);
        Platform host = Platform.host();
        Platform slow = new Platform(
                host.clock(),
                host.workers(),
                host.journal(),
                host.size(),
                path -> new SabotagedDatabase(LeaseDatabase.open(path)) {
                    @Override
                    public void apply(List<JournalEntry> entries) {
                        try {
                            writes.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        super.apply(entries);
                    }
                });
        try (EmbeddedLeaseStore store = EmbeddedLeaseStore.open(new StoreSettings(directory), slow)) {
            store.commit(List.of(change(LeaseChange.Kind.BOUND, 1, 0)))
                    .toCompletableFuture()
                    .join();
            for (int i = 1; i <= DatabaseFollower.BATCH; i++) {
                store.commit(List.of(change(LeaseChange.Kind.RENEWED, 1, i)))
                        .toCompletableFuture()
                        .join();
            }
            store.commit(List.of(
                            change(LeaseChange.Kind.RECLAIMED, 1, DatabaseFollower.BATCH),
                            change(LeaseChange.Kind.BOUND, 2, DatabaseFollower.BATCH)))
                    .toCompletableFuture()
                    .join();
            store.history()
                    .fetched(new Fetch(
                            Instant.now(),
                            Duration.ZERO,
                            FIRST,
                            "linux",
                            Optional.empty(),
                            1,
                            0,
                            Optional.empty(),
                            ""));
            writes.countDown();
        }
        assertThat(rows("SELECT file, hardware FROM transfer")).containsExactly("linux|02-00-00-00-00-02");
    }
}

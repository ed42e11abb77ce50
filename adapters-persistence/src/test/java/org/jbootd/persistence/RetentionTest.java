package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseChange.Kind;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetentionTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final Ipv4 FIRST = Ipv4.parse("10.0.0.0");

    @TempDir
    private Path directory;

    private long seq = 1;

    private static Lease lease(int machine, Lease.State state, Instant since) {
        return new Lease(
                FIRST.plus(machine),
                "lan",
                ClientIdentity.of(HardwareAddress.ethernet(
                        Octets.of((byte) 2, (byte) 0, (byte) 0, (byte) 0, (byte) (machine >> 8), (byte) machine))),
                Optional.empty(),
                true,
                state,
                since,
                state == Lease.State.RELEASED ? since : Instant.MAX);
    }

    private void write(LeaseDatabase database, Instant at, LeaseChange... changes) {
        JournalEntry entry = new JournalEntry(seq, at, at, List.of(changes));
        seq = entry.lastSeq() + 1;
        database.apply(List.of(entry));
    }

    private static LeaseChange change(Kind kind, int machine, Instant since) {
        Lease.State state = kind == Kind.RELEASED ? Lease.State.RELEASED : Lease.State.BOUND;
        return new LeaseChange(kind, lease(machine, state, since));
    }

    /** One lease's changes, a millisecond apart. */
    private static LeaseChange[] boundAndRenewed(int changes) {
        LeaseChange[] all = new LeaseChange[changes];
        Arrays.setAll(all, i -> change(i == 0 ? Kind.BOUND : Kind.RENEWED, 1, NOON.plusMillis(i)));
        return all;
    }

    private void forgetAll(LeaseDatabase database, Instant now) {
        forgetAll(Retention.embedded(Optional.of(DAY)), database, now);
    }

    private static void forgetAll(Retention retention, LeaseDatabase database, Instant now) {
        int steps = 0;
        while (database.forget(retention, now)) {
            assertThat(++steps).isLessThan(100);
        }
    }

    @Test
    void whatIsOverForLongGoesAndWhatALeaseIsNowStays() throws Exception {
        try (LeaseDatabase database = LeaseDatabase.open(directory)) {
            write(database, NOON, change(Kind.BOUND, 1, NOON), change(Kind.BOUND, 2, NOON));
            write(database, NOON.plusSeconds(1), change(Kind.RENEWED, 1, NOON.plusSeconds(1)));
            write(database, NOON.plusSeconds(2), change(Kind.RELEASED, 2, NOON.plusSeconds(2)));
            write(database, NOON.plusSeconds(3), change(Kind.RENEWED, 1, NOON.plusSeconds(3)));
            write(database, NOON.plus(DAY), change(Kind.BOUND, 3, NOON.plus(DAY)));

            forgetAll(database, NOON.plus(DAY).plusSeconds(3));
        }
        assertThat(Sqls.rows(directory, "SELECT seq, kind, hardware FROM lease_event ORDER BY seq"))
                .as("what began a holding that goes on; what a lease is now; what is young")
                .containsExactly(
                        "1|BOUND|02-00-00-00-00-01",
                        "4|RELEASED|02-00-00-00-00-02",
                        "5|RENEWED|02-00-00-00-00-01",
                        "6|BOUND|02-00-00-00-00-03");
        assertThat(Sqls.rows(directory, "SELECT hardware FROM lease_interval ORDER BY started"))
                .containsExactly("02-00-00-00-00-01", "02-00-00-00-00-03");
        assertThat(Sqls.rows(directory, "SELECT seq FROM history_start")).containsExactly("5");
        assertThat(Sqls.rows(directory, "SELECT COUNT(*) FROM lease")).containsExactly("3");
    }

    @Test
    void thatALeaseHasEndedIsForgottenWhenMoreIsKnownOfItsAddress() throws Exception {
        try (LeaseDatabase database = LeaseDatabase.open(directory)) {
            write(database, NOON, change(Kind.BOUND, 1, NOON), change(Kind.BOUND, 2, NOON));
            write(database, NOON.plusSeconds(1), change(Kind.ENDED, 1, NOON), change(Kind.ENDED, 2, NOON));
            write(database, NOON.plus(DAY), change(Kind.BOUND, 2, NOON.plus(DAY)));
            forgetAll(database, NOON.plus(DAY).plusSeconds(3));
        }
        assertThat(Sqls.rows(directory, "SELECT seq FROM lease_event ORDER BY seq"))
                .containsExactly("3", "5");
    }

    @Test
    void whatStayedAsLongAsItWasNeededGoesAfterwards() throws Exception {
        try (LeaseDatabase database = LeaseDatabase.open(directory)) {
            write(database, NOON, change(Kind.BOUND, 1, NOON));
            write(database, NOON, change(Kind.RENEWED, 1, NOON.plusSeconds(1)));
            forgetAll(database, NOON.plus(DAY).plusSeconds(2));
            assertThat(Sqls.rows(directory, "SELECT COUNT(*) FROM lease_event")).containsExactly("2");

            write(database, NOON.plus(DAY), change(Kind.RELEASED, 1, NOON.plus(DAY)));
            forgetAll(database, NOON.plus(DAY).plusSeconds(2));
        }
        assertThat(Sqls.rows(directory, "SELECT kind FROM lease_event")).containsExactly("RELEASED");
    }

    /** Of those without a lease, too: each end is the last until there is another, or a lease. */
    @Test
    void ofAnAddressThatComesAndGoesNoMoreStaysThanTheLastEnd() throws Exception {
        try (LeaseDatabase database = LeaseDatabase.open(directory)) {
            Retention retention = Retention.embedded(Optional.of(DAY));
            for (int day = 0; day < 5; day++) {
                Instant now = NOON.plus(DAY.multipliedBy(day));
                write(database, now, change(Kind.BOUND, 1, now), change(Kind.BOUND, 2, now));
                write(database, now.plusSeconds(1), change(Kind.RENEWED, 1, now), change(Kind.RENEWED, 2, now));
                write(database, now.plusSeconds(2), change(Kind.ENDED, 1, now), change(Kind.ENDED, 2, now));
                forgetAll(retention, database, now.plusSeconds(3)); // the address is free whenever it is looked at
                assertThat(Sqls.misfits(directory)).isEmpty();
            }
            forgetAll(retention, database, NOON.plus(DAY.multipliedBy(6)));
            forgetAll(retention, database, NOON.plus(DAY.multipliedBy(6)));
        }
        assertThat(Sqls.rows(directory, "SELECT seq, kind FROM lease_event ORDER BY seq"))
                .containsExactly("29|ENDED", "30|ENDED");
        assertThat(Sqls.rows(directory, "SELECT seq FROM lease_change WHERE address = '10.0.0.1'"))
                .containsExactly("29");
    }

    /** Its end, and its beginning while that is still there. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            UPDATE holding SET hardware = 'x' WHERE first_seq = 1       | an interval is not what the event says that began it: 10.0.0.1, event 1
            UPDATE holding SET hardware = 'x' WHERE first_seq = 3       | an interval is not what the event says that began it: 10.0.0.3, event 3
            UPDATE holding SET how_ended = 'MOVED' WHERE first_seq = 2  | an interval does not end as the events say: 10.0.0.2, event 6
            UPDATE holding SET ended = started WHERE first_seq = 2      | an interval does not end as the events say: 10.0.0.2, event 6
            UPDATE holding SET last_seq = 5 WHERE first_seq = 2         | an interval does not end as the events say: 10.0.0.2, event 6
            DELETE FROM holding WHERE first_seq = 7                     | no interval begins with this event, at its time: 10.0.0.4, event 7
            UPDATE holding SET last_seq = 5, ended = started, how_ended = 'MOVED' WHERE first_seq = 1 | an interval does not end as the events say: 10.0.0.1, event 1
            UPDATE holding SET first_seq = 2 WHERE first_seq = 1        | an interval begins with no event, or not at its time: 10.0.0.1, event 2
            """)
    void anIntervalThatBeganBeforeTheHistoryIsComparedAsFarAsItCanBe(String forgery, String line) throws Exception {
        Instant next = NOON.plus(DAY);
        try (LeaseDatabase database = LeaseDatabase.open(directory)) {
            write(
                    database,
                    NOON,
                    change(Kind.BOUND, 1, NOON),
                    change(Kind.BOUND, 2, NOON),
                    change(Kind.BOUND, 3, NOON));
            write(database, NOON, change(Kind.RENEWED, 2, NOON));
            write(database, next, change(Kind.RENEWED, 1, next));
            write(database, next, change(Kind.RELEASED, 2, next));
            write(database, next, change(Kind.BOUND, 4, next), change(Kind.RELEASED, 4, next));
            forgetAll(database, next.plusSeconds(1));
        }
        assertThat(Sqls.rows(directory, "SELECT seq FROM history_start")).containsExactly("5");
        assertThat(Sqls.misfits(directory)).isEmpty();
        try (Handle handle = Jdbi.open(LeaseDatabase.url(directory), "jbootd", DatabaseKey.of(directory))) {
            assertThat(handle.execute(forgery)).isOne();
        }
        assertThat(Sqls.misfits(directory)).containsExactly(line);
    }

    /** Else it could not be told from one that somebody took away. */
    @Test
    void anIntervalStaysAsLongAsItsEvents() throws Exception {
        try (LeaseDatabase database = LeaseDatabase.open(directory)) {
            write(database, NOON, change(Kind.BOUND, 1, NOON), change(Kind.BOUND, 2, NOON));
            write(database, NOON.plus(DAY), change(Kind.RELEASED, 1, NOON.plusSeconds(1)));
            write(database, NOON.plus(DAY), change(Kind.RELEASED, 2, NOON.plusSeconds(1)));

            forgetAll(database, NOON.plus(DAY).plusSeconds(2));
            assertThat(Sqls.rows(directory, "SELECT last_seq FROM lease_interval ORDER BY last_seq"))
                    .as("it ended long ago, and that was recorded but now")
                    .containsExactly("3", "4");
            assertThat(Sqls.misfits(directory)).isEmpty();

            forgetAll(database, NOON.plus(DAY).plus(DAY).plusSeconds(2));
            assertThat(Sqls.rows(directory, "SELECT last_seq FROM lease_interval"))
                    .isEmpty();
            assertThat(Sqls.misfits(directory)).isEmpty();
        }
    }

    @Test
    void whatStaysIsFoundByItsAddressAndItsMachineWithoutALookIntoEachPart() throws Exception {
        int parts = 100;
        try (LeaseDatabase database = LeaseDatabase.open(directory)) {
            write(
                    database,
                    NOON,
                    change(Kind.BOUND, 1, NOON),
                    change(Kind.BOUND, 2, NOON),
                    change(Kind.ENDED, 2, NOON));
            seq = parts * 16_384;
            write(database, NOON, change(Kind.BOUND, 4, NOON));
            write(database, NOON.plus(DAY), change(Kind.BOUND, 3, NOON));
            forgetAll(database, NOON.plus(DAY).plusSeconds(1));
        }
        for (int machine : List.of(1, 2, 3)) {
            String address = " FROM lease_change WHERE address = '10.0.0." + machine + "'";
            String hardware = " FROM lease_change WHERE hardware = '02-00-00-00-00-0" + machine + "'";
            for (String which : List.of(address, hardware)) {
                assertThat(Sqls.rows(directory, "SELECT kind" + which))
                        .containsExactly(machine == 2 ? "ENDED" : "BOUND");
                assertThat(Sqls.rows(directory, "EXPLAIN ANALYZE SELECT *" + which)
                                .get(0)
                                .lines())
                        .as("the parts -2, -1 and %d", parts)
                        .filteredOn(line -> line.contains("scanCount"))
                        .allSatisfy(line -> assertThat(Integer.parseInt(line.replaceAll(".*scanCount: (\\d+).*", "$1")))
                                .isLessThanOrEqualTo(10))
                        .isNotEmpty();
            }
        }
    }

    @Test
    void muchIsDeletedInSteps() throws Exception {
        int changes = 2 * Retention.STEP + 10;
        try (LeaseDatabase database = LeaseDatabase.open(directory)) {
            write(database, NOON, boundAndRenewed(changes));
            assertThat(database.forget(
                            Retention.embedded(Optional.empty()), NOON.plus(DAY).plus(DAY)))
                    .as("nothing is to be forgotten")
                    .isFalse();
            assertThat(database.forget(
                            Retention.embedded(Optional.of(DAY)), NOON.plus(DAY).plus(DAY)))
                    .isTrue();
            forgetAll(database, NOON.plus(DAY).plus(DAY));
        }
        assertThat(Sqls.rows(directory, "SELECT seq FROM lease_event ORDER BY seq"))
                .containsExactly("1", String.valueOf(changes));
    }

    @Test
    void aStepThatTakesLongLeavesTheRestToTheNext() throws Exception {
        AtomicLong clock = new AtomicLong();
        Retention slow = Retention.embedded(
                Optional.of(DAY), () -> clock.getAndAdd(Duration.ofSeconds(1).toNanos()));
        try (LeaseDatabase database = LeaseDatabase.open(directory)) {
            write(database, NOON, boundAndRenewed(Retention.STEP));

            assertThat(database.forget(slow, NOON.plus(DAY).plus(DAY))).isTrue();
            assertThat(Sqls.rows(directory, "SELECT seq FROM history_start"))
                    .containsExactly(String.valueOf(Retention.PORTION + 1));
            assertThat(Sqls.rows(directory, "SELECT COUNT(*) FROM lease_event"))
                    .containsExactly(String.valueOf(Retention.STEP - Retention.PORTION + 1));

            forgetAll(slow, database, NOON.plus(DAY).plus(DAY));
        }
        assertThat(Sqls.rows(directory, "SELECT seq FROM lease_event ORDER BY seq"))
                .containsExactly("1", String.valueOf(Retention.STEP));
    }

    /** Where machines renew all the time there is no moment without anything to write. */
    @Test
    void whatIsOverForLongGoesFromABusyStoreToo() {
        AtomicReference<Instant> now = new AtomicReference<>(NOON);
        StoreSettings settings = new StoreSettings(directory, Optional.of(DAY), Optional.empty(), Optional.empty());
        try (EmbeddedLeaseStore store = EmbeddedLeaseStore.open(settings, now::get)) {
            renew(store, Kind.BOUND, NOON);
            renew(store, Kind.RENEWED, NOON);
            renew(store, Kind.RENEWED, NOON);
            now.set(NOON.plus(DAY).plus(DAY));
            int renewals = 0;
            while (Sqls.rows(directory, "SELECT seq FROM lease_event").contains("2")) {
                assertThat(++renewals).isLessThan(20);
                renew(store, Kind.RENEWED, now.get());
            }
        }
    }

    private static void renew(EmbeddedLeaseStore store, Kind kind, Instant since) {
        store.commit(List.of(change(kind, 1, since))).toCompletableFuture().join();
        store.awaitHistory();
    }
}

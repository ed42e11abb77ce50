package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.lease.Cause;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.Lease.State;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseChange.Kind;
import org.jbootd.domain.lease.Occasion;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an auditor reads of what was committed. */
class LedgerTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Ipv4 FIRST = Ipv4.parse("10.0.0.100");

    @TempDir
    private Path directory;

    private long seq = 1;

    private static Lease lease(int machine, Ipv4 address, State state, Instant since, Instant until) {
        return new Lease(
                address,
                "lan",
                ClientIdentity.of(HardwareAddress.parse("02-00-00-00-00-0" + machine)),
                Optional.empty(),
                true,
                state,
                since,
                until);
    }

    private static LeaseChange bound(int machine, int minute) {
        Instant since = NOON.plusSeconds(60L * minute);
        return new LeaseChange(Kind.BOUND, lease(machine, FIRST, State.BOUND, since, since.plus(HOUR)));
    }

    private static LeaseChange change(Kind kind, State state, int machine, int since, int until) {
        return new LeaseChange(
                kind, lease(machine, FIRST, state, NOON.plusSeconds(60L * since), NOON.plusSeconds(60L * until)));
    }

    private JournalEntry entry(LeaseChange... changes) {
        JournalEntry entry = new JournalEntry(seq, NOON.plusSeconds(30), Instant.EPOCH, List.of(changes));
        seq = entry.lastSeq() + 1;
        return entry;
    }

    /** In one transaction each, or all in one. */
    private List<String> intervals(boolean together, JournalEntry... entries) throws Exception {
        try (LeaseDatabase database = LeaseDatabase.open(directory)) {
            if (together) {
                database.apply(List.of(entries));
            } else {
                for (JournalEntry entry : entries) {
                    database.apply(List.of(entry));
                }
            }
        }
        assertThat(Sqls.misfits(directory)).isEmpty();
        return rows("""
                SELECT hardware || ' ' || FORMATDATETIME(started AT TIME ZONE 'UTC', 'HH:mm') || '-' ||
                    COALESCE(FORMATDATETIME(ended AT TIME ZONE 'UTC', 'HH:mm'), '') || ' ' || COALESCE(how_ended, 'goes on')
                FROM lease_interval ORDER BY started""");
    }

    private List<String> rows(String sql) {
        return Sqls.rows(directory, sql);
    }

    private JournalEntry[] aDay() {
        return new JournalEntry[] {
            entry(bound(1, 0)),
            entry(change(Kind.RENEWED, State.BOUND, 1, 30, 90)),
            entry(change(Kind.RELEASED, State.RELEASED, 1, 45, 45)),
            entry(bound(1, 50)),
            entry(change(Kind.EXPIRED, State.EXPIRED, 1, 110, 110)),
            entry(change(Kind.RECLAIMED, State.EXPIRED, 1, 110, 110), bound(2, 130)),
            entry(change(Kind.DECLINED, State.DECLINED, 2, 140, 200)),
            entry(change(Kind.ENDED, State.DECLINED, 2, 140, 200), bound(3, 210)),
            entry(change(Kind.MOVED, State.BOUND, 3, 210, 270), aside(3, 220)),
            entry(new LeaseChange(
                    Kind.BOUND, lease(4, FIRST, State.BOUND, NOON.plus(Duration.ofHours(4)), Instant.MAX)))
        };
    }

    private static LeaseChange aside(int machine, int minute) {
        Instant since = NOON.plusSeconds(60L * minute);
        return new LeaseChange(Kind.BOUND, lease(machine, FIRST.plus(1), State.BOUND, since, Instant.MAX));
    }

    private static final String[] A_DAY = {
        "02-00-00-00-00-01 12:00-12:45 RELEASED",
        "02-00-00-00-00-01 12:50-13:50 EXPIRED",
        "02-00-00-00-00-02 14:10-14:20 DECLINED",
        "02-00-00-00-00-03 15:30-15:40 MOVED",
        "02-00-00-00-00-03 15:40- goes on",
        "02-00-00-00-00-04 16:00- goes on"
    };

    @Test
    void intervalsSayWhoHadAnAddressFromWhenToWhen() throws Exception {
        assertThat(intervals(false, aDay())).containsExactly(A_DAY);
    }

    @Test
    void howManyChangesShareATransactionMakesNoDifference() throws Exception {
        assertThat(intervals(true, aDay())).containsExactly(A_DAY);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAddressThatRestsBecauseItsMachineWasMovedWasTheMachinesUntilThen(boolean together) throws Exception {
        assertThat(intervals(
                        together,
                        entry(bound(1, 0)),
                        entry(
                                change(Kind.MOVED, State.BOUND, 1, 0, 60),
                                change(Kind.DECLINED, State.DECLINED, 1, 20, 60),
                                aside(1, 20))))
                .containsExactly("02-00-00-00-00-01 12:00-12:20 MOVED", "02-00-00-00-00-01 12:20- goes on");
    }

    @Test
    void whatRanOutUnrecordedEndedWhenItRanOut() throws Exception {
        assertThat(intervals(
                        false, entry(bound(1, 0)), entry(change(Kind.RECLAIMED, State.BOUND, 1, 0, 60), bound(2, 300))))
                .containsExactly("02-00-00-00-00-01 12:00-13:00 EXPIRED", "02-00-00-00-00-02 17:00-18:00 EXPIRED");
    }

    @Test
    void intervalsOfAnAddressNeverOverlap() throws Exception {
        long seed = new Random().nextLong();
        RandomChanges changes = new RandomChanges(new Random(seed));
        try (LeaseDatabase database = LeaseDatabase.open(directory)) {
            List<JournalEntry> batch = new ArrayList<>();
            Set<Ipv4> held = new HashSet<>();
            for (int i = 0; i < 300; i++) {
                batch.add(entry(changes.group().stream()
                        .map(change -> afterOthers(change, held))
                        .toArray(LeaseChange[]::new)));
                if (i % 7 == 0) {
                    database.apply(batch);
                    batch.clear();
                }
            }
        }
        assertThat(rows("""
                        SELECT one.address, one.first_seq, other.first_seq FROM lease_interval one JOIN lease_interval other
                        ON one.address = other.address AND one.first_seq < other.first_seq
                        AND (one.ended IS NULL OR one.ended > other.started)""")).as("seed " + seed).isEmpty();
        assertThat(rows("SELECT COUNT(*) FROM lease_interval WHERE ended < started"))
                .containsExactly("0");
    }

    /** As the lease book has it: an address is bound anew only after what was before has ended. */
    private static LeaseChange afterOthers(LeaseChange change, Set<Ipv4> held) {
        Ipv4 address = change.lease().address();
        switch (change.kind()) {
            case BOUND -> {
                return held.add(address) ? change : new LeaseChange(Kind.RENEWED, change.lease());
            }
            case IMPORTED -> held.add(address);
            case RENEWED, REKEYED, RESERVED -> {}
            default -> held.remove(address);
        }
        return change;
    }

    @Test
    void anEventTellsHowItCameAbout() throws Exception {
        ClientIdentity client = new ClientIdentity(
                HardwareAddress.parse("02-00-00-00-00-01"),
                Optional.of(Octets.parseHex("01020000000001")),
                Optional.of(UUID.fromString("12345678-abcd-ef00-8111-abcdefabcdef")));
        Lease lease =
                new Lease(FIRST, "lan", client, Optional.of("node7"), true, State.BOUND, NOON, NOON.plus(HOUR), true);
        Occasion occasion = new Occasion(
                Cause.SELECT,
                Optional.of(BootStage.FIRMWARE),
                Optional.of(new ClientArchitecture(7)),
                Optional.of(Ipv4.parse("10.0.0.9")),
                Optional.of(Octets.parseHex("0103aabbcc" + "0202dddd")),
                Optional.of(NOON.minusSeconds(1)));
        intervals(false, entry(new LeaseChange(Kind.BOUND, lease, occasion)));

        assertThat(rows("""
                        SELECT cause, stage, architecture, relay, RAWTOHEX(relay_information), RAWTOHEX(circuit_id),
                            RAWTOHEX(remote_id), offered_at = TIMESTAMP WITH TIME ZONE '2026-03-01 11:59:59+00', reserved
                        FROM lease_event""")).containsExactly("SELECT|FIRMWARE|7|10.0.0.9|0103aabbcc0202dddd|aabbcc|dddd|true|true");
        assertThat(rows("SELECT hardware, addresses, machine_uuids, client_identifiers, host_names FROM machine"))
                .containsExactly("02-00-00-00-00-01|1|12345678-abcd-ef00-8111-abcdefabcdef|01020000000001|node7");
        assertThat(rows("SELECT event, address, detail FROM boot WHERE hardware = '02-00-00-00-00-01' ORDER BY at"))
                .containsExactly("OFFERED|10.0.0.100|null", "BOUND|10.0.0.100|SELECT");
        assertThat(rows("SELECT node IS NOT NULL FROM lease_event")).containsExactly("true");
    }

    /** Not when an end is noticed, nor when another machine takes its address, nor what an operator does. */
    @Test
    void aMachineIsSeenWhenItSaysSomethingAndHadWhatItWasGiven() throws Exception {
        LeaseChange found = new LeaseChange(
                Kind.DECLINED,
                lease(1, FIRST.plus(1), State.DECLINED, NOON, NOON.plus(HOUR)),
                Occasion.of(Cause.PROBE));
        LeaseChange kept = new LeaseChange(
                Kind.RESERVED, lease(3, FIRST.plus(2), State.RELEASED, NOON, NOON), Occasion.of(Cause.OPERATOR));
        intervals(
                false,
                recorded(0, found, kept),
                recorded(1, bound(1, 0).by(Occasion.of(Cause.SELECT))),
                recorded(2, change(Kind.RENEWED, State.BOUND, 1, 30, 90).by(Occasion.of(Cause.RENEW))),
                recorded(3, change(Kind.EXPIRED, State.EXPIRED, 1, 90, 90).by(Occasion.of(Cause.TIME))),
                recorded(
                        4,
                        change(Kind.RECLAIMED, State.EXPIRED, 1, 90, 90).by(Occasion.of(Cause.SELECT)),
                        bound(2, 130).by(Occasion.of(Cause.SELECT))));

        assertThat(rows("SELECT hardware, first_seen, last_seen, addresses, events FROM machine ORDER BY hardware"))
                .containsExactly(
                        "02-00-00-00-00-01|2026-03-01T12:01:00.000000Z|2026-03-01T12:02:00.000000Z|1|5",
                        "02-00-00-00-00-02|2026-03-01T12:04:00.000000Z|2026-03-01T12:04:00.000000Z|1|1",
                        "02-00-00-00-00-03|null|null|0|1");
    }

    private JournalEntry recorded(int minute, LeaseChange... changes) {
        JournalEntry entry = entry(changes);
        return new JournalEntry(entry.firstSeq(), NOON.plusSeconds(60L * minute), entry.serverTime(), entry.changes());
    }

    @Test
    void everythingOfAChangeOutlivesTheJournal() throws Exception {
        RandomChanges random = new RandomChanges(new Random(7));
        for (int i = 0; i < 200; i++) {
            List<LeaseChange> changes = random.group();
            JournalEntry entry = new JournalEntry(1, NOON, NOON, changes);
            byte[] encoded = LeaseCodec.encodeEntry(entry, List.of(LeaseCodec.encodeChanges(changes)));
            assertThat(LeaseCodec.decodeEntry(1, encoded)).isEqualTo(entry);
        }
    }

    @Test
    void kindsAndCausesFitTheirColumns() {
        assertThat(List.of(Kind.values()).stream().map(Kind::name).collect(Collectors.toList()))
                .allMatch(name -> name.length() <= 16);
        assertThat(Cause.values()).allMatch(cause -> cause.name().length() <= 16);
        assertThat(BootStage.values()).allMatch(stage -> stage.name().length() <= 16);
    }

    @Test
    void anAuditorCanChangeNothing() throws Exception {
        intervals(false, entry(bound(1, 0)));
        try (Auditor auditor = Auditor.of(directory, Auditor.USER, "", new EmbeddedDialect())) {
            for (String sql : List.of(
                    "DELETE FROM lease_event",
                    "UPDATE holding SET how_ended = 'MOVED'",
                    "CREATE TABLE mine (one BIGINT)",
                    "CREATE ALIAS run FOR 'java.lang.System.exit'",
                    "SELECT * FROM CSVREAD('/etc/passwd')",
                    "SELECT FILE_READ('/etc/passwd')",
                    "CALL LINK_SCHEMA('a', '', 'jdbc:h2:mem:', 'sa', '', 'PUBLIC')",
                    "SHUTDOWN",
                    "SCRIPT TO '/tmp/leases.sql'",
                    "SELECT password_hash FROM information_schema.users")) {
                assertThatThrownBy(() -> auditor.ask(sql, List.of(), NOBODY))
                        .as(sql)
                        .isInstanceOf(Auditor.NoAnswer.class);
            }
        }
        assertThat(rows("SELECT COUNT(*) FROM lease_event")).containsExactly("1");
    }

    private static final Auditor.Rows NOBODY = values -> {};
}

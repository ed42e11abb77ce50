package org.jbootd.persistence;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.Octets;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who changes the history is found out. */
class HashChainTest {

    /** The event that has something in every column. */
    private static final long FULL = 5;

    /** How each column becomes another value, where that is not to add something to a text. */
    private static final Map<String, String> OTHERWISE = Map.ofEntries(
            Map.entry("recorded_at", "recorded_at + INTERVAL '0.000001' SECOND"),
            Map.entry("since", "since - INTERVAL '1' SECOND"),
            Map.entry("until", "NULL"),
            Map.entry("offered_at", "NULL"),
            Map.entry("seq", "seq + 1000"),
            Map.entry("address_number", "address_number + 1"),
            Map.entry("architecture", "0"),
            Map.entry("network_booted", "NOT network_booted"),
            Map.entry("reserved", "NOT reserved"),
            Map.entry("machine_uuid", "RANDOM_UUID()"),
            Map.entry("client_identifier", "X'00'"),
            Map.entry("relay_information", "X''"),
            Map.entry("circuit_id", "NULL"),
            Map.entry("remote_id", "X'00'"),
            Map.entry("kind", "'RENEWED'"),
            Map.entry("state", "'EXPIRED'"),
            Map.entry("cause", "'RENEW'"),
            Map.entry("host_name", "''"));

    @TempDir
    private static Path furnished;

    private static long last;

    @TempDir
    private Path directory;

    private ChainedHistory history;

    /** Some events, one with something in every column, and some more. */
    @BeforeAll
    static void furnish() throws Exception {
        ChainedHistory all = new ChainedHistory(furnished, new Random(7), 0);
        all.open(database -> {
            assertThat(database.keepChain(true)).isTrue();
            RandomChanges random = new RandomChanges(new Random(7));
            while (all.last() < FULL - 1) {
                all.add(database, List.of(random.group().get(0)));
            }
            all.add(database, List.of(ChainedHistory.full()));
            all.grow(database, 30);
            assertThat(database.keepChain(true)).isFalse();
        });
        last = all.last();
    }

    @BeforeEach
    void copy() throws Exception {
        for (String file : List.of(LeaseDatabase.FILE, DatabaseKey.FILE)) {
            Files.copy(furnished.resolve(file), directory.resolve(file));
        }
        history = new ChainedHistory(directory, new Random(8), last);
    }

    @Test
    void whatIsAsItWasWrittenHolds() throws Exception {
        assertThat(history.verify(true))
                .containsExactly(
                        "events 1 to " + history.last() + " are a hash chain, and as they were written",
                        "head of the hash chain, to be kept elsewhere: " + history.head());
    }

    @Test
    void linksAreWhatThePageForAuditorsSays() throws Exception {
        AtomicReference<byte[]> before = new AtomicReference<>(new byte[32]);
        AtomicReference<ByteArrayOutputStream> example = new AtomicReference<>();
        try (Auditor auditor = Auditor.of(directory, Auditor.USER, "", new EmbeddedDialect())) {
            String sql = "SELECT " + EventTable.COLUMNS + ", chain FROM lease_event ORDER BY seq";
            auditor.ask(sql, List.of(), new Auditor.Rows() {
                @Override
                public void columns(List<String> names) {}

                @Override
                public void row(List<Object> values) {
                    ByteArrayOutputStream encoding = new ByteArrayOutputStream();
                    values.subList(0, values.size() - 1).forEach(value -> {
                        byte[] text = String.valueOf(value).getBytes(UTF_8);
                        encoding.writeBytes(value == null ? new byte[] {'-'} : (text.length + ":").getBytes(US_ASCII));
                        encoding.writeBytes(value == null ? new byte[0] : text);
                        encoding.write(',');
                    });
                    before.set(sha256(before.get(), encoding.toByteArray()));
                    assertThat(Octets.of(before.get()).toHex()).isEqualTo(values.get(values.size() - 1));
                    if (values.get(3).equals(FULL)) {
                        example.set(encoding);
                    }
                }
            });
        }
        assertThat(before.get()).isEqualTo(history.head().link().toArray());
        assertThat(example.get().toString(UTF_8))
                .isEqualTo("""
                27:2026-03-01T12:00:04.000000Z,5:BOUND,%d:%s,1:5,9:167772169,8:10.0.0.9,3:lan,11:größe,7:
                ,4:true,4:true,5:BOUND,17:02-00-00-00-00-99,14:01020000000099,36:12345678-abcd-ef00-8111-abcdefabcdef,\
                27:2026-03-01T12:00:00.123457Z,27:2026-03-01T13:00:00.000000Z,6:SELECT,8:FIRMWARE,1:7,8:10.0.0.1,\
                18:0103aabbcc0202dddd,6:aabbcc,4:dddd,27:2026-03-01T12:00:00.000000Z,""".formatted(DataDirectory.hostName().getBytes(UTF_8).length, DataDirectory.hostName()));
    }

    private static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            Arrays.stream(parts).forEach(digest::update);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<String> columns() {
        return Stream.of(EventTable.COLUMNS.split(", "));
    }

    @ParameterizedTest
    @MethodSource("columns")
    void aColumnThatWasAlteredIsNoticed(String column) throws Exception {
        String value = OTHERWISE.getOrDefault(column, column + " || '1'");
        history.forge("UPDATE lease_event SET " + column + " = " + value + " WHERE seq = " + FULL);
        String line = history.verify(false).get(0);
        if (column.equals("seq")) {
            assertThat(line).startsWith("event 5 was removed; the next one is event 6, of 2026-03-01T12:00:0");
        } else {
            assertThat(line).startsWith("event 5, of 2026-03-01T12:00:04.00000").endsWith(", is not what was written");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            DELETE FROM lease_event WHERE seq = 1                                 | event 1 was removed; the next one is event 2, of
            DELETE FROM lease_event WHERE seq BETWEEN 3 AND 4                     | events 3 to 4 were removed; the next one is event 5, of
            DELETE FROM lease_event WHERE seq = (SELECT MAX(seq) FROM lease_event)| event LAST was removed, the end of the hash chain
            DELETE FROM lease_event                                               | events 1 to LAST were removed, the end of the hash chain
            UPDATE lease_event SET chain = NULL WHERE seq = 7                     | event 7, of
            UPDATE lease_event SET chain = NULL                                   | event 1, of
            UPDATE lease_event SET chain = X'00' WHERE seq = 7                    | event 7, of
            UPDATE lease_event SET seq = 10 - seq WHERE seq BETWEEN 4 AND 6       | event 4, of 2026-03-01T12:00:05.000000Z, ADDRESS, is not the one that was written there, which is event 6 now
            UPDATE journal_mark SET chain = X'00'                                 | the head of the hash chain is not the link of its last event, LAST
            UPDATE journal_mark SET chain = NULL                                  | the list of hash chains was altered: the one that begins with event 1
            UPDATE event_chain SET origin = X'00'                                 | the list of hash chains was altered: the one that begins with event 1
            UPDATE event_chain SET first_seq = 4                                  | event 4, of 2026-03-01T12:00:03.000000Z
            DELETE FROM event_chain                                               | the list of hash chains was altered: there is a head, and no chain goes on
            """)
    void whatSomebodyChangedIsNamed(String sql, String line) throws Exception {
        String address = Sqls.rows(directory, "SELECT address FROM lease_event WHERE seq = 6")
                .get(0);
        String expected = line.replace("LAST", String.valueOf(history.last())).replace("ADDRESS", address);
        history.forge(sql);
        assertThat(history.verify(false).get(0)).startsWith(expected);
    }

    @Test
    void twoThatChangedPlacesAreNoticed() throws Exception {
        history.forge(
                "UPDATE lease_event SET seq = -1 WHERE seq = 8",
                "UPDATE lease_event SET seq = 8 WHERE seq = 3",
                "UPDATE lease_event SET seq = 3 WHERE seq = -1");
        assertThat(history.verify(false).get(0))
                .startsWith("event 3, of ")
                .endsWith(", is not the one that was written there, which is event 8 now");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chain", "NULL", "X'abab'"})
    void oneThatWasPutBetweenIsNoticed(String link) throws Exception {
        history.forge(
                "UPDATE lease_event SET seq = -seq - 1 WHERE seq >= 4",
                "UPDATE lease_event SET seq = -seq WHERE seq < 0",
                "INSERT INTO lease_event (" + EventTable.COLUMNS + ", part, chain) SELECT "
                        + EventTable.COLUMNS.replace(" seq,", " 4,") + ", part, " + link
                        + " FROM lease_event WHERE seq = 2",
                "UPDATE journal_mark SET seq = seq + 1");
        assertThat(history.verify(false).get(0))
                .startsWith("event 4, of ")
                .endsWith(", is not the one that was written there, which is event 5 now");
    }

    @Test
    void oneThatWasPutBehindTheLastIsNoticed() throws Exception {
        history.forge("INSERT INTO lease_event (" + EventTable.COLUMNS + ", part) SELECT "
                + EventTable.COLUMNS.replace(" seq,", " seq + 1,") + ", part FROM lease_event WHERE seq = "
                + history.last());
        assertThat(history.verify(false).get(0))
                .startsWith("event " + (history.last() + 1) + ", of ")
                .endsWith(", was put behind the last one that was written");
    }

    @Test
    void anEndThatWasCutOffInOrderIsFoundOutByAHeadThatWasNoted() throws Exception {
        ChainHead noted = history.head();
        long last = history.last();
        history.forge(
                "DELETE FROM lease_event WHERE seq > " + (last - 3),
                "UPDATE journal_mark SET seq = " + (last - 3) + ", chain = (SELECT chain FROM lease_event WHERE seq = "
                        + (last - 3) + ")");
        history.verify(true);
        assertThat(history.verify(false, noted))
                .contains("the noted head " + noted + " is not in the hash chain: the history ends with event "
                        + (last - 3) + ", so its end was cut off, or an older one was put in its place");
        assertThat(history.verify(true, history.head()))
                .contains("the noted head " + history.head() + " is in the hash chain");
    }

    @Test
    void aHistoryThatWasWrittenAnewIsFoundOutByAHeadThatWasNoted() throws Exception {
        ChainHead noted = history.head();
        history.forge("UPDATE lease_event SET hardware = '02-00-00-00-00-77' WHERE seq = 6");
        writeLinksAnew();
        history.verify(true);
        assertThat(history.verify(false, noted))
                .contains("the noted head " + noted + " is not in the hash chain: the link of event " + noted.seq()
                        + " is another one, so the history up to it was written anew");
    }

    /** As somebody would who knows how. */
    private void writeLinksAnew() throws Exception {
        try (Handle handle = history.handle()) {
            HashChain links = new HashChain(HashChain.ORIGIN);
            handle.createQuery("SELECT " + EventTable.COLUMNS + " FROM lease_event ORDER BY seq")
                    .map((row, context) -> {
                        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                            links.add(row.getObject(i));
                        }
                        return Map.entry(row.getLong("seq"), links.link());
                    })
                    .list()
                    .forEach(each -> handle.execute(
                            "UPDATE lease_event SET chain = ? WHERE seq = ?",
                            each.getValue().toArray(),
                            each.getKey()));
            handle.execute("UPDATE journal_mark SET chain = ?", links.head().toArray());
        }
    }

    @Test
    void everyEarlierHeadIsInTheChainStill() throws Exception {
        ChainHead earlier = history.head();
        history.open(database -> history.grow(database, 20));
        assertThat(history.verify(true, earlier, history.head()))
                .contains(
                        "the noted head " + earlier + " is in the hash chain",
                        "the noted head " + history.head() + " is in the hash chain");
    }

    @Test
    void aChainThatIsSwitchedOffAndOnGoesOnFromTheOneBefore() throws Exception {
        ChainHead first = history.head();
        history.open(database -> {
            assertThat(database.keepChain(false)).isTrue();
            history.grow(database, 5);
        });
        long off = history.last();
        assertThat(history.verify(true, first))
                .containsExactly(
                        "events 1 to " + first.seq()
                                + " are a hash chain, and as they were written; then it was switched off",
                        "head of the hash chain, to be kept elsewhere: " + first,
                        "the noted head " + first + " is in the hash chain");
        history.open(database -> database.keepChain(true));
        assertThat(history.verify(true))
                .contains("a hash chain begins with event " + (off + 1) + ", which is still to come");
        history.open(database -> history.grow(database, 5));
        assertThat(history.verify(true, first, history.head()))
                .contains("events " + (off + 1) + " to " + history.last()
                        + " are a hash chain, and as they were written");
        assertThat(Sqls.rows(directory, "SELECT COUNT(*) FROM lease_event WHERE chain IS NULL"))
                .containsExactly(String.valueOf(off - first.seq()));
        assertThat(history.verify(false, new ChainHead(off, first.link())))
                .contains("the noted head " + off + ":" + first.link() + " is not in the hash chain: event " + off
                        + " is in none");

        history.forge("UPDATE lease_event SET chain = X'00' WHERE seq = " + off);
        assertThat(history.verify(false).get(0))
                .startsWith("event " + off + ", of ")
                .endsWith(", is linked, and in no chain that was begun");
    }

    @Test
    void aChainThatWasSwitchedOnForNothingLeavesNoTrace() throws Exception {
        ChainHead head = history.head();
        history.open(database -> {
            database.keepChain(false);
            database.keepChain(true);
            database.keepChain(false);
        });
        assertThat(history.verify(true, head)).hasSize(3);
    }

    /** What a process that is killed then leaves is what is on the disk. */
    @Test
    void aSwitchIsOnDiskBeforeAnythingElseIsWritten() throws Exception {
        Path killed = Files.createDirectory(directory.resolve("killed"));
        history.open(database -> {
            database.keepChain(false);
            for (String file : List.of(LeaseDatabase.FILE, DatabaseKey.FILE)) {
                Files.copy(directory.resolve(file), killed.resolve(file));
            }
        });
        assertThat(Sqls.rows(killed, "SELECT chain FROM chain_head")).containsExactly("null");
    }

    @Test
    void whatIsDeletedByAgeLeavesAnAnchor() throws Exception {
        ChainHead old = history.head();
        history.open(database -> {
            forget(database);
            assertThat(database.mark()).isEqualTo(history.last());
        });
        assertThat(Sqls.rows(directory, "SELECT COUNT(*) < " + history.last() + " FROM lease_event"))
                .containsExactly("true");
        history.verify(true, old);
        history.open(database -> {
            history.grow(database, 20);
            forget(database);
            history.grow(database, 20);
        });
        assertThat(history.verify(true, history.head()))
                .contains("events 1 to " + history.last() + " are a hash chain, and as they were written");
        assertThat(Sqls.rows(directory, """
                        SELECT COUNT(*) FROM chain_anchor WHERE seq < (SELECT seq FROM journal_mark) AND NOT EXISTS (SELECT 1 FROM lease_event WHERE lease_event.seq = chain_anchor.seq + 1)""")).as("anchors that nothing follows").containsExactly("0");

        List<String> kept = Sqls.rows(directory, "SELECT seq FROM lease_event ORDER BY seq");
        history.forge("DELETE FROM lease_event WHERE seq = " + kept.get(1));
        assertThat(history.verify(false).get(0))
                .startsWith("event " + kept.get(1) + " was removed; the next one is event " + kept.get(2));
    }

    @Test
    void whatIsDeletedWhileItIsCheckedIsNotMissing() throws Exception {
        List<String> report = new ArrayList<>();
        history.open(database -> {
            LeaseChange renewal = new LeaseChange(
                    LeaseChange.Kind.RENEWED, ChainedHistory.full().lease());
            history.add(database, Collections.nCopies(11_000, renewal)); // more than are asked for at once
            try (Auditor auditor = Auditor.of(directory, Auditor.USER, "", new EmbeddedDialect())) {
                Auditor.Source<Auditor.NoAnswer> whileItForgets = (sql, arguments, rows) -> {
                    auditor.ask(sql, arguments, rows);
                    if (arguments.size() == 2) {
                        forget(database);
                    }
                };
                assertThat(ChainCheck.run(whileItForgets, List.of(), report))
                        .as("%s", report)
                        .isTrue();
            }
        });
        assertThat(Sqls.rows(directory, "SELECT COUNT(*) < 100 FROM lease_event"))
                .containsExactly("true");
        assertThat(report).contains("events 1 to " + history.last() + " are a hash chain, and as they were written");
    }

    private static void forget(LeaseDatabase database) {
        Retention retention = Retention.embedded(Optional.of(Duration.ofHours(1)));
        while (database.forget(retention, ChainedHistory.NOON.plus(ChainedHistory.DAY))) {
            // until there is nothing more
        }
    }

    @Test
    void aHeadOfADeletedEventCanOnlyBeSaidToBeGone() throws Exception {
        List<String> heads = Sqls.rows(directory, "SELECT seq || ':' || RAWTOHEX(chain) FROM lease_event ORDER BY seq");
        history.open(HashChainTest::forget);
        List<String> kept = Sqls.rows(
                directory,
                "SELECT seq FROM lease_event UNION SELECT seq FROM chain_anchor UNION SELECT last_seq FROM event_chain");
        ChainHead noted = heads.stream()
                .map(ChainHead::parse)
                .filter(head -> !kept.contains(String.valueOf(head.seq())))
                .findFirst()
                .orElseThrow();
        assertThat(history.verify(false, noted))
                .contains("the noted head " + noted
                        + " can no longer be found: its event was deleted, as history_keep says");
    }

    @Test
    void whatARepairBringsBackIsBetweenTwoChains() throws Exception {
        ChainHead before = history.head();
        history.open(database -> {
            database.restore(
                    new Snapshot(history.last() + 10, ChainedHistory.NOON.plus(ChainedHistory.DAY), List.of()),
                    List.of(new JournalEntry(
                            history.last() + 6,
                            ChainedHistory.NOON,
                            ChainedHistory.NOON,
                            List.of(ChainedHistory.full()))));
            assertThat(database.keepChain(true)).isFalse();
        });
        assertThat(history.verify(true, before))
                .contains("a hash chain begins with event " + (before.seq() + 11) + ", which is still to come");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "5:ab", "x:", "-1:00", "99999999999999999999:00"})
    void whatIsNoHeadIsToldSo(String text) {
        assertThatThrownBy(() -> ChainHead.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' is no head of a hash chain: write it as");
    }
}

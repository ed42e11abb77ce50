package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A damaged data directory is refused, repaired when asked, and keeps what was whole. */
class StoreRepairTest {

    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");
    private static final int LEASES = 40;

    @TempDir
    private Path temporary;

    private Path data;

    @BeforeEach
    void fill() {
        data = temporary.resolve("data");
        try (EmbeddedLeaseStore store = open()) {
            for (int i = 0; i < LEASES; i++) {
                store.commit(List.of(new LeaseChange(LeaseChange.Kind.BOUND, lease(i))))
                        .toCompletableFuture()
                        .join();
            }
        }
    }

    @Test
    void what_is_whole_is_left_alone() throws IOException {
        Set<String> before = names();
        assertThat(StoreRepair.repair(data, NOW)).isEmpty();
        assertThat(names()).isEqualTo(before);
        assertThat(leasesNow()).isEqualTo(leases(LEASES));
    }

    @Test
    void a_damaged_database_is_made_anew_from_the_journal() throws IOException {
        overwrite(data.resolve(LeaseDatabase.FILE));
        assertRefused();
        List<String> report = StoreRepair.repair(data, NOW);
        assertThat(report)
                .anyMatch(line -> line.startsWith("leases.mv.db cannot be read"))
                .anyMatch(line -> line.contains("leases.mv.db.damaged-20260501T100000Z"))
                .noneMatch(line -> line.startsWith("lost"));
        assertThat(data.resolve("leases.mv.db.damaged-20260501T100000Z")).exists();
        assertThat(leasesNow()).isEqualTo(leases(LEASES));
        assertThat(historyLength()).isEqualTo(LEASES);
    }

    @Test
    void a_missing_database_is_made_anew_from_the_journal() throws IOException {
        Files.delete(data.resolve(LeaseDatabase.FILE));
        assertThat(StoreRepair.repair(data, NOW)).contains("leases.mv.db is missing");
        assertThat(leasesNow()).isEqualTo(leases(LEASES));
    }

    @Test
    void a_lost_journal_is_made_anew_from_the_database() throws IOException {
        deleteJournal();
        assertRefused();
        assertThat(StoreRepair.repair(data, NOW))
                .contains("the journal ends with change 0, and leases.mv.db has change " + LEASES);
        assertThat(leasesNow()).isEqualTo(leases(LEASES));
        assertThat(historyLength()).isEqualTo(LEASES);
    }

    @Test
    void a_journal_damaged_in_the_middle_is_made_good_from_the_database() throws IOException {
        damage(segments().get(0), 2);
        assertRefused();
        List<String> report = StoreRepair.repair(data, NOW);
        assertThat(report)
                .anyMatch(line -> line.startsWith("the lease journal is damaged"))
                .anyMatch(line -> line.contains("journal.damaged-20260501T100000Z"));
        assertThat(leasesNow()).isEqualTo(leases(LEASES));
    }

    @Test
    void when_both_are_damaged_what_stands_before_and_behind_the_damage_is_kept() throws IOException {
        Files.delete(data.resolve(LeaseDatabase.FILE));
        damage(segments().get(0), 2);
        List<String> report = StoreRepair.repair(data, NOW);
        assertThat(report).anyMatch(line -> line.startsWith("lost: change "));
        assertThat(leasesNow()).hasSize(LEASES - 1).contains(lease(0), lease(LEASES - 1));
    }

    /** The database does not know of them, and they are in segments that nothing is wrong with. */
    @Test
    void what_was_stored_behind_a_damaged_segment_is_kept() throws IOException {
        Path older = temporary.resolve("older");
        Files.copy(data.resolve(LeaseDatabase.FILE), older);
        List<Lease> later = Stream.iterate(LEASES, i -> i + 1)
                .limit(LEASES)
                .map(StoreRepairTest::lease)
                .toList();
        try (EmbeddedLeaseStore store = open()) {
            later.forEach(lease -> store.commit(List.of(new LeaseChange(LeaseChange.Kind.BOUND, lease)))
                    .toCompletableFuture()
                    .join());
        }
        Files.move(older, data.resolve(LeaseDatabase.FILE), StandardCopyOption.REPLACE_EXISTING);
        damage(segments().get(0), 2);
        assertRefused();
        assertThat(StoreRepair.repair(data, NOW)).noneMatch(line -> line.startsWith("lost"));
        assertThat(leasesNow()).containsAll(later).hasSize(2 * LEASES);
    }

    /** A start writes what was written last once more, in a segment of its own. */
    @Test
    void a_damaged_first_entry_of_the_last_segment_is_noticed_and_costs_nothing_that_an_older_one_has()
            throws IOException {
        open().close();
        Files.delete(data.resolve(LeaseDatabase.FILE));
        damage(segments().get(1), 2);
        assertRefused();
        assertThat(StoreRepair.repair(data, NOW)).anyMatch(line -> line.startsWith("lost, if there were any"));
        assertThat(leasesNow()).isEqualTo(leases(LEASES));
    }

    @Test
    void a_lost_format_file_is_written_again() throws IOException {
        Files.delete(data.resolve("format"));
        assertRefused();
        assertThat(StoreRepair.repair(data, NOW)).containsExactly("the file 'format' was missing, and is written anew");
        assertThat(leasesNow()).isEqualTo(leases(LEASES));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u00ff\u00fe\u0000\u0081"})
    void a_damaged_format_file_is_moved_aside_and_written_again(String octets) throws IOException {
        Files.writeString(data.resolve("format"), octets, StandardCharsets.ISO_8859_1);
        assertRefused("its file 'format' is damaged");
        assertThat(StoreRepair.repair(data, NOW)).contains("the file 'format' was damaged, and is written anew");
        assertThat(leasesNow()).isEqualTo(leases(LEASES));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_database_whose_key_is_lost_is_left_as_it_was_and_made_anew(boolean empty) throws IOException {
        byte[] before = Files.readAllBytes(data.resolve(LeaseDatabase.FILE));
        Files.delete(data.resolve(DatabaseKey.FILE));
        if (empty) {
            Files.createFile(data.resolve(DatabaseKey.FILE));
        }
        assertRefused(DatabaseKey.FILE, empty ? "is empty" : "is missing");
        assertThat(data.resolve(LeaseDatabase.FILE)).hasBinaryContent(before);
        assertThat(Files.exists(data.resolve(DatabaseKey.FILE))).isEqualTo(empty);
        StoreRepair.repair(data, NOW);
        assertThat(leasesNow()).isEqualTo(leases(LEASES));
        assertThat(data.resolve("leases.mv.db.damaged-20260501T100000Z")).hasBinaryContent(before);
    }

    @Test
    void a_database_that_was_cut_off_is_left_as_it_was_by_a_refused_start() throws IOException {
        byte[] whole = Files.readAllBytes(data.resolve(LeaseDatabase.FILE));
        for (int length = 16_384; length < whole.length; length += 16_384) {
            byte[] cut = Arrays.copyOf(whole, length);
            Files.write(data.resolve(LeaseDatabase.FILE), cut);
            try (EmbeddedLeaseStore store = open()) {
                assertThat(store.load()).hasSize(LEASES);
            } catch (StoreRefused refused) {
                assertThat(data.resolve(LeaseDatabase.FILE))
                        .as(refused.getMessage())
                        .hasBinaryContent(cut);
            }
        }
    }

    @Test
    void a_directory_in_place_of_a_segment_is_named_and_left_behind() throws IOException {
        Files.createDirectory(data.resolve("journal/0000009999.journal"));
        assertRefused("0000009999.journal: it is a directory");
        StoreRepair.repair(data, NOW);
        assertThat(leasesNow()).isEqualTo(leases(LEASES));
    }

    @Test
    void a_file_in_place_of_the_journal_is_moved_aside() throws IOException {
        deleteJournal();
        Files.delete(data.resolve("journal"));
        Files.createFile(data.resolve("journal"));
        assertRefused(data.resolve("journal") + " is a file");
        StoreRepair.repair(data, NOW);
        assertThat(leasesNow()).isEqualTo(leases(LEASES));
    }

    @Test
    void only_the_owner_of_a_directory_repairs_it() throws IOException {
        assumeTrue(Files.getOwner(data).getName().equals("root"), "left out: needs root, to give files away");
        Files.setAttribute(data, "unix:uid", 65_534);
        Set<String> before = names();
        assertThatThrownBy(() -> StoreRepair.repair(data, NOW))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("run this as " + Files.getOwner(data).getName());
        assertThat(names()).isEqualTo(before);
    }

    @Test
    void an_interrupted_repair_goes_on_where_there_is_no_journal_any_more() throws IOException {
        Files.delete(data.resolve(LeaseDatabase.FILE));
        Path saved = temporary.resolve("saved");
        copy(data.resolve("journal"), saved);
        deleteJournal();
        Files.move(saved, data.resolve("journal.rebuilt"));
        StoreRepair.repair(data, NOW);
        assertThat(leasesNow()).isEqualTo(leases(LEASES));
        assertThat(data.resolve("journal.rebuilt")).doesNotExist();
    }

    @Test
    void a_repair_interrupted_earlier_begins_again() throws IOException {
        damage(segments().get(0), 2);
        Files.createDirectory(data.resolve("journal.rebuilt"));
        Files.writeString(data.resolve("journal.rebuilt/0000000001.journal"), "half");
        StoreRepair.repair(data, NOW);
        assertThat(leasesNow()).isEqualTo(leases(LEASES));
    }

    @Test
    void a_directory_in_use_is_not_touched() {
        try (EmbeddedLeaseStore store = open()) {
            assertThat(store.trouble()).isEmpty();
            assertThatThrownBy(() -> StoreRepair.repair(data, NOW))
                    .isInstanceOf(StoreRefused.class)
                    .hasMessageContaining("is in use by");
        }
    }

    @Test
    void a_directory_that_is_not_there_is_not_made() {
        Path nowhere = temporary.resolve("nowhere");
        assertThatThrownBy(() -> StoreRepair.repair(nowhere, NOW))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("nothing to repair");
        assertThat(nowhere).doesNotExist();
    }

    private EmbeddedLeaseStore open() {
        return EmbeddedLeaseStore.open(new StoreSettings(data));
    }

    private void assertRefused(String... words) {
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreRefused.class)
                .hasMessageContainingAll(Stream.concat(Stream.of("jbootd repair"), Stream.of(words))
                        .toArray(String[]::new));
    }

    private List<Lease> leasesNow() {
        try (EmbeddedLeaseStore store = open()) {
            List<Lease> leases = new ArrayList<>(store.load());
            leases.sort(Comparator.comparing(Lease::address));
            return leases;
        }
    }

    private long historyLength() {
        return Long.parseLong(
                Sqls.rows(data, "SELECT COUNT(*) FROM lease_event").get(0));
    }

    private static List<Lease> leases(int count) {
        return Stream.iterate(0, i -> i + 1)
                .limit(count)
                .map(StoreRepairTest::lease)
                .toList();
    }

    /** With everything that a lease may and may not have. */
    private static Lease lease(int i) {
        boolean rich = i % 2 == 0;
        HardwareAddress hardware = i % 7 == 3
                ? new HardwareAddress(6, Octets.of((byte) 1, (byte) i))
                : HardwareAddress.ethernet(Octets.of((byte) 2, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) i));
        return new Lease(
                Ipv4.parse("10.0.0.1").plus(i),
                "lan",
                new ClientIdentity(
                        hardware,
                        rich ? Optional.of(Octets.of((byte) 0xff, (byte) i)) : Optional.empty(),
                        rich ? Optional.of(new UUID(i, i)) : Optional.empty()),
                rich ? Optional.of("host" + i) : Optional.empty(),
                rich,
                i % 5 == 4 ? Lease.State.DECLINED : Lease.State.BOUND,
                Instant.parse("2026-04-01T10:00:00Z").plusMillis(i),
                i % 3 == 0 ? Instant.MAX : Instant.parse("2026-05-01T10:00:00Z"));
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("journal"))) {
            return files.filter(file -> file.toString().endsWith(".journal"))
                    .sorted()
                    .toList();
        }
    }

    /** Changes an octet after so many thirds of what is written. */
    private static void damage(Path segment, int thirds) throws IOException {
        byte[] octets = Files.readAllBytes(segment);
        octets[octets.length * thirds / 3] ^= 0x55;
        Files.write(segment, octets);
    }

    private static void overwrite(Path file) throws IOException {
        Files.write(file, new byte[(int) Files.size(file)]);
    }

    private void deleteJournal() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("journal"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.map(file -> data.relativize(file).toString()).collect(Collectors.toSet());
        }
    }
}

package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A data directory in which something is missing, damaged, old or newer: all leases are there, or the start is refused. */
class DamagedDirectoryTest {

    private static final int NOBODY = 65_534;

    private static final int DAMAGES = Integer.getInteger("jbootd.damage.seeds", 15);

    @TempDir
    private Path parent;

    private Path directory;
    private List<Lease> leases;
    private long changes;

    /** Two runs of a store, both ended in order. */
    @BeforeEach
    void write() throws IOException {
        directory = parent.resolve("data");
        RandomChanges random = new RandomChanges(new Random(1));
        LeaseTable table = new LeaseTable();
        for (int run = 0; run < 2; run++) {
            try (EmbeddedLeaseStore store = open()) {
                for (int i = 0; i < 20; i++) {
                    List<LeaseChange> group = random.group();
                    assertThat(table.apply(group)).isEmpty();
                    table.settle();
                    changes += group.size();
                    store.commit(group).toCompletableFuture().join();
                }
            }
        }
        leases = table.leases();
    }

    private EmbeddedLeaseStore open() {
        return EmbeddedLeaseStore.open(new StoreSettings(directory));
    }

    private Path database() {
        return directory.resolve(LeaseDatabase.FILE);
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("journal"))) {
            return files.filter(file -> JournalNames.segmentNumber(
                                    file.getFileName().toString())
                            .isPresent())
                    .sorted()
                    .toList();
        }
    }

    private void assertRefused(String... words) {
        assertThatThrownBy(() -> open().close())
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContainingAll(words);
    }

    /** Opens the store and closes it again, so that the database has caught up. */
    private void assertWhole() {
        try (EmbeddedLeaseStore store = open()) {
            assertThat(store.load()).containsExactlyInAnyOrderElementsOf(leases);
        }
        assertThat(recordedChanges()).isEqualTo(changes);
    }

    private long recordedChanges() {
        return Long.parseLong(
                Sqls.rows(directory, "SELECT COUNT(*) FROM lease_event").get(0));
    }

    @Test
    void aMissingDatabaseIsMadeAnewFromTheJournal() throws IOException {
        Files.delete(database());
        assertWhole();
    }

    /** What is read from the journal at once is more than goes into a transaction. */
    @Test
    void aDatabaseThatMissesManyTransactionsGetsEachChangeOnceAndInOrder() throws IOException {
        RandomChanges random = new RandomChanges(new Random(3));
        List<String> before;
        try (EmbeddedLeaseStore store = open()) {
            while (changes < 3L * DatabaseFollower.BATCH) {
                List<LeaseChange> group = random.group();
                changes += group.size();
                store.commit(group).toCompletableFuture().join();
            }
            before = events(store);
        }
        Files.delete(database());
        try (EmbeddedLeaseStore store = open()) {
            assertThat(events(store)).hasSize((int) changes).isEqualTo(before);
        }
    }

    /** Once the database has them all, or does not come any further. */
    private List<String> events(EmbeddedLeaseStore store) {
        long before = -1;
        for (long now = recordedChanges(); before < now && now < changes; now = recordedChanges()) {
            store.awaitHistory();
            before = now;
        }
        return Sqls.rows(
                directory, "SELECT seq, recorded_at, kind, address, since, until, cause FROM lease_event ORDER BY seq");
    }

    @Test
    void aDatabaseThatWentBackInTimeCatchesUp() throws IOException {
        Files.copy(database(), parent.resolve("older"));
        try (EmbeddedLeaseStore store = open()) {
            List<LeaseChange> more = new RandomChanges(new Random(2)).group();
            store.commit(more).toCompletableFuture().join();
            changes += more.size();
        }
        try (EmbeddedLeaseStore store = open()) {
            leases = store.load();
        }
        Files.delete(database());
        Files.move(parent.resolve("older"), database());
        assertWhole();
    }

    /** What a crash left half-made has another name. */
    @Test
    void aDatabaseWhoseFirstStartWasCutOffIsMadeAnew() throws IOException {
        Files.delete(database());
        Files.writeString(directory.resolve("leases-new.mv.db"), "torn");
        assertWhole();
        assertThat(directory.resolve("leases-new.mv.db")).doesNotExist();
    }

    @Test
    void aDatabaseWithoutOurTablesIsRefusedAndLeftAsItWas() throws IOException {
        Files.delete(database());
        try (var handle = Jdbi.open("jdbc:h2:file:" + directory.resolve("leases"), "jbootd", "")) {
            handle.execute("CREATE TABLE another (half BIGINT)");
        }
        byte[] before = Files.readAllBytes(database());
        assertRefused(LeaseDatabase.FILE + " cannot be opened: it has none of our tables");
        assertThat(database()).hasBinaryContent(before);
    }

    @Test
    void aMissingDatabaseIsRefusedOnceTheJournalIsCut() throws IOException {
        cutJournal();
        assertWhole();
        Files.delete(database());
        assertRefused(LeaseDatabase.FILE + " is missing", "history before change");
    }

    private void cutJournal() throws IOException {
        JournalFiles files = new DiskFiles(directory.resolve("journal"));
        Recovery recovery = Recovery.of(files);
        try (Journal journal = Journal.open(files, recovery, JournalSize.USUAL)) {
            long end = journal.lastSeq();
            Instant latest = recovery.table().latest();
            journal.add(new Snapshot(end, latest, recovery.table().leases()));
            LeaseChange renewal = new LeaseChange(LeaseChange.Kind.RENEWED, leases.get(0));
            append(journal, renewal);
            recovery.table().apply(List.of(renewal));
            journal.add(new Snapshot(end + 1, latest, recovery.table().leases()));
            changes++;
            leases = recovery.table().leases();
            journal.cut(end);
        }
        assertThat(Recovery.of(files).firstSeq()).isGreaterThan(1);
    }

    private static void append(Journal journal, LeaseChange change) throws IOException {
        List<LeaseChange> entry = List.of(change);
        journal.append(
                new JournalEntry(journal.lastSeq() + 1, Instant.EPOCH, Instant.EPOCH, entry),
                List.of(LeaseCodec.encodeChanges(entry)));
    }

    /** Each damage follows from its seed alone; a failure names it. More of them: {@code -Djbootd.damage.seeds=1000}. */
    @Test
    void aDamagedDatabaseNeverCostsALease() throws IOException {
        byte[] whole = Files.readAllBytes(database());
        int refused = 0;
        for (int seed = 0; seed < DAMAGES; seed++) {
            Files.write(database(), damaged(whole, new Random(seed)));
            try (EmbeddedLeaseStore store = open()) {
                assertThat(store.load()).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(leases);
            } catch (StoreRefused e) {
                assertThat(e).as("seed %d", seed).hasMessageContaining(LeaseDatabase.FILE);
                refused++;
            }
        }
        System.out.printf("damaged databases: %d, of which %d were refused%n", DAMAGES, refused);
    }

    private static byte[] damaged(byte[] whole, Random random) {
        int at = random.nextInt(whole.length);
        if (random.nextInt(4) == 0) {
            return Arrays.copyOf(whole, at);
        }
        byte[] damaged = whole.clone();
        int end = Math.min(whole.length, at + (1 << random.nextInt(14)));
        boolean zeros = random.nextBoolean();
        for (int i = at; i < end; i++) {
            damaged[i] = zeros ? 0 : (byte) random.nextInt();
        }
        return damaged;
    }

    @Test
    void aJournalThatIsGoneIsRefused() throws IOException {
        for (Path segment : segments()) {
            Files.delete(segment);
        }
        assertRefused("the lease journal ends with change 0", LeaseDatabase.FILE + " has change " + changes);
    }

    @Test
    void aMissingLastSegmentIsRefused() throws IOException {
        List<Path> segments = segments();
        Files.delete(segments.get(segments.size() - 1));
        assertRefused("the lease journal ends with change", LeaseDatabase.FILE + " has change " + changes);
    }

    @Test
    void anEndOfTheJournalThatIsGoneIsRefused() throws IOException {
        List<Path> segments = segments();
        Path last = segments.get(segments.size() - 1);
        byte[] octets = Files.readAllBytes(last);
        Files.write(last, Arrays.copyOf(octets, octets.length / 2));
        assertRefused("the lease journal ends with change", LeaseDatabase.FILE + " has change " + changes);
    }

    @Test
    void damageInTheMiddleOfTheJournalIsRefusedWithItsPlace() throws IOException {
        Path first = segments().get(0);
        byte[] octets = Files.readAllBytes(first);
        octets[octets.length / 2] ^= 1;
        Files.write(first, octets);
        assertRefused("the lease journal is damaged", first.getFileName().toString(), "octet");
    }

    @Test
    void aDirectoryOfANewerVersionIsRefused() throws IOException {
        Files.writeString(directory.resolve("format"), "jbootd leases, format 2\n");
        assertRefused("is of 'jbootd leases, format 2'", "start the version that wrote it");
    }

    @Test
    void aDatabaseWithoutItsKeyIsRefusedAndSaysSo() throws IOException {
        Files.writeString(directory.resolve(DatabaseKey.FILE), "of another\n");
        assertRefused("leases.key is not the key of leases.mv.db", "restore");
    }

    @Test
    void aDatabaseOfANewerVersionIsRefusedAndLeftAsItWas() throws IOException {
        String key = DatabaseKey.of(directory);
        try (var handle = Jdbi.open("jdbc:h2:file:" + directory.resolve("leases"), "jbootd", key)) {
            handle.execute("UPDATE \"flyway_schema_history\" SET \"version\" = '99'");
        }
        assertThatThrownBy(() -> open().close())
                .isInstanceOf(StoreRefused.class)
                .hasMessageContainingAll(LeaseDatabase.FILE, "schema 99", "start the newer version");
        assertThat(recordedChanges()).isEqualTo(changes);
    }

    @Test
    void aMissingFormatIsRefused() throws IOException {
        Files.delete(directory.resolve("format"));
        assertRefused("its file 'format' is missing");
    }

    @Test
    void aDirectoryThatIsInUseIsRefused() {
        try (EmbeddedLeaseStore first = open()) {
            assertRefused(
                    "is in use by this process (pid " + ProcessHandle.current().pid() + ")");
            assertThat(first.load()).hasSameSizeAs(leases);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "journal", "format", "lock", "leases.mv.db"})
    void whatOthersMayWriteIsRefused(String name) throws IOException {
        Path open = directory.resolve(name).normalize();
        Set<PosixFilePermission> narrow = Files.getPosixFilePermissions(open);
        widen(open, PosixFilePermission.OTHERS_WRITE);
        assertRefused("others than its owner may write " + open, "chmod go-w " + open);
        Files.setPosixFilePermissions(open, narrow);
        assertWhole();
    }

    private static void widen(Path path, PosixFilePermission permission) throws IOException {
        Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(path));
        permissions.add(permission);
        Files.setPosixFilePermissions(path, permissions);
    }

    @Test
    void aGroupMayWriteOnlyIfItIsItsOwnersAlone() throws IOException {
        Path format = directory.resolve("format");
        assumeTrue(Files.getOwner(format).getName().equals("root"), "left out: needs root, to give files away");
        widen(format, PosixFilePermission.GROUP_WRITE);
        assertRefused("others than its owner may write " + format, "chmod go-w " + format);
        Files.setAttribute(format, "unix:uid", NOBODY);
        assertRefused("others than its owner may write " + format);
        Files.setAttribute(format, "unix:gid", NOBODY + 1); // neither has a name, so that the names are the numbers
        Files.setAttribute(format, "unix:uid", NOBODY + 1);
        assertWhole();
    }

    /** A file system of its own has such a directory, and nobody but root may look into it. */
    @Test
    void whatIsNotOursIsNotLookedInto() throws IOException {
        Path foreign = Files.createDirectory(directory.resolve("lost+found"));
        Path inside = Files.createFile(foreign.resolve("file"));
        Files.setPosixFilePermissions(inside, PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.setPosixFilePermissions(foreign, PosixFilePermissions.fromString("---------"));
        assertWhole();
    }

    @Test
    void aDirectoryThatOthersMayReplaceIsRefused() throws IOException {
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertRefused("others than its owner may write " + parent.toRealPath(), "chmod go-w");
        Files.setAttribute(parent, "unix:mode", 01777);
        assertWhole();
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsRefused() throws IOException {
        directory = Files.createFile(parent.resolve("file"));
        assertRefused("is not a directory");
    }

    @Test
    void startsThatStoreNothingLeaveNothing() throws IOException {
        int before = segments().size();
        for (int start = 0; start < 3; start++) {
            open().close();
        }
        assertThat(segments()).hasSizeLessThanOrEqualTo(before + 1);
    }

    @Test
    void whatIsLeftOfUnfinishedFilesDoesNoHarm() throws IOException {
        Files.writeString(directory.resolve("journal/0000000099.journal.new"), "torn");
        Files.writeString(directory.resolve("format.new"), "torn");
        assertWhole();
        assertThat(directory.resolve("journal/0000000099.journal.new")).doesNotExist();
    }
}

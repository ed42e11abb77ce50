package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What becomes of a journal of which some octets are not what was written. It is refused, or all is there; only the end
 * of the last segment may look like a write that was cut off, and {@link DamagedDirectoryTest} shows that the database knows.
 */
class JournalDamageTest {

    private static final Instant START = Instant.parse("2026-05-04T03:02:01Z");

    /** Zeros behind the last entry of the last segment that are left, to keep the test short. */
    private static final int TAIL = 100;

    private final RandomChanges changes = new RandomChanges(new Random(1));
    private final ForgetfulDisk disk = new ForgetfulDisk(new Random(1));

    private final LeaseTable table = new LeaseTable();

    /** The leases after each change that ended an entry. */
    private final Map<Long, List<Lease>> states = new HashMap<>();

    private long lastSeq;
    private String last;

    @BeforeEach
    void write() throws IOException {
        for (int run = 0; run < 3; run++) {
            try (Journal journal = Journal.open(disk, Recovery.of(disk), JournalSize.USUAL)) {
                append(journal);
                if (run == 1) {
                    journal.add(new Snapshot(journal.lastSeq(), table.latest(), table.leases()));
                }
                append(journal);
                append(journal); // which the next one has as well
            }
        }
        last = disk.names().stream()
                .filter(name -> JournalNames.segmentNumber(name).isPresent())
                .reduce((one, next) -> next)
                .orElseThrow();
        byte[] trimmed = disk.read(last).array();
        replace(last, Arrays.copyOf(trimmed, trimmed.length + TAIL));
        assertThat(outcome()).isEqualTo(Outcome.WHOLE);
    }

    private void append(Journal journal) throws IOException {
        List<LeaseChange> group = changes.group();
        assertThat(table.apply(group)).isEmpty();
        table.settle();
        journal.append(
                new JournalEntry(journal.lastSeq() + 1, START, table.latest(), group),
                List.of(LeaseCodec.encodeChanges(group)));
        lastSeq = journal.lastSeq();
        states.put(lastSeq, table.leases());
    }

    private void replace(String name, byte[] octets) throws IOException {
        try (JournalFiles.Output output = disk.create(name)) {
            output.write(0, ByteBuffer.wrap(octets));
        }
    }

    private enum Outcome {
        WHOLE,
        /** The last entries are missing, which is what a write that was cut off looks like. The database knows better. */
        SHORTER,
        REFUSED
    }

    private Outcome outcome() throws IOException {
        Recovery recovery;
        try {
            recovery = Recovery.of(disk);
        } catch (JournalDamaged e) {
            assertThat(e).message().isNotBlank();
            return Outcome.REFUSED;
        }
        assertThat(recovery.table().leases())
                .containsExactlyInAnyOrderElementsOf(states.getOrDefault(recovery.lastSeq(), List.of()));
        return recovery.lastSeq() == lastSeq ? Outcome.WHOLE : Outcome.SHORTER;
    }

    /** @param name the file that is changed, and is as it was afterwards */
    private Outcome outcome(String name, UnaryOperator<byte[]> damage) throws IOException {
        byte[] before = disk.read(name).array();
        replace(name, damage.apply(before.clone()));
        try {
            return outcome();
        } catch (AssertionError e) {
            throw new AssertionError(name + " of " + before.length + " octets: " + e.getMessage(), e);
        } finally {
            replace(name, before);
        }
    }

    private Set<Outcome> allowed(String name) {
        return name.equals(last) ? EnumSet.allOf(Outcome.class) : EnumSet.of(Outcome.WHOLE, Outcome.REFUSED);
    }

    @Test
    void everyOctetChangedIsHarmlessOrRefused() throws IOException {
        for (String name : List.copyOf(disk.names())) {
            int length = Math.toIntExact(disk.size(name));
            for (int at = 0; at < length; at++) {
                int octet = at;
                Outcome outcome = outcome(name, octets -> {
                    octets[octet] ^= (byte) (1 << (octet % 8));
                    return octets;
                });
                assertThat(outcome).as("%s, octet %d", name, at).isIn(allowed(name));
            }
        }
    }

    @Test
    void everyTruncationIsHarmlessOrRefused() throws IOException {
        for (String name : List.copyOf(disk.names())) {
            int length = Math.toIntExact(disk.size(name));
            for (int end = 0; end < length; end++) {
                int left = end;
                Outcome outcome = outcome(name, octets -> Arrays.copyOf(octets, left));
                assertThat(outcome).as("%s cut to %d octets", name, end).isIn(allowed(name));
            }
        }
    }

    @Test
    void aWriteThatWasCutOffIsNotMissed() throws IOException {
        assertThat(outcome(last, octets -> Arrays.copyOf(octets, octets.length - TAIL - 1)))
                .isEqualTo(Outcome.SHORTER);
        byte[] torn = disk.read(last).array();
        replace(last, Arrays.copyOf(torn, torn.length - TAIL - 1));
        assertThat(Recovery.of(disk).notes()).singleElement().asString().contains(last, "cut off");
    }

    @Test
    void aZeroedSectorIsHarmlessOrRefused() throws IOException {
        for (String name : List.copyOf(disk.names())) {
            int length = Math.toIntExact(disk.size(name));
            for (int start = 0; start < length; start += 32) {
                int from = start;
                Outcome outcome = outcome(name, octets -> {
                    Arrays.fill(octets, from, Math.min(octets.length, from + 512), (byte) 0);
                    return octets;
                });
                assertThat(outcome).as("%s, zeros from %d", name, start).isIn(allowed(name));
            }
        }
    }

    @Test
    void aMissingSegmentInTheMiddleIsRefused() throws IOException {
        List<String> newerThanTheSnapshot = disk.names().stream()
                .filter(name -> JournalNames.segmentNumber(name).isPresent() && !name.equals(last))
                .toList();
        disk.delete(newerThanTheSnapshot.get(newerThanTheSnapshot.size() - 1));
        assertThatThrownBy(() -> Recovery.of(disk))
                .isInstanceOf(JournalDamaged.class)
                .hasMessageContaining("missing");
    }

    @Test
    void aDamagedSnapshotDoesNoHarmWhileTheSegmentsHaveEverything() throws IOException {
        String snapshot = disk.names().stream()
                .filter(name -> JournalNames.snapshotSeq(name).isPresent())
                .findFirst()
                .orElseThrow();
        assertThat(outcome(snapshot, octets -> new byte[octets.length])).isEqualTo(Outcome.WHOLE);
    }

    @Test
    void hostNamesThatLookLikeEntriesAreNoEntries() throws IOException {
        Frame forged = new Frame(lastSeq + 1, new byte[28]);
        ByteBuffer octets = ByteBuffer.allocate(forged.length());
        forged.encode(0, octets);
        Outcome outcome = outcome(last, file -> {
            System.arraycopy(octets.array(), 0, file, file.length - TAIL, octets.capacity());
            return file;
        });
        assertThat(outcome).isEqualTo(Outcome.WHOLE);
    }
}

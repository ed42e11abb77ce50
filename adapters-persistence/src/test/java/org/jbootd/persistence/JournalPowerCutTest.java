package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.persistence.ForgetfulDisk.PowerCut;
import org.junit.jupiter.api.Test;

/**
 * The journal on a disk that forgets what was not forced, and fails at times. Each life follows from its seed alone:
 *
 * <ul>
 *   <li>more of them: {@code -Djbootd.power.seeds=10000}
 *   <li>one again, as a failure named it: {@code -Djbootd.power.seed=4711}
 * </ul>
 */
class JournalPowerCutTest {

    private static final int SEEDS = Integer.getInteger("jbootd.power.seeds", 30);
    private static final int CUTS = 6;
    private static final Instant START = Instant.parse("2026-05-04T03:02:01Z");

    @Test
    void whatWasAcknowledgedIsThereAfterEveryPowerCut() throws IOException {
        Long only = Long.getLong("jbootd.power.seed");
        long acknowledged = 0;
        for (long seed :
                only != null ? new long[] {only} : LongStream.range(0, SEEDS).toArray()) {
            try {
                acknowledged += new Life(seed).live();
            } catch (AssertionError | IOException | RuntimeException e) {
                throw new AssertionError("with -Djbootd.power.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
        System.out.printf(
                "power cuts: %,d, after %,d acknowledged changes in all%n",
                CUTS * (only != null ? 1 : SEEDS), acknowledged);
        assertThat(acknowledged).isPositive();
    }

    /** What it wrote last can be read by the next process and is not on disk, until that one sees to it. */
    @Test
    void whatAKilledProcessLeftInTheSystemsMemoryIsOnDiskBeforeAnythingIsStoredBehindIt() throws IOException {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            ForgetfulDisk disk = new ForgetfulDisk(random);
            RandomChanges changes = new RandomChanges(random);
            Journal killed = Journal.open(disk, Recovery.of(disk), JournalSize.USUAL);
            append(killed, changes.group());
            List<LeaseChange> unforced = changes.group();
            disk.cutPowerAfter(1); // which is the write: the force never comes
            assertThatThrownBy(() -> append(killed, unforced)).isInstanceOf(PowerCut.class);
            disk.cutPowerAfter(Long.MAX_VALUE);

            Journal next = Journal.open(disk, Recovery.of(disk), JournalSize.USUAL);
            append(next, changes.group());
            long stored = next.lastSeq();
            disk.restorePower();

            assertThat(Recovery.of(disk).lastSeq()).as("seed %d", seed).isEqualTo(stored);
        }
    }

    private static void append(Journal journal, List<LeaseChange> changes) throws IOException {
        JournalEntry entry = new JournalEntry(journal.lastSeq() + 1, START, START, changes);
        journal.append(entry, List.of(LeaseCodec.encodeChanges(changes)));
    }

    /** One journal, from its first change through {@value #CUTS} power cuts. */
    private static final class Life {

        private final Random random;
        private final ForgetfulDisk disk;
        private final RandomChanges changes;
        private final LeaseTable table = new LeaseTable();
        private final List<LeaseChange> acknowledged = new ArrayList<>();

        /** What was written last and never acknowledged: may be there after a power cut, whole. */
        private List<LeaseChange> unanswered = List.of();

        /** The last change that the database has, which takes from the journal what it needs. */
        private long mark;

        private Journal journal;

        Life(long seed) {
            this.random = new Random(seed);
            this.disk = new ForgetfulDisk(random);
            this.changes = new RandomChanges(random);
        }

        long live() throws IOException {
            for (int cut = 0; cut < CUTS; cut++) {
                disk.cutPowerAfter(random.nextInt(120));
                try {
                    start();
                    while (true) {
                        step();
                    }
                } catch (PowerCut expected) {
                    disk.restorePower();
                }
            }
            start();
            return acknowledged.size();
        }

        private void start() throws IOException {
            Recovery recovery = Recovery.of(disk);
            check(recovery);
            journal = Journal.open(disk, recovery, JournalSize.USUAL);
            unanswered = List.of();
        }

        private void check(Recovery recovery) {
            long known = acknowledged.size();
            assertThat(recovery.lastSeq()).as("changes").isIn(known, known + unanswered.size());
            if (recovery.lastSeq() > known) {
                acknowledge(unanswered);
            }
            unanswered = List.of();
            assertThat(recovery.table().leases()).containsExactlyInAnyOrderElementsOf(table.leases());
            assertThat(recovery.table().latest()).isAfterOrEqualTo(table.latest());
            assertThat(recovery.firstSeq()).as("the database has all before").isLessThanOrEqualTo(mark + 1);
        }

        private void acknowledge(List<LeaseChange> stored) {
            assertThat(table.apply(stored)).isEmpty();
            table.settle();
            acknowledged.addAll(stored);
        }

        private void step() throws IOException {
            switch (random.nextInt(12)) {
                case 0 -> follow();
                case 1 -> whenItWorks(() -> journal.cut(mark));
                case 2 ->
                    whenItWorks(() -> journal.add(new Snapshot(journal.lastSeq(), table.latest(), table.leases())));
                case 3 -> disk.failOperations(1 + random.nextInt(3));
                default -> append();
            }
        }

        private void append() throws IOException {
            List<LeaseChange> group = changes.group();
            JournalEntry entry = new JournalEntry(journal.lastSeq() + 1, START, table.latest(), group);
            unanswered = group;
            try {
                journal.append(entry, List.of(LeaseCodec.encodeChanges(group)));
                unanswered = List.of();
                acknowledge(group);
            } catch (IOException e) {
                reopen();
            }
        }

        private void reopen() {
            while (true) {
                try {
                    journal.reopen(table.latest());
                    unanswered = List.of();
                    return;
                } catch (IOException stillFailing) {
                    assertThat(stillFailing).isNotInstanceOf(JournalDamaged.class);
                }
            }
        }

        private void follow() throws IOException {
            while (mark < journal.lastSeq()) {
                for (JournalEntry entry : journal.read(mark + 1, journal.lastSeq(), 1 + random.nextInt(20))) {
                    assertThat(entry.firstSeq()).isEqualTo(mark + 1);
                    assertThat(entry.changes()).isEqualTo(acknowledged.subList((int) mark, (int) entry.lastSeq()));
                    mark = entry.lastSeq();
                }
            }
        }

        private interface Housekeeping {
            void run() throws IOException;
        }

        /** What only keeps the journal short may fail, and is tried again another time. */
        private static void whenItWorks(Housekeeping housekeeping) {
            try {
                housekeeping.run();
            } catch (IOException notNow) {
                assertThat(notNow).isNotInstanceOf(JournalDamaged.class);
            }
        }
    }
}

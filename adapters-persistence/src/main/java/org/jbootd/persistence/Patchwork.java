package org.jbootd.persistence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jbootd.domain.lease.LeaseChange;

/**
 * What leases and history become of entries some of which are missing. Each change carries the whole lease, so those behind a gap
 * are as good as any. What must have ended within a gap gets an event of its own for that, by a number of the gap.
 */
final class Patchwork {

    private final LeaseTable table;
    private final List<JournalEntry> history = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private final List<Gap> free = new ArrayList<>();
    private long lastSeq;

    /** Changes of which nothing is known. */
    record Gap(long first, long last) {

        @Override
        public String toString() {
            return first == last ? "change " + first : "changes " + first + " to " + last;
        }
    }

    private Patchwork(Snapshot base) {
        this.table = new LeaseTable(base.leases(), base.latest());
        this.lastSeq = base.seq();
    }

    /** @param base of whose changes none is missing */
    static Patchwork of(Snapshot base, JournalRemains remains) {
        Patchwork patchwork = new Patchwork(base);
        remains.entries().forEach(patchwork::add);
        patchwork.missUpTo(remains.lastKnown());
        patchwork.history.sort(Comparator.comparingLong(JournalEntry::firstSeq));
        return patchwork;
    }

    /** The leases as they are after the last change that there certainly was. */
    Snapshot state() {
        return new Snapshot(lastSeq, table.latest(), table.leases());
    }

    /** All changes behind the base that are known, and those that there must have been. */
    List<JournalEntry> history() {
        return List.copyOf(history);
    }

    /** In order. */
    List<Gap> gaps() {
        return List.copyOf(gaps);
    }

    private void add(JournalEntry entry) {
        table.keepTime(entry.serverTime());
        if (entry.changes().isEmpty() || entry.firstSeq() <= lastSeq) {
            return;
        }
        missUpTo(entry.firstSeq() - 1);
        for (LeaseChange change : entry.changes()) {
            table.inTheWay(change).forEach(ended -> end(ended, change, entry));
            String contradiction = table.apply(List.of(change)).orElse(null);
            if (contradiction != null) {
                throw new AssertionError(contradiction);
            }
        }
        table.settle();
        history.add(entry);
        lastSeq = entry.lastSeq();
    }

    private void missUpTo(long last) {
        if (lastSeq < last) {
            gaps.add(new Gap(lastSeq + 1, last));
            free.add(new Gap(lastSeq + 1, last));
            lastSeq = last;
        }
    }

    /** The last number that is free: when it ended in truth, nobody knows. */
    private void end(LeaseChange ended, LeaseChange by, JournalEntry entry) {
        table.apply(List.of(ended));
        if (free.isEmpty()) {
            return;
        }
        Gap last = free.remove(free.size() - 1);
        if (last.first() < last.last()) {
            free.add(new Gap(last.first(), last.last() - 1));
        }
        history.add(new JournalEntry(last.last(), entry.recordedAt(), by.lease().since(), List.of(ended)));
    }
}

package org.jbootd.persistence;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the files of a journal add up to: the newest whole snapshot and every change behind it. Reads and checks; changes
 * nothing on disk.
 */
final class Recovery {

    private final JournalFiles files;
    private final List<Segment> segments = new ArrayList<>();
    private final List<Long> snapshots = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private LeaseTable table = new LeaseTable();
    private Optional<JournalEntry> tail = Optional.empty();
    private long lastSeq;
    private int segmentsReplayed;
    private long octetsReplayed;

    private Recovery(JournalFiles files) {
        this.files = files;
    }

    /** @throws JournalDamaged when something that was durable is missing */
    static Recovery of(JournalFiles files) throws IOException {
        Recovery recovery = new Recovery(files);
        recovery.findSegments(false);
        recovery.loadSnapshot();
        recovery.replay();
        return recovery;
    }

    /** What can still be had of a journal that is damaged: a whole snapshot, and what follows it without a gap. */
    static Recovery salvage(JournalFiles files) throws IOException {
        Recovery recovery = new Recovery(files);
        recovery.findSegments(true);
        try {
            recovery.loadSnapshot();
            recovery.replay();
        } catch (JournalDamaged e) {
            recovery.notes.add(e.getMessage());
        }
        return recovery;
    }

    /** A journal that begins with a snapshot, and has nothing else yet. */
    static Recovery beginningWith(JournalFiles files, Snapshot snapshot) {
        Recovery recovery = new Recovery(files);
        recovery.begin(snapshot);
        return recovery;
    }

    LeaseTable table() {
        return table;
    }

    /** Number of the last change that is durable, 0 when there is none. */
    long lastSeq() {
        return lastSeq;
    }

    /**
     * What was written last, if it has changes. It need not be on disk, though it can be read: a process that is killed never hears
     * whether it was forced, and a force that failed leaves it in the operating system's memory alone.
     */
    Optional<JournalEntry> tail() {
        return tail;
    }

    /** The first change that the segments have. */
    long firstSeq() {
        return segments.isEmpty() ? lastSeq + 1 : segments.get(0).firstSeq();
    }

    /** By number. */
    List<Segment> segments() {
        return List.copyOf(segments);
    }

    /** The change numbers of the snapshots that may be relied on, ascending. */
    List<Long> snapshots() {
        return List.copyOf(snapshots);
    }

    /** How many segments hold something that no snapshot has. */
    int segmentsReplayed() {
        return segmentsReplayed;
    }

    long octetsReplayed() {
        return octetsReplayed;
    }

    /** What was found odd, and does no harm; a sentence each. */
    List<String> notes() {
        return List.copyOf(notes);
    }

    /** @param salvaging whether one that cannot be read is noted, and not the end of it */
    private void findSegments(boolean salvaging) throws IOException {
        for (String name : files.names()) {
            OptionalLong number = JournalNames.segmentNumber(name);
            try {
                if (number.isPresent()) {
                    segments.add(segment(name, number.getAsLong()));
                }
            } catch (JournalDamaged e) {
                if (!salvaging) {
                    throw e;
                }
                notes.add(e.getMessage());
            }
        }
        segments.sort(Comparator.comparingLong(Segment::number));
    }

    private Segment segment(String name, long number) throws IOException {
        try {
            FileHeader header = FileHeader.decode(FileHeader.Kind.SEGMENT, files.read(name, FileHeader.LENGTH));
            if (header.number() != number) {
                throw new DamagedFile("it was written as number " + header.number());
            }
            return new Segment(number, header.seq());
        } catch (DamagedFile e) {
            throw new JournalDamaged(name + ": " + e.getMessage());
        }
    }

    private void loadSnapshot() throws IOException {
        List<Long> newestFirst = files.names().stream()
                .map(JournalNames::snapshotSeq)
                .filter(OptionalLong::isPresent)
                .map(OptionalLong::getAsLong)
                .sorted(Comparator.reverseOrder())
                .toList();
        for (long seq : newestFirst) {
            if (lastSeq > 0) {
                snapshots.add(0, seq);
            } else {
                tryToLoad(seq);
            }
        }
        if (lastSeq == 0 && !newestFirst.isEmpty() && !startsWithTheFirstChange()) {
            throw new JournalDamaged("no snapshot is whole (" + String.join("; ", notes) + ")");
        }
    }

    private boolean startsWithTheFirstChange() {
        return !segments.isEmpty() && segments.get(0).firstSeq() == 1;
    }

    private void tryToLoad(long seq) throws IOException {
        String name = JournalNames.snapshot(seq);
        try {
            Snapshot snapshot = Snapshot.read(files, name);
            if (snapshot.seq() != seq) {
                throw new DamagedFile("it was written after change " + snapshot.seq());
            }
            begin(snapshot);
        } catch (DamagedFile e) {
            notes.add("the snapshot " + name + " is damaged and not used: " + e.getMessage());
        }
    }

    private void begin(Snapshot snapshot) {
        table = new LeaseTable(snapshot.leases(), snapshot.latest());
        lastSeq = snapshot.seq();
        snapshots.add(snapshot.seq());
    }

    private void replay() throws IOException {
        if (segments.isEmpty() && lastSeq > 0) {
            throw new JournalDamaged("there is a snapshot, and no segment");
        }
        for (int i = 0; i < segments.size(); i++) {
            boolean last = i + 1 == segments.size();
            long bound = last ? Long.MAX_VALUE : segments.get(i + 1).firstSeq() - 1;
            if (bound > lastSeq || last) {
                replay(segments.get(i), bound);
            }
        }
    }

    /** @param bound the last change that counts in this segment; the next one voids what is behind it */
    private void replay(Segment segment, long bound) throws IOException {
        if (segment.firstSeq() > lastSeq + 1) {
            throw new JournalDamaged("changes " + (lastSeq + 1) + " to " + (segment.firstSeq() - 1)
                    + " are missing in front of " + segment.name());
        }
        SegmentReading reading = read(segment);
        for (JournalEntry entry : reading.entries()) {
            if (entry.firstSeq() > bound) {
                break;
            }
            apply(segment, entry);
        }
        if (bound != Long.MAX_VALUE && lastSeq != bound) {
            throw new JournalDamaged(segment.name() + ": damaged at octet " + reading.end() + "; changes "
                    + (lastSeq + 1) + " to " + bound + " are missing");
        }
        if (bound == Long.MAX_VALUE) {
            end(segment, reading);
        }
        segmentsReplayed++;
        octetsReplayed += reading.end();
    }

    private SegmentReading read(Segment segment) throws IOException {
        try {
            return SegmentReading.of(files.read(segment.name()));
        } catch (DamagedFile e) {
            throw new JournalDamaged(segment.name() + ": " + e.getMessage());
        }
    }

    private void apply(Segment segment, JournalEntry entry) throws JournalDamaged {
        if (entry.lastSeq() < lastSeq
                || entry.lastSeq() == lastSeq && !entry.changes().isEmpty()) {
            return;
        }
        if (entry.firstSeq() != lastSeq + 1) {
            throw new JournalDamaged(segment.name() + ": change " + (lastSeq + 1) + " is not where it belongs");
        }
        String contradiction = table.apply(entry.changes()).orElse(null);
        if (contradiction != null) {
            throw new JournalDamaged(segment.name() + ": " + contradiction);
        }
        table.keepTime(entry.serverTime());
        table.settle();
        lastSeq = entry.lastSeq();
    }

    private void end(Segment segment, SegmentReading reading) throws JournalDamaged {
        List<JournalEntry> entries = reading.entries();
        if (entries.isEmpty()) { // it got its name once its first one was on disk
            throw new JournalDamaged(segment.name() + ": damaged at octet " + reading.end());
        }
        tail = entries.stream()
                .skip(Math.max(0, entries.size() - 1))
                .filter(last -> !last.changes().isEmpty())
                .findFirst();
        switch (reading.ending()) {
            case CLEAN -> {}
            case TORN ->
                notes.add(segment.name() + " ends in a write that was cut off at octet " + reading.end()
                        + "; nobody was told that it was stored");
            case DAMAGED ->
                throw new JournalDamaged(
                        segment.name() + ": damaged at octet " + reading.end() + ", with whole entries behind it");
        }
    }
}

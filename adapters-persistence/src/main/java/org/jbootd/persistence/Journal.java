package org.jbootd.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The commit point: entries appended to segments, each forced to disk before {@link #append} returns. One thread appends;
 * another may {@link #read} and {@link #cut} at the same time.
 *
 * <p>After a failed append nobody knows what of the entry is on disk, so the segment is left for ever. The next one says in
 * its header with which change it begins, and what older segments hold from there on is void.
 */
final class Journal implements Closeable {

    /** The newest snapshot, and one to fall back to. */
    private static final int SNAPSHOTS_KEPT = 2;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final JournalFiles files;
    private final JournalSize size;
    private final List<Segment> segments;
    private final List<Long> snapshots;
    /** Null after a failure, and once closed. */
    private SegmentFile active;

    private long lastSeq;
    private long lastNumber;
    /** How much of the last segment is on disk. */
    private long lastEnd;

    private int segmentsSinceSnapshot;
    private long octetsSinceSnapshot;

    private Journal(JournalFiles files, Recovery recovery, JournalSize size) {
        this.files = files;
        this.size = size;
        this.segments = new ArrayList<>(recovery.segments());
        this.snapshots = new ArrayList<>(recovery.snapshots());
        this.lastSeq = recovery.lastSeq();
        this.lastNumber =
                segments.isEmpty() ? 0 : segments.get(segments.size() - 1).number();
        this.segmentsSinceSnapshot = recovery.segmentsReplayed();
        this.octetsSinceSnapshot = recovery.octetsReplayed();
    }

    /** Goes on behind what was recovered, in a new segment, which has what was written last once more: now it is on disk. */
    static Journal open(JournalFiles files, Recovery recovery, JournalSize size) throws IOException {
        Journal journal = new Journal(files, recovery, size);
        journal.discardLeftovers();
        JournalEntry time = journal.time(recovery.table().latest());
        journal.begin(
                frame(recovery.tail().map(tail -> tail.at(time.serverTime())).orElse(time)));
        journal.cut(0); // what a run leaves that stored nothing
        return journal;
    }

    private void discardLeftovers() throws IOException {
        for (String name : files.names()) {
            boolean useless = JournalNames.snapshotSeq(name).stream().anyMatch(seq -> !snapshots.contains(seq));
            if (JournalNames.isUnfinished(name) || useless) {
                files.delete(name);
            }
        }
    }

    /** Number of the last durable change. */
    synchronized long lastSeq() {
        return lastSeq;
    }

    /**
     * The files that make up the journal, each with the number of its octets that are on disk, and will not change. What stands
     * behind them is being written, or nobody was told of it.
     */
    synchronized Map<String, Long> durable() {
        Map<String, Long> lengths = new TreeMap<>();
        segments.forEach(segment -> lengths.put(segment.name(), Long.MAX_VALUE));
        lengths.put(segments.get(segments.size() - 1).name(), lastEnd);
        snapshots.forEach(seq -> lengths.put(JournalNames.snapshot(seq), Long.MAX_VALUE));
        return lengths;
    }

    /**
     * Makes {@code entry} durable.
     *
     * @param encoded its changes, each part as {@link LeaseCodec#encodeChanges} wrote it
     * @throws IOException when it is not; then {@link #reopen} comes before the next append
     */
    void append(JournalEntry entry, List<byte[]> encoded) throws IOException {
        Frame frame = new Frame(entry.firstSeq(), LeaseCodec.encodeEntry(entry, encoded));
        try {
            if (active.hasRoomFor(frame)) {
                active.append(frame);
            } else {
                active.close();
                begin(frame);
            }
        } catch (IOException | RuntimeException e) {
            abandon(e);
            throw e;
        }
        appended(entry, frame);
    }

    /**
     * Looks whether what is written is still where the next start will look for it.
     *
     * @throws IOException when it is not; then {@link #reopen} comes before the next append
     */
    void check() throws IOException {
        try {
            active.check(files);
        } catch (IOException | RuntimeException e) {
            abandon(e);
            throw e;
        }
    }

    private synchronized void appended(JournalEntry entry, Frame frame) {
        lastSeq = entry.lastSeq();
        lastEnd = active.end();
        octetsSinceSnapshot += frame.length();
    }

    private void abandon(Exception cause) {
        SegmentFile lost = active;
        active = null;
        try {
            lost.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /**
     * Goes on in a new segment after a failure, once everything acknowledged so far was found again on disk.
     *
     * @param serverTime as far as it is known to have come
     * @throws IOException when that cannot be now
     */
    void reopen(Instant serverTime) throws IOException {
        Recovery recovery = Recovery.of(files);
        if (recovery.lastSeq() < lastSeq()) {
            throw new JournalDamaged("changes " + (recovery.lastSeq() + 1) + " to " + lastSeq()
                    + " were on disk and cannot be read back");
        }
        begin(frame(time(serverTime)));
    }

    /** Keeps the time: the segments before may hold nothing else. */
    private JournalEntry time(Instant serverTime) {
        return new JournalEntry(lastSeq() + 1, Instant.EPOCH, serverTime, List.of());
    }

    private static Frame frame(JournalEntry entry) throws IOException {
        List<byte[]> encoded = List.of(LeaseCodec.encodeChanges(entry.changes()));
        return new Frame(entry.firstSeq(), LeaseCodec.encodeEntry(entry, encoded));
    }

    /** Goes on in a new segment, which is there with its first frame or not at all. */
    private void begin(Frame first) throws IOException {
        Segment segment;
        synchronized (this) {
            segment = new Segment(++lastNumber, first.seq());
        }
        FileHeader header =
                new FileHeader(FileHeader.Kind.SEGMENT, segment.number(), RANDOM.nextLong(), segment.firstSeq());
        active = SegmentFile.create(files, header, size.segment(), first);
        synchronized (this) {
            segments.add(segment);
            lastEnd = active.end();
            segmentsSinceSnapshot++;
        }
    }

    /** True when so much lies behind the last snapshot of {@code leases} leases that a start would take long. */
    synchronized boolean wantsSnapshot(int leases) {
        return size.isMuch(segmentsSinceSnapshot, octetsSinceSnapshot, leases);
    }

    /**
     * Reads entries in order, from the one that begins with change {@code from}.
     *
     * @param to the last change wanted; it must be durable
     * @param max the result ends with the entry that brings it to so many changes
     */
    List<JournalEntry> read(long from, long to, int max) throws IOException {
        List<Segment> present;
        synchronized (this) {
            present = List.copyOf(segments);
        }
        return read(files, present, from, to, max);
    }

    /** @param present segments by number */
    static List<JournalEntry> read(JournalFiles files, List<Segment> present, long from, long to, int max)
            throws IOException {
        List<JournalEntry> entries = new ArrayList<>();
        long next = from;
        for (int i = 0; i < present.size() && next <= to && next - from < max; i++) {
            long bound = i + 1 < present.size() ? present.get(i + 1).firstSeq() - 1 : to;
            for (JournalEntry entry : bound < next ? List.<JournalEntry>of() : entries(files, present.get(i))) {
                if (entry.firstSeq() == next && entry.lastSeq() <= Math.min(bound, to) && next - from < max) {
                    entries.add(entry);
                    next = entry.lastSeq() + 1;
                }
            }
        }
        if (entries.isEmpty()) {
            throw new JournalDamaged("changes " + next + " to " + to + " are missing");
        }
        return entries;
    }

    private static List<JournalEntry> entries(JournalFiles files, Segment segment) throws IOException {
        return SegmentReading.of(files.read(segment.name())).entries();
    }

    /** Keeps a snapshot beside the segments, so that less has to be read at the next start. */
    void add(Snapshot snapshot) throws IOException {
        if (!hasSnapshot(snapshot.seq())) {
            snapshot.write(files);
        }
        synchronized (this) {
            if (!snapshots.contains(snapshot.seq())) {
                snapshots.add(snapshot.seq());
            }
            segmentsSinceSnapshot = 0;
            octetsSinceSnapshot = 0;
        }
    }

    private synchronized boolean hasSnapshot(long seq) {
        return snapshots.contains(seq);
    }

    /**
     * Deletes what is not needed any more: all snapshots but the newest two, and each segment whose changes are in both of
     * these and not behind {@code settled}, or which has none.
     *
     * @param settled the last change that the database will certainly still have after any crash
     */
    void cut(long settled) throws IOException {
        boolean cut = false;
        for (long snapshot : needlessSnapshots()) {
            files.delete(JournalNames.snapshot(snapshot));
            forget(() -> snapshots.remove(snapshot));
            cut = true;
        }
        for (Segment segment : needlessSegments(settled)) {
            files.delete(segment.name());
            forget(() -> segments.remove(segment));
            cut = true;
        }
        if (cut) {
            files.syncDirectory();
        }
    }

    private synchronized List<Long> needlessSnapshots() {
        return List.copyOf(snapshots.subList(0, Math.max(0, snapshots.size() - SNAPSHOTS_KEPT)));
    }

    /** The oldest first: should only some of them go, what stays has no gap. */
    private synchronized List<Segment> needlessSegments(long settled) {
        long covered = snapshots.size() < SNAPSHOTS_KEPT ? 0 : snapshots.get(0);
        long needless = Math.min(covered, settled);
        List<Segment> doomed = new ArrayList<>();
        for (int i = 0; i < segments.size() - 1; i++) {
            long last = segments.get(i + 1).firstSeq() - 1;
            if (last <= needless || last < segments.get(i).firstSeq()) {
                doomed.add(segments.get(i));
            }
        }
        return doomed;
    }

    private synchronized void forget(Runnable deleted) {
        deleted.run();
    }

    @Override
    public void close() throws IOException {
        try (SegmentFile segment = active) {
            active = null;
            if (segment != null) {
                segment.trim();
            }
        }
    }
}

package org.jbootd.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;

/**
 * Every entry of a damaged journal that can be read, wherever it stands: behind damage, in a segment whose header is damaged, or
 * behind a segment that is gone. Changes nothing on disk.
 *
 * @param entries in order; some may be missing between them
 * @param lastKnown the last change that there certainly was
 * @param openEnd whether the newest segment ends in something that cannot be read: nobody knows what that was
 */
record JournalRemains(List<JournalEntry> entries, long lastKnown, boolean openEnd) {

    /**
     * @param header null when it is damaged
     * @param open whether something stands behind the last entry
     */
    private record Part(long number, FileHeader header, List<JournalEntry> entries, boolean open) {

        /** From here on, what older segments hold is void; but not by an entry that cannot be read. */
        long firstSeq() {
            return entries.isEmpty() ? Long.MAX_VALUE : entries.get(0).firstSeq();
        }
    }

    static JournalRemains of(JournalFiles files) throws IOException {
        List<Part> newestFirst = new ArrayList<>();
        for (String name : files.names()) {
            OptionalLong number = JournalNames.segmentNumber(name);
            if (number.isPresent()) {
                newestFirst.add(part(files, name, number.getAsLong()));
            }
        }
        newestFirst.sort(Comparator.comparingLong(Part::number).reversed());
        Deque<JournalEntry> entries = new ArrayDeque<>();
        long end = Long.MAX_VALUE;
        long lastKnown = 0;
        for (Part part : newestFirst) {
            addThose(part.entries(), end, entries);
            end = Math.min(end, part.firstSeq());
            lastKnown = Math.max(
                    lastKnown, part.header() == null ? 0 : part.header().seq() - 1);
        }
        if (!entries.isEmpty()) {
            lastKnown = Math.max(lastKnown, entries.getLast().lastSeq());
        }
        boolean openEnd = !newestFirst.isEmpty() && newestFirst.get(0).open();
        return new JournalRemains(List.copyOf(entries), lastKnown, openEnd);
    }

    /** @param end what begins there or behind it is void */
    private static void addThose(List<JournalEntry> found, long end, Deque<JournalEntry> all) {
        for (int i = found.size() - 1; i >= 0; i--) {
            if (found.get(i).lastSeq() < end) {
                all.addFirst(found.get(i));
            }
        }
    }

    private static Part part(JournalFiles files, String name, long number) throws IOException {
        try {
            return part(files.read(name), number);
        } catch (DamagedFile e) {
            return new Part(number, null, List.of(), true);
        }
    }

    private static Part part(ByteBuffer file, long number) throws DamagedFile {
        if (file.limit() < FileHeader.LENGTH) {
            throw new DamagedFile("it is too short");
        }
        List<JournalEntry> entries = new ArrayList<>();
        boolean open = readEntries(file, FileHeader.salt(file), entries) || entries.isEmpty();
        try {
            FileHeader header = FileHeader.decode(FileHeader.Kind.SEGMENT, file);
            return new Part(header.number(), header, entries, open);
        } catch (DamagedFile e) {
            return new Part(number, null, entries, open);
        }
    }

    /** @return whether something stands behind the last one */
    private static boolean readEntries(ByteBuffer file, long salt, List<JournalEntry> entries) {
        boolean open = false;
        int at = FileHeader.LENGTH;
        while (at < file.limit()) {
            Frame frame = Frame.at(file, at, salt).orElse(null);
            if (frame != null) {
                addUnlessDamaged(frame, entries);
            }
            open = frame == null && (open || file.get(at) != 0);
            at += frame == null ? 1 : frame.length();
        }
        return open;
    }

    private static void addUnlessDamaged(Frame frame, List<JournalEntry> entries) {
        try {
            entries.add(LeaseCodec.decodeEntry(frame.seq(), frame.payload()));
        } catch (DamagedFile e) {
            // what has a right checksum and makes no sense is no entry
        }
    }
}

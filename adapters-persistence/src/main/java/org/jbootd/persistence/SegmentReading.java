package org.jbootd.persistence;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a segment holds: its entries up to the first octet that is not one.
 *
 * @param end offset behind the last entry
 * @param ending what stands from there on
 */
record SegmentReading(FileHeader header, List<JournalEntry> entries, int end, Ending ending) {

    /** What may stand behind the last good entry. */
    enum Ending {
        /** Only zeros, or nothing. */
        CLEAN,
        /** The rest of a write that was never forced. */
        TORN,
        /**
         * Something broken with a whole frame behind it. A frame is only written once the one before it is on disk, so
         * what is broken here was whole once.
         */
        DAMAGED
    }

    /** @throws DamagedFile when the header, or an entry with a right checksum, cannot be read */
    static SegmentReading of(ByteBuffer file) throws DamagedFile {
        FileHeader header = FileHeader.decode(FileHeader.Kind.SEGMENT, file);
        List<JournalEntry> entries = new ArrayList<>();
        long next = header.seq();
        int at = FileHeader.LENGTH;
        Optional<Frame> frame = Frame.at(file, at, header.salt());
        while (frame.isPresent() && frame.get().seq() == next) {
            JournalEntry entry = LeaseCodec.decodeEntry(next, frame.get().payload());
            entries.add(entry);
            next = entry.lastSeq() + 1;
            at += frame.get().length();
            frame = Frame.at(file, at, header.salt());
        }
        return new SegmentReading(header, entries, at, ending(file, at, header.salt()));
    }

    private static Ending ending(ByteBuffer file, int at, long salt) {
        int written = behindLastWritten(file, at);
        if (written == at) {
            return Ending.CLEAN;
        }
        return Frame.anyBetween(file, at, written, salt) ? Ending.DAMAGED : Ending.TORN;
    }

    /** Offset behind the last octet that is not zero, {@code from} if there is none. Most of a segment is zeros. */
    private static int behindLastWritten(ByteBuffer file, int from) {
        int end = file.limit();
        while (end - from >= Long.BYTES && file.getLong(end - Long.BYTES) == 0) {
            end -= Long.BYTES;
        }
        while (end > from && file.get(end - 1) == 0) {
            end--;
        }
        return end;
    }

    /** Number of the last change in it. */
    long lastSeq() {
        return entries.isEmpty()
                ? header.seq() - 1
                : entries.get(entries.size() - 1).lastSeq();
    }
}

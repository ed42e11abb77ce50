package org.jbootd.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * The segment being written. It is filled with zeros before its first frame, so that a force has no file size to write,
 * and a full disk shows before there is a lease to store. One thread at a time.
 */
final class SegmentFile implements Closeable {

    private final FileHeader header;
    private final JournalFiles.Output output;
    private final Optional<Object> identity;
    private final long capacity;
    private long end;

    private SegmentFile(
            FileHeader header, JournalFiles.Output output, Optional<Object> identity, long capacity, long end) {
        this.header = header;
        this.output = output;
        this.identity = identity;
        this.capacity = capacity;
        this.end = end;
    }

    /**
     * A new segment with its first frame, durable under its name when this returns. On failure it is gone again, as far as can be.
     *
     * @param usual octets, unless the frame needs more
     */
    static SegmentFile create(JournalFiles files, FileHeader header, int usual, Frame first) throws IOException {
        int end = FileHeader.LENGTH + first.length();
        int capacity = Math.max(usual, end);
        String name = JournalNames.segment(header.number());
        String unfinished = JournalNames.unfinished(name);
        JournalFiles.Output output = null;
        try {
            output = files.create(unfinished);
            output.write(FileHeader.LENGTH, ByteBuffer.allocate(capacity - FileHeader.LENGTH));
            output.write(0, header.encode());
            output.write(FileHeader.LENGTH, encoded(header, first));
            output.force();
            files.rename(unfinished, name);
            files.syncDirectory();
            return new SegmentFile(header, output, files.identity(name), capacity, end);
        } catch (IOException | RuntimeException e) {
            discard(files, output, unfinished, name, e);
            throw e;
        }
    }

    private static void discard(
            JournalFiles files, JournalFiles.Output output, String unfinished, String name, Exception cause) {
        try {
            if (output != null) {
                output.close();
            }
            files.delete(unfinished);
            files.delete(name);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** @throws IOException when its name does not stand for it any more: what is written into it then, nobody finds again */
    void check(JournalFiles files) throws IOException {
        String name = JournalNames.segment(header.number());
        boolean inPlace;
        try {
            inPlace = files.identity(name).equals(identity);
        } catch (NoSuchFileException e) {
            inPlace = false;
        }
        if (!inPlace) {
            throw new IOException(name + " was moved or deleted while it is written: move it back to its directory, or"
                    + " restore a backup and start the daemon anew");
        }
    }

    /** Offset behind what is on disk. */
    long end() {
        return end;
    }

    boolean hasRoomFor(Frame frame) {
        return end + frame.length() <= capacity;
    }

    /** Returns once the frame is on disk. After an exception nobody knows whether it is, and nothing more may be written. */
    void append(Frame frame) throws IOException {
        output.write(end, encoded(header, frame));
        output.force();
        end += frame.length();
    }

    private static ByteBuffer encoded(FileHeader header, Frame frame) {
        ByteBuffer octets = ByteBuffer.allocate(frame.length());
        frame.encode(header.salt(), octets);
        return octets.flip();
    }

    /** Gives back the room that was not needed. */
    void trim() throws IOException {
        output.truncate(end);
    }

    @Override
    public void close() throws IOException {
        output.close();
    }
}

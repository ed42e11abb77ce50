package org.jbootd.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jbootd.domain.lease.Lease;

/**
 * All current leases as they were after change {@code seq}: with the journal from there on, everything that is needed to
 * serve. On disk: header, one frame with the time, frames of leases, an empty frame as the end.
 */
record Snapshot(long seq, Instant latest, List<Lease> leases) {

    private static final int LEASES_PER_FRAME = 1000;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Writes it and reads it back. Older ones stay. */
    void write(JournalFiles files) throws IOException {
        FileHeader header = new FileHeader(FileHeader.Kind.SNAPSHOT, 0, RANDOM.nextLong(), seq);
        String name = JournalNames.snapshot(seq);
        String unfinished = JournalNames.unfinished(name);
        try (JournalFiles.Output output = files.create(unfinished)) {
            output.write(0, header.encode());
            long end = FileHeader.LENGTH;
            for (Frame frame : frames()) {
                ByteBuffer octets = ByteBuffer.allocate(frame.length());
                frame.encode(header.salt(), octets);
                output.write(end, octets.flip());
                end += frame.length();
            }
            output.force();
        }
        files.rename(unfinished, name);
        files.syncDirectory();
        if (read(files, name).leases().size() != leases.size()) {
            throw new IOException("the snapshot " + name + " does not read back as it was written");
        }
    }

    private List<Frame> frames() throws IOException {
        List<Frame> frames = new ArrayList<>();
        JournalEntry time = new JournalEntry(seq, Instant.EPOCH, latest, List.of());
        frames.add(new Frame(0, LeaseCodec.encodeEntry(time, List.of())));
        for (int from = 0; from < leases.size(); from += LEASES_PER_FRAME) {
            List<Lease> part = leases.subList(from, Math.min(leases.size(), from + LEASES_PER_FRAME));
            frames.add(new Frame(frames.size(), LeaseCodec.encodeLeases(part)));
        }
        frames.add(new Frame(frames.size(), new byte[0]));
        return frames;
    }

    /** @throws DamagedFile when it is not whole */
    static Snapshot read(JournalFiles files, String name) throws IOException {
        ByteBuffer file = files.read(name);
        FileHeader header = FileHeader.decode(FileHeader.Kind.SNAPSHOT, file);
        Frame first = frame(file, FileHeader.LENGTH, header, 0);
        Instant latest = LeaseCodec.decodeEntry(0, first.payload()).serverTime();
        List<Lease> leases = new ArrayList<>();
        int at = FileHeader.LENGTH + first.length();
        for (int index = 1; ; index++) {
            Frame frame = frame(file, at, header, index);
            if (frame.payload().length == 0) {
                return new Snapshot(header.seq(), latest, leases);
            }
            leases.addAll(LeaseCodec.decodeLeases(frame.payload()));
            at += frame.length();
        }
    }

    private static Frame frame(ByteBuffer file, int at, FileHeader header, int index) throws DamagedFile {
        Optional<Frame> frame = Frame.at(file, at, header.salt());
        if (frame.isEmpty() || frame.get().seq() != index) {
            throw new DamagedFile("damaged at octet " + at);
        }
        return frame.get();
    }
}

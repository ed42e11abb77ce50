package org.jbootd.persistence;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Octets from a disk are what was written or damaged, and nothing third: not as an entry, as leases, or as a segment, even
 * if their checksum is right.
 */
class LeaseCodecFuzz {

    private static final long SALT = 7;

    /** Recorded at 0, server time 2^63-1 s and 2^31-1 ns, no changes. */
    private static final String TIME_THAT_OVERFLOWS = "00".repeat(12) + "7fffffffffffffff" + "7fffffff" + "00000000";

    static List<byte[]> entries() throws IOException {
        RandomChanges changes = new RandomChanges(new Random(20260101L));
        List<byte[]> seeds = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            List<LeaseChange> group = changes.group();
            if (LeaseCodec.encodeChanges(group).length < 4_096) {
                JournalEntry entry = new JournalEntry(1, Instant.EPOCH, Instant.MAX, group);
                seeds.add(LeaseCodec.encodeEntry(entry, List.of(LeaseCodec.encodeChanges(group))));
                seeds.add(LeaseCodec.encodeLeases(
                        group.stream().map(LeaseChange::lease).toList()));
            }
        }
        seeds.add(HexFormat.of().parseHex(TIME_THAT_OVERFLOWS));
        return seeds;
    }

    @MethodSource("entries")
    @FuzzTest
    void isWholeOrDamaged(byte[] octets) throws IOException {
        requireEntry(octets);
        requireLeases(octets);
        requireSegment(segment(octets));
        requireSegment(ByteBuffer.wrap(octets));
    }

    private static void requireEntry(byte[] octets) throws IOException {
        JournalEntry entry;
        try {
            entry = LeaseCodec.decodeEntry(1, octets);
        } catch (DamagedFile expected) {
            return;
        }
        byte[] again = LeaseCodec.encodeEntry(entry, List.of(LeaseCodec.encodeChanges(entry.changes())));
        require(LeaseCodec.decodeEntry(1, again).equals(entry), "an entry makes the round trip");
    }

    private static void requireLeases(byte[] octets) throws IOException {
        List<Lease> leases;
        try {
            leases = LeaseCodec.decodeLeases(octets);
        } catch (DamagedFile expected) {
            return;
        }
        require(LeaseCodec.decodeLeases(LeaseCodec.encodeLeases(leases)).equals(leases), "leases make the round trip");
    }

    /** One with a right header and a right frame around the octets. */
    private static ByteBuffer segment(byte[] payload) {
        Frame frame = new Frame(1, payload);
        ByteBuffer file = ByteBuffer.allocate(FileHeader.LENGTH + frame.length());
        file.put(new FileHeader(FileHeader.Kind.SEGMENT, 1, SALT, 1).encode());
        frame.encode(SALT, file);
        return file.flip();
    }

    private static void requireSegment(ByteBuffer file) {
        try {
            require(SegmentReading.of(file).lastSeq() >= 0, "changes are counted from 1");
        } catch (DamagedFile expected) {
            require(!expected.getMessage().isBlank(), "it is said what is damaged");
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("violated: " + what);
        }
    }
}

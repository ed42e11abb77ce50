package org.jbootd.persistence;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Octets with their length, a checksum and a sequence number, as they stand in segments and snapshots. */
record Frame(long seq, byte[] payload) {

    /** Octets in front of the payload: mark, length, CRC32C, sequence number. */
    static final int OVERHEAD = 20;

    private static final int MARK = 0x6a6c6672; // "jlfr"

    /** Octets on disk. */
    int length() {
        return OVERHEAD + payload.length;
    }

    void encode(long salt, ByteBuffer out) {
        out.putInt(MARK).putInt(payload.length).putInt(checksum(salt, seq, ByteBuffer.wrap(payload)));
        out.putLong(seq).put(payload);
    }

    /** The frame that stands whole and with a right checksum at {@code offset}, if one does. */
    static Optional<Frame> at(ByteBuffer file, int offset, long salt) {
        if (file.limit() - offset < OVERHEAD || file.getInt(offset) != MARK) {
            return Optional.empty();
        }
        int length = file.getInt(offset + 4);
        if (length < 0 || length > file.limit() - offset - OVERHEAD) {
            return Optional.empty();
        }
        long seq = file.getLong(offset + 12);
        ByteBuffer payload = file.slice(offset + OVERHEAD, length);
        if (file.getInt(offset + 8) != checksum(salt, seq, payload.duplicate())) {
            return Optional.empty();
        }
        byte[] octets = new byte[length];
        payload.get(octets);
        return Optional.of(new Frame(seq, octets));
    }

    /** True when a whole frame begins anywhere from {@code offset} to before {@code end}. */
    static boolean anyBetween(ByteBuffer file, int offset, int end, long salt) {
        for (int at = offset; at < end; at++) {
            if (file.get(at) == MARK >>> 24 && at(file, at, salt).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private static int checksum(long salt, long seq, ByteBuffer payload) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(20)
                .putLong(salt)
                .putLong(seq)
                .putInt(payload.remaining())
                .flip());
        crc.update(payload);
        return (int) crc.getValue();
    }
}

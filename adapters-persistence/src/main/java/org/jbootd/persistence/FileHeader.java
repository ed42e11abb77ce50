package org.jbootd.persistence;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The first {@value #LENGTH} octets of a journal segment or a snapshot: magic, format version, number, salt, sequence
 * number, CRC32C.
 *
 * @param number counts segments up; 0 in a snapshot
 * @param salt random; goes into the checksum of every frame, so that no other file's frame, and none that a client put
 *     into its host name, is taken for one of this file
 * @param seq of a segment the number of its first change, which voids everything from there on in older segments; of a
 *     snapshot the last change it contains
 */
record FileHeader(Kind kind, long number, long salt, long seq) {

    static final int LENGTH = 64;
    /** What is written. Version 1, which is read as well, had no occasions, no reservations, and no expired leases. */
    static final int VERSION = 2;

    private static final int OLDEST = 1;

    private static final int CHECKED = 36;

    /** What a file is, by its first eight octets. */
    enum Kind {
        SEGMENT(0x6a626f6f746a726eL), // "jbootjrn"
        SNAPSHOT(0x6a626f6f74736e70L); // "jbootsnp"

        private final long magic;

        Kind(long magic) {
            this.magic = magic;
        }
    }

    ByteBuffer encode() {
        ByteBuffer out = ByteBuffer.allocate(LENGTH);
        out.putLong(kind.magic).putInt(VERSION).putLong(number).putLong(salt).putLong(seq);
        out.putInt(checksum(out));
        return out.clear();
    }

    /** @throws DamagedFile saying what is wrong with the header */
    static FileHeader decode(Kind kind, ByteBuffer file) throws DamagedFile {
        if (file.limit() < LENGTH) {
            throw new DamagedFile("it is too short");
        }
        if (file.getLong(0) != kind.magic) {
            throw new DamagedFile("it does not start as one of ours");
        }
        if (file.getInt(CHECKED) != checksum(file)) {
            throw new DamagedFile("the checksum of its header is wrong");
        }
        if (file.getInt(8) < OLDEST || file.getInt(8) > VERSION) {
            throw new DamagedFile(
                    "it has format " + file.getInt(8) + ", this version of jbootd knows " + OLDEST + " to " + VERSION);
        }
        return new FileHeader(kind, file.getLong(12), salt(file), file.getLong(28));
    }

    /** Of a file whose header may be damaged: it is right if a frame fits it. */
    static long salt(ByteBuffer file) {
        return file.getLong(20);
    }

    private static int checksum(ByteBuffer file) {
        CRC32C crc = new CRC32C();
        crc.update(file.duplicate().position(0).limit(CHECKED));
        return (int) crc.getValue();
    }
}

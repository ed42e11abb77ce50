package org.jbootd.persistence;

/**
 * How much a journal puts where.
 *
 * @param segment octets of a segment; a larger entry gets one of its own size
 * @param manySegments a snapshot is due after so many segments, started or full,
 * @param manyOctets or after so many octets; of many leases, after so many octets a lease
 */
record JournalSize(int segment, int manySegments, long manyOctets) {

    static final JournalSize USUAL = new JournalSize(4 << 20, 8, 16 << 20);

    private static final long OCTETS_PER_LEASE = 256;

    boolean isMuch(int segments, long octets, int leases) {
        return segments >= manySegments || octets >= Math.max(manyOctets, OCTETS_PER_LEASE * leases);
    }
}

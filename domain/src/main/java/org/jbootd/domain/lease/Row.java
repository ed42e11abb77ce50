package org.jbootd.domain.lease;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jbootd.domain.client.ClientKey;

/**
 * A lease, and who made it so.
 *
 * @param xids of the last requests of its client that were granted it, the newest last
 * @param told the furthest end that its client was told, by this server since it started and since it last was told that there
 *     is none; empty when it was told of no end
 */
record Row(Lease lease, List<Integer> xids, Optional<Instant> told) {

    /** A late copy of one renewal may arrive after the next few. */
    static final int MAX_XIDS = 4;

    /** A lease of which it is not known who made it so. */
    Row(Lease lease) {
        this(lease, List.of(), Optional.empty());
    }

    /** The same list for the row that follows this one, made by {@code xid}. */
    List<Integer> xidsAnd(int xid) {
        return Stream.concat(xids.stream().filter(former -> former != xid), Stream.of(xid))
                .skip(xids.size() == MAX_XIDS && !xids.contains(xid) ? 1 : 0)
                .toList();
    }

    boolean belongsTo(ClientKey client) {
        return lease.isOwned() && lease.client().key().equals(client);
    }
}

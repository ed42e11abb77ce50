package org.jbootd.persistence;

import java.time.Instant;
import java.util.List;
import org.jbootd.domain.lease.LeaseChange;

/**
 * What one {@code force} made durable, all or none: changes numbered from {@code firstSeq} without a gap.
 *
 * @param recordedAt wall clock, for people
 * @param serverTime server time is known to have come so far; {@link Instant#EPOCH} when the entry says nothing about it
 * @param changes may be empty, when the entry only keeps the time
 */
public record JournalEntry(long firstSeq, Instant recordedAt, Instant serverTime, List<LeaseChange> changes) {

    public JournalEntry {
        changes = List.copyOf(changes);
    }

    /** The same, with what is known of server time now. */
    JournalEntry at(Instant now) {
        return new JournalEntry(firstSeq, recordedAt, now, changes);
    }

    /** Number of the last change, {@code firstSeq - 1} when there is none. */
    public long lastSeq() {
        return firstSeq + changes.size() - 1;
    }
}

package org.jbootd.persistence;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Handle;

/**
 * Deletes what is over for longer than it is kept, some rows at a time, the oldest first, in any of the databases that we write.
 * What a current lease is, or an interval that goes on, stays, however old; and so does the last event of each address, by which
 * a node that stood still for long learns that somebody's lease has ended. One thread at a time.
 */
public final class Retention {

    /** Rows of each table that one step may delete: more than are written meanwhile, and few for the reason that those are few. */
    static final int STEP = 1_000;

    /** Events among those that are looked at at once, and time after which a step leaves the others to the next one. */
    static final int PORTION = 200;

    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** The event of a lease is the last one of its address, and so is older than that, or is that, for nearly all addresses. */
    private static final String LEASED_LATER = """
            EXISTS (SELECT 1 FROM lease WHERE lease.address_number = lease_event.address_number AND lease.seq > lease_event.seq)""";

    private static final String WHAT_A_LEASE_IS = """
            EXISTS (SELECT 1 FROM lease WHERE lease.address_number = lease_event.address_number AND lease.seq = lease_event.seq)""";

    /** With most events, renewals, no interval begins. */
    private static final String BEGINS_WHAT_GOES_ON = """
            (kind <> 'RENEWED' AND EXISTS (SELECT 1 FROM holding WHERE holding.address = lease_event.address
                AND holding.last_seq IS NULL AND holding.first_seq = lease_event.seq))""";

    private static final String ANOTHER_BEHIND_IT = """
            EXISTS (SELECT 1 FROM lease_change later WHERE later.address = lease_event.address AND later.seq > lease_event.seq)""";

    private static final String UNNEEDED = unneeded(ANOTHER_BEHIND_IT);

    /**
     * The same of those that have stayed, in the embedded database. All its parts would be looked into for the last event of an
     * address without a lease, again and again: so that one counts as the last until the address has a lease, or the end of another.
     */
    private static final String UNNEEDED_IN_PARTS = unneeded("""
            (part = -1 OR EXISTS (SELECT 1 FROM lease_event later WHERE later.part = -2 AND later.address = lease_event.address
                AND later.seq > lease_event.seq))""");

    /** Puts events that stay into the parts of those. */
    private static final String SET_ASIDE = """
            UPDATE lease_event SET part = CASE
                WHEN EXISTS (SELECT 1 FROM lease WHERE lease.address_number = lease_event.address_number) THEN -1 ELSE -2 END
            WHERE seq BETWEEN ? AND ?""";

    private final Optional<Duration> keep;
    private final boolean inParts;
    private final LongSupplier nanoTime;

    /** Where to go on among intervals. */
    private long nextHolding = 1;

    /** Where to go on among events that were needed when their time came. */
    private long nextKept = 1;

    private Retention(Optional<Duration> keep, boolean inParts, LongSupplier nanoTime) {
        this.keep = keep;
        this.inParts = inParts;
        this.nanoTime = nanoTime;
    }

    /** For the embedded database. @param keep how long; empty for ever */
    static Retention embedded(Optional<Duration> keep) {
        return embedded(keep, System::nanoTime);
    }

    /** @param nanoTime by which a step sees that it has taken long */
    static Retention embedded(Optional<Duration> keep, LongSupplier nanoTime) {
        return new Retention(keep, true, nanoTime);
    }

    /** For PostgreSQL. @param keep how long; empty for ever */
    public static Retention shared(Optional<Duration> keep) {
        return new Retention(keep, false, System::nanoTime);
    }

    private static String unneeded(String anotherBehindIt) {
        return "(%s OR NOT %s AND %s) AND NOT %s"
                .formatted(LEASED_LATER, WHAT_A_LEASE_IS, anotherBehindIt, BEGINS_WHAT_GOES_ON);
    }

    /**
     * Within a transaction of the caller's, which nothing but another step of this has to wait for.
     *
     * @param now of the clock by which events are recorded
     * @return whether there may be more to delete
     */
    public boolean step(Handle handle, Instant now) {
        if (keep.isEmpty()) {
            return false;
        }
        OffsetDateTime before = now.minus(keep.get()).atOffset(ZoneOffset.UTC);
        boolean more = deleteEvents(handle, before);
        deleteKept(handle);
        more |= deleteHoldings(handle, before);
        more |= delete(handle, "refused", "last_at", before);
        more |= delete(handle, "transfer", "ended", before);
        return more;
    }

    /**
     * They are in the order of time, but for steps of the clock, which keep some of them longer. The end of a lease may be the
     * last event of its address, and is looked for in each part before it is known to be that: where many leases ended at once, a
     * step deletes fewer.
     */
    private boolean deleteEvents(Handle handle, OffsetDateTime before) {
        long start = handle.createQuery("SELECT seq FROM history_start")
                .mapTo(Long.class)
                .one();
        List<Long> old = handle.createQuery("""
                        SELECT seq FROM (SELECT seq, recorded_at FROM lease_event WHERE seq >= :start ORDER BY seq
                            FETCH FIRST :step ROWS ONLY) oldest WHERE recorded_at < :before ORDER BY seq""")
                .bind("start", start)
                .bind("step", STEP)
                .bind("before", before)
                .mapTo(Long.class)
                .list();
        if (old.isEmpty()) {
            return false;
        }
        long began = nanoTime.getAsLong();
        int done = 0;
        while (done < old.size() && (done == 0 || nanoTime.getAsLong() - began < STEP_NANOS)) {
            done = Math.min(done + PORTION, old.size());
            long last = old.get(done - 1);
            deleteEvents(handle, start, last, UNNEEDED);
            if (inParts) {
                handle.execute(SET_ASIDE, start, last);
            }
            start = last + 1;
        }
        handle.execute("UPDATE history_start SET seq = ?", start);
        return done < old.size() || done == STEP;
    }

    /** Looks at some of those that stayed, round and round: a lease may have been renewed since, and an interval have ended. */
    private void deleteKept(Handle handle) {
        List<Long> kept = handle.createQuery("""
                        SELECT seq FROM lease_event WHERE seq >= :next AND seq < (SELECT seq FROM history_start)
                        ORDER BY seq FETCH FIRST :step ROWS ONLY""")
                .bind("next", nextKept)
                .bind("step", STEP)
                .mapTo(Long.class)
                .list();
        nextKept = 1;
        if (!kept.isEmpty()) {
            long last = kept.get(kept.size() - 1);
            deleteEvents(handle, kept.get(0), last, inParts ? UNNEEDED_IN_PARTS : UNNEEDED);
            nextKept = kept.size() == STEP ? last + 1 : 1;
        }
    }

    private static void deleteEvents(Handle handle, long first, long last, String unneeded) {
        new ChainAnchors(handle).keep(first, last, unneeded);
        handle.execute("DELETE FROM lease_event WHERE seq BETWEEN ? AND ? AND " + unneeded, first, last);
    }

    /**
     * They end in another order than they began, and looking for them by their end would cost every lease an index. Those of which
     * events are still there stay with them: so who looks knows that none of them is missing.
     */
    private boolean deleteHoldings(Handle handle, OffsetDateTime before) {
        long last = handle.createQuery("SELECT COALESCE(MAX(id), 0) FROM holding")
                .mapTo(Long.class)
                .one();
        handle.execute(
                "DELETE FROM holding WHERE id BETWEEN ? AND ? AND ended < ? AND last_seq < (SELECT seq FROM history_start)",
                nextHolding,
                nextHolding + STEP - 1,
                before);
        nextHolding += STEP;
        boolean more = nextHolding <= last;
        if (!more) {
            nextHolding = 1;
        }
        return more;
    }

    private static boolean delete(Handle handle, String table, String time, OffsetDateTime before) {
        int deleted = handle.execute(
                "DELETE FROM %s WHERE id IN (SELECT id FROM %s WHERE %s < ? ORDER BY %s FETCH FIRST %d ROWS ONLY)"
                        .formatted(table, table, time, time, STEP),
                before);
        return deleted == STEP;
    }
}

package org.jbootd.persistence.postgres;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * What time it is for all who share the database: as it was when it was last heard, and the time that has passed since. It is not
 * put back. One thread hears, any may ask.
 */
final class DatabaseClock {

    /** What time it was thought to be once, and is by that at any other time. */
    record Reading(Instant said, long heardAt) {

        private Instant at(long nanos) {
            return said.plusNanos(nanos - heardAt);
        }
    }

    private final LongSupplier nanoTime;
    private volatile Reading latest;

    /**
     * @param said the first that was heard
     * @param askedAt when that was asked for: rather early, or leases would end before their machines think so
     * @param nanoTime as {@link System#nanoTime}
     */
    DatabaseClock(Instant said, long askedAt, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.latest = new Reading(said, askedAt);
    }

    /** It is {@code now}, or was a moment ago. */
    void heard(Instant now) {
        long nanos = nanoTime.getAsLong();
        if (now.isAfter(latest.at(nanos))) {
            latest = new Reading(now, nanos);
        }
    }

    Instant now() {
        return latest.at(nanoTime.getAsLong());
    }

    Reading latest() {
        return latest;
    }

    /** How much earlier than now it is by an {@code earlier} reading: what the clock has been put forward, or the host's has lost. */
    Duration aheadOf(Reading earlier) {
        Reading present = latest;
        return Duration.between(earlier.at(present.heardAt), present.said);
    }
}

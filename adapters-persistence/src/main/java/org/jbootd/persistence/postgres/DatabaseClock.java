package org.jbootd.persistence.postgres;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * What the clock of the database says: what it said when it was last heard, and the time that has passed since. One that was put
 * back is not followed. One thread hears, any may ask.
 */
final class DatabaseClock {

    /** What it was thought to say at one time, and is by that at any other. */
    record Reading(Instant said, long heardAt) {

        private Instant at(long nanos) {
            return said.plusNanos(nanos - heardAt);
        }
    }

    private final LongSupplier nanoTime;
    private volatile Reading latest;

    /** @param nanoTime as {@link System#nanoTime} */
    DatabaseClock(Instant now, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.latest = new Reading(now, nanoTime.getAsLong());
    }

    /** It says {@code now}, or did a moment ago. */
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

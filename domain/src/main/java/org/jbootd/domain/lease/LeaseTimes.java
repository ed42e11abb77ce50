package org.jbootd.domain.lease;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** When leases begin and end, as they are stored. */
final class LeaseTimes {

    /**
     * How much longer than told a lease is kept, at least. A copy of a request that arrives within this time gets the same
     * answer as the first, and no second entry in the history.
     */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private LeaseTimes() {}

    /** Databases keep microseconds. */
    static Instant start(Instant now) {
        return now.truncatedTo(ChronoUnit.MICROS);
    }

    /** The end of a lease that a client is told lasts {@code leaseTime}. */
    static Instant end(Duration leaseTime, Instant now) {
        return leaseTime.equals(Lease.FOREVER)
                ? Instant.MAX
                : roundUp(now.plus(leaseTime).plus(GRACE));
    }

    static Instant later(Instant time, Optional<Instant> other) {
        return other.filter(time::isBefore).orElse(time);
    }

    /** To whole seconds. */
    static Instant roundUp(Instant time) {
        Instant down = time.truncatedTo(ChronoUnit.SECONDS);
        return down.equals(time) ? down : down.plusSeconds(1);
    }
}

package org.jbootd.domain.exchange;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Server time: starts at the wall clock, or at the latest time the store knows if the wall clock is behind it, and from
 * then on runs by elapsed time. A step of the wall clock does not touch it, so it neither frees nor steals an address. Where
 * servers share a store, it keeps up with the clock of that.
 */
public final class SteadyClock implements InstantSource {

    private final Instant origin;
    private final LongSupplier nanoTime;
    private final long nanoOrigin;
    private final InstantSource least;

    /**
     * @param wall the wall clock, read once
     * @param floor the latest time any stored lease change carries
     * @param nanoTime elapsed nanoseconds, as {@link System#nanoTime()} counts them
     */
    public SteadyClock(InstantSource wall, Instant floor, LongSupplier nanoTime) {
        this(wall, floor, nanoTime, () -> floor);
    }

    /** @param least how far server time has come at least, for all servers of a store; never goes back */
    public SteadyClock(InstantSource wall, Instant floor, LongSupplier nanoTime, InstantSource least) {
        Instant now = wall.instant();
        this.origin = now.isBefore(floor) ? floor : now;
        this.nanoTime = nanoTime;
        this.nanoOrigin = nanoTime.getAsLong();
        this.least = least;
    }

    @Override
    public Instant instant() {
        Instant time = origin.plus(Duration.ofNanos(nanoTime.getAsLong() - nanoOrigin));
        Instant reached = least.instant();
        return time.isBefore(reached) ? reached : time;
    }
}

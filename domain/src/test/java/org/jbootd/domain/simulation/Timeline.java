package org.jbootd.domain.simulation;

import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;

/**
 * Virtual time and what is to happen in it. Elapsed time moves from event to event; the wall clock shows elapsed time plus
 * an offset that may be stepped. Events of the same instant happen in the order in which they were planned.
 */
public final class Timeline implements InstantSource {

    public static final long SECOND = 1_000_000_000L;

    private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");

    private record Event(long at, long number, Runnable what) implements Comparable<Event> {

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long elapsed;
    private long wallOffset;
    private long planned;

    /** Plans {@code what} for {@code nanos} from now. */
    public void after(long nanos, Runnable what) {
        events.add(new Event(elapsed + nanos, planned++, what));
    }

    /** Lets the next event happen. @return false when nothing is planned */
    boolean step() {
        Event next = events.poll();
        if (next == null) {
            return false;
        }
        elapsed = next.at;
        next.what.run();
        return true;
    }

    /** Nanoseconds since the run began. */
    public long elapsed() {
        return elapsed;
    }

    /** Puts the wall clock forward, or back when {@code nanos} is negative. */
    void stepWall(long nanos) {
        wallOffset += nanos;
    }

    /** What the wall clock shows. */
    @Override
    public Instant instant() {
        return START.plusNanos(elapsed).plusNanos(wallOffset);
    }
}

package org.jbootd.persistence;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Which change the database will still have after any crash. One checkpoint does not answer that: after a power cut H2 was
 * seen to open an older version than the one it had synced. Changes count as settled once they were synced some time ago,
 * longer than H2 keeps old versions (45 s), and two checkpoints came after.
 */
final class Checkpoints {

    private static final long AGE_NANOS = Duration.ofMinutes(2).toNanos();
    private static final long DISTANCE_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int LATER = 2;

    private final Deque<Checkpoint> younger = new ArrayDeque<>();
    private long settled;

    private record Checkpoint(long nanoTime, long seq) {}

    /** Notes that the database was synced with all changes to {@code seq} in it. */
    void synced(long seq, long nanoTime) {
        if (younger.isEmpty() || nanoTime - younger.peekLast().nanoTime() >= DISTANCE_NANOS) {
            younger.add(new Checkpoint(nanoTime, seq));
        }
        while (younger.size() > LATER && nanoTime - younger.peek().nanoTime() >= AGE_NANOS) {
            settled = younger.remove().seq();
        }
    }

    /** 0 while none is. */
    long settled() {
        return settled;
    }
}

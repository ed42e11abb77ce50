package org.jbootd.domain.simulation;

import java.time.Duration;
import java.time.Instant;

/** What time it is for all nodes, as far as one has heard. It never goes back. */
final class SharedClock {

    private final SimNode node;
    private long ahead;

    SharedClock(SimNode node) {
        this.node = node;
    }

    void heard(SharedLedger.Head head) {
        long heard = Duration.between(Instant.EPOCH, head.reached()).toNanos() - node.nanoTime();
        ahead = Math.max(ahead, heard);
    }

    /** By how much it is ahead of the node's elapsed time, in nanoseconds. */
    long ahead() {
        return ahead;
    }

    Instant reached() {
        return Instant.EPOCH.plusNanos(ahead + node.nanoTime());
    }
}

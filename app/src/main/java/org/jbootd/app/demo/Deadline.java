package org.jbootd.app.demo;

import java.time.Duration;

/** The end of some patience, in elapsed time. */
final class Deadline {

    private final long start = System.nanoTime();
    private final Duration patience;

    Deadline(Duration patience) {
        this.patience = patience;
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    boolean isOver() {
        return elapsed().compareTo(patience) >= 0;
    }

    /** At least 1, as socket timeouts of 0 never end. */
    int millisLeft() {
        return (int) Math.max(1, patience.minus(elapsed()).toMillis());
    }

    /** The end of {@code other} from now, unless this one comes first. */
    Deadline orSooner(Duration other) {
        Duration left = patience.minus(elapsed());
        return new Deadline(left.compareTo(other) < 0 ? left : other);
    }
}

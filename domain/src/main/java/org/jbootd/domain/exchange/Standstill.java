package org.jbootd.domain.exchange;

import java.time.Duration;
import java.time.Instant;

/**
 * Notices that the deciding thread has not run for long: its process was stopped, or starved. What it hears right afterwards may
 * have waited all the while. For one thread.
 */
final class Standstill {

    /** It gives a sign of life every second; no machine gives its address back and boots again in less than this. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(2);

    /** Until then all that has waited is read, on a busy machine, too, and out of the largest buffer of a socket. */
    private static final Duration BACKLOG = Duration.ofSeconds(30);

    private Instant lastSign = Instant.MAX;
    private Instant over = Instant.MIN;

    /** The thread runs. */
    void sign(Instant now) {
        if (lastSign.isBefore(now.minus(LONGEST_SILENCE))) {
            over = now.plus(BACKLOG);
        }
        lastSign = now;
    }

    /** Whether what is heard now may be old. */
    boolean mayBeOld(Instant now) {
        sign(now);
        return now.isBefore(over);
    }
}

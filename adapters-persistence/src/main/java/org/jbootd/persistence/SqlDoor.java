package org.jbootd.persistence;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Whether the embedded database may be asked at present. It is shut for some seconds when those who ask have to go, so that what they
 * were in the way of comes first. Threads may share it.
 */
final class SqlDoor {

    private static final long SHUT_SECONDS = 5;

    private final SparseLog log = new SparseLog();
    private volatile Shut shut;

    private record Shut(String why, long until) {}

    /** @param why a sentence for whoever is turned away, and for the log */
    void shut(String why) {
        shut = new Shut(why, System.nanoTime() + TimeUnit.SECONDS.toNanos(SHUT_SECONDS));
    }

    /** Logs why it was shut, if there was anybody to be sent away. @param ended sessions */
    void tell(int ended) {
        if (ended > 0) {
            log.warn(ended + " sessions that asked the history by SQL were ended: " + shut.why());
        }
    }

    /** Why it is shut; empty while it is open. */
    Optional<String> whyShut() {
        Shut last = shut;
        return last != null && last.until() - System.nanoTime() > 0 ? Optional.of(last.why()) : Optional.empty();
    }
}

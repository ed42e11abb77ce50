package org.jbootd.persistence.postgres;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A transaction under way, and those who wait for it.
 *
 * @param startedAt in terms of {@link System#nanoTime}
 */
record InFlight(List<Commit> group, Session session, long startedAt) {

    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** Tells those who cannot wait any longer {@code why}, and ends a transaction that takes too long. Of any thread. */
    void expire(long now, String why) {
        group.stream()
                .filter(commit -> commit.isOverdue(now))
                .forEach(commit -> commit.refuse(why + "; what it has stored will be found out"));
        if (now - startedAt >= MOST_NANOS) {
            session.abort();
        }
    }
}

package org.jbootd.persistence;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warnings that somebody else may cause as often as he likes: one a minute, with how many more there were. Threads may share it. */
final class SparseLog {

    private static final long BETWEEN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.leases");

    /** When the last one was; null while there was none. */
    private Long toldAt;

    private long untold;

    synchronized void warn(String line) {
        long now = System.nanoTime();
        if (toldAt != null && now - toldAt < BETWEEN_NANOS) {
            untold++;
            return;
        }
        LOG.warn("{}{}", line, untold == 0 ? "" : "; and " + untold + " times more since the last such line");
        toldAt = now;
        untold = 0;
    }
}

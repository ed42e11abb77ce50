package org.jbootd.udp.tftp;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Keeps a kind of log line from flooding: so many in a period, then only their number. Threads may share it; its lock is
 * held for a few instructions, never while writing.
 */
final class LineBudget {

    private static final long PERIOD = TimeUnit.SECONDS.toNanos(10);

    private final Logger log;
    private final int lines;
    private final LongSupplier nanoTime;
    private long periodBegan;
    private int written;
    private int withheld;

    /** @param lines in ten seconds */
    LineBudget(Logger log, int lines, LongSupplier nanoTime) {
        this.log = log;
        this.lines = lines;
        this.nanoTime = nanoTime;
        this.periodBegan = nanoTime.getAsLong();
    }

    void info(String format, Object... arguments) {
        int owed;
        synchronized (this) {
            owed = renew();
            if (written == lines) {
                withheld++;
                return;
            }
            written++;
        }
        if (owed > 0) {
            log.info("{} more lines like the next were left out", owed);
        }
        log.info(format, arguments);
    }

    /** How many lines the period that just ended withheld. */
    private int renew() {
        long now = nanoTime.getAsLong();
        if (now - periodBegan < PERIOD) {
            return 0;
        }
        int owed = withheld;
        periodBegan = now;
        written = 0;
        withheld = 0;
        return owed;
    }
}

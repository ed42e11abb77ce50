package org.jbootd.udp.notify;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Something that fails for a while: written down once for each cause, and once more when it is over. Threads may share it.
 */
final class Trouble {

    /** It is over when nothing has failed for so long: a network does not report every failure. */
    static final Duration QUIET = Duration.ofSeconds(10);

    private final Logger log;
    private final String what;
    private final LongSupplier nanoTime;
    private final Set<String> causes = new HashSet<>();
    private long times;
    private long latest;

    /** @param what fails, as the subject of a sentence in the log */
    Trouble(Logger log, String what, LongSupplier nanoTime) {
        this.log = log;
        this.what = what;
        this.nanoTime = nanoTime;
    }

    synchronized void occurred(String cause) {
        times++;
        latest = nanoTime.getAsLong();
        if (causes.add(cause)) {
            log.warn("{}: {}", what, cause);
        }
    }

    /** Did not occur, for once. */
    synchronized void absent() {
        if (times > 0 && nanoTime.getAsLong() - latest >= QUIET.toNanos()) {
            log.warn("{}: no trouble any more, after {} failures", what, times);
            causes.clear();
            times = 0;
        }
    }
}

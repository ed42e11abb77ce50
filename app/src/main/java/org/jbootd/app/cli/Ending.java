package org.jbootd.app.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jbootd.app.daemon.Daemon;
import org.jbootd.app.logging.Logging;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process with status 0 when it is told to stop (SIGTERM, SIGINT). The virtual machine runs its shutdown hooks
 * then; the status it would end with is one that scripts take for a failure, so the hook ends the process itself.
 */
final class Ending {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.daemon");

    /** Longer than the services may take, which bound themselves; for the day on which one does not. */
    private static final long LONGEST_MILLIS = 15_000;

    private final Daemon daemon;
    private final Thread hook = new Thread(this::end, "ending");

    /** Watches from now on; a daemon that is still starting is stopped as soon as it has started. */
    Ending(Daemon daemon) {
        this.daemon = daemon;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Leaves the end of the process to others. */
    void watchNoMore() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // too late: the process was told to stop, and does
        }
    }

    /** Keeps the process alive until it is told to stop. */
    void await() {
        await(Long.MAX_VALUE);
    }

    private static void await(long millis) {
        try {
            boolean neverCounted = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
            assert !neverCounted;
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        Thread watch = new Thread(Ending::giveUp, "ending-watch");
        watch.setDaemon(true);
        watch.start();
        daemon.stop();
        Logging.stop();
        Runtime.getRuntime().halt(Jbootd.FINE);
    }

    private static void giveUp() {
        await(LONGEST_MILLIS);
        LOG.error("not everything stopped within {} s; ending", LONGEST_MILLIS / 1000);
        Logging.stop();
        Runtime.getRuntime().halt(Jbootd.REFUSED);
    }
}

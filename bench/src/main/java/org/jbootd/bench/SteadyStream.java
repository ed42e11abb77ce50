package org.jbootd.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Sends at a steady pace, on a thread of its own, until it is stopped. */
final class SteadyStream {

    /** What sends one datagram. */
    @FunctionalInterface
    interface Shot {
        void fire() throws IOException;
    }

    private final Shot shot;
    private final long pauseNanos;
    private final Thread thread = new Thread(this::run, "steady-stream");
    private volatile boolean over;
    private volatile long fired;

    SteadyStream(int perSecond, Shot shot) {
        this.shot = shot;
        this.pauseNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        long due = System.nanoTime();
        while (!over) {
            due += pauseNanos;
            fire();
            for (long left = due - System.nanoTime(); left > 0 && !over; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
    }

    private void fire() {
        try {
            shot.fire();
            fired++;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return how many it has sent */
    long stop() {
        over = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return fired;
    }
}

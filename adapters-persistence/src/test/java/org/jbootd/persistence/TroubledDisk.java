package org.jbootd.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** The journal's directory on a real disk that becomes full, fails or becomes slow when told to. Threads may share it. */
final class TroubledDisk extends SabotagedFiles {

    private static final int FAST = 1_000_000;

    private final Semaphore forces = new Semaphore(FAST);
    private final AtomicInteger forced = new AtomicInteger();
    private volatile boolean full;
    private volatile int failingForces;

    TroubledDisk(Path directory) {
        super(new DiskFiles(directory));
    }

    void fill() {
        full = true;
    }

    void empty() {
        full = false;
    }

    void failForces(int count) {
        failingForces = count;
    }

    /** No force ends from now on, until {@link #quicken}. */
    void stall() {
        forces.drainPermits();
    }

    void quicken() {
        forces.release(FAST);
    }

    boolean isForcing() {
        return forces.hasQueuedThreads();
    }

    /** How many forces there have been. */
    int forced() {
        return forced.get();
    }

    private void needRoom() throws IOException {
        if (full) {
            throw new IOException("No space left on device");
        }
    }

    @Override
    public Output create(String name) throws IOException {
        needRoom();
        return super.create(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        needRoom();
        super.rename(from, to);
    }

    @Override
    void write(Output file, long position, ByteBuffer octets) throws IOException {
        needRoom();
        super.write(file, position, octets);
    }

    @Override
    void force(Output file) throws IOException {
        forces.acquireUninterruptibly();
        forced.incrementAndGet();
        if (failingForces > 0) {
            failingForces--;
            throw new IOException("Input/output error");
        }
        super.force(file);
    }
}

package org.jbootd.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** The journal's directory on a real disk that becomes full, fails or becomes slow when told to. Threads may share it. */
final class TroubledDisk implements JournalFiles {

    private static final int FAST = 1_000_000;

    private final JournalFiles disk;
    private final Semaphore forces = new Semaphore(FAST);
    private final AtomicInteger forced = new AtomicInteger();
    private volatile boolean full;
    private volatile int failingForces;

    TroubledDisk(Path directory) {
        this.disk = new DiskFiles(directory);
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
    public List<String> names() throws IOException {
        return disk.names();
    }

    @Override
    public long size(String name) throws IOException {
        return disk.size(name);
    }

    @Override
    public ByteBuffer read(String name, int length) throws IOException {
        return disk.read(name, length);
    }

    @Override
    public Output create(String name) throws IOException {
        needRoom();
        return new TroubledOutput(disk.create(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        needRoom();
        disk.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        disk.delete(name);
    }

    @Override
    public void syncDirectory() throws IOException {
        disk.syncDirectory();
    }

    private final class TroubledOutput implements Output {

        private final Output output;

        TroubledOutput(Output output) {
            this.output = output;
        }

        @Override
        public void write(long position, ByteBuffer octets) throws IOException {
            needRoom();
            output.write(position, octets);
        }

        @Override
        public void truncate(long length) throws IOException {
            output.truncate(length);
        }

        @Override
        public void force() throws IOException {
            forces.acquireUninterruptibly();
            forced.incrementAndGet();
            if (failingForces > 0) {
                failingForces--;
                throw new IOException("Input/output error");
            }
            output.force();
        }

        @Override
        public void close() throws IOException {
            output.close();
        }
    }
}

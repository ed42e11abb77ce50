package org.jbootd.persistence;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The newest of what the journal has and the database has not yet; what is older has to be read from the journal. Threads
 * share it; only {@link #await} and {@link #awaitClose} wait.
 */
final class Backlog {

    /** Changes that wait in memory; beyond this the oldest are left to the journal. */
    static final int MAX_CHANGES = 65_536;

    /** So many changes are worth a transaction at once; fewer wait a little for company. */
    private static final int ENOUGH = 512;

    private static final long COMPANY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition worthWaking = lock.newCondition();
    private final Deque<JournalEntry> entries = new ArrayDeque<>();
    private int changes;
    private long lastSeq;
    private boolean closed;

    /** @param lastSeq the last change in the journal so far */
    Backlog(long lastSeq) {
        this.lastSeq = lastSeq;
    }

    void add(JournalEntry entry) {
        locked(() -> {
            int before = changes;
            entries.add(entry);
            changes += entry.changes().size();
            while (changes > MAX_CHANGES) {
                changes -= entries.remove().changes().size();
            }
            lastSeq = entry.lastSeq();
            if (before == 0 || before < ENOUGH && changes >= ENOUGH) {
                worthWaking.signal();
            }
        });
    }

    /** Nothing is added any more, and nobody waits any more. */
    void close() {
        locked(() -> {
            closed = true;
            worthWaking.signal();
        });
    }

    /** Waits {@code nanos}, or until {@link #close}. */
    void awaitClose(long nanos) {
        lock.lock();
        try {
            waitWhile(() -> true, nanos);
        } catch (InterruptedException e) {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** The last change in the journal. */
    long lastSeq() {
        lock.lock();
        try {
            return lastSeq;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until changes behind {@code mark} are there, and a moment longer when they are few; at most {@code nanos}, or
     * until {@link #close}.
     */
    void await(long mark, long nanos) {
        lock.lock();
        try {
            waitWhile(() -> lastSeq == mark, nanos);
            waitWhile(() -> lastSeq > mark && lastSeq - mark < ENOUGH, COMPANY_NANOS);
        } catch (InterruptedException e) {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    private void waitWhile(BooleanSupplier condition, long nanos) throws InterruptedException {
        long left = nanos;
        while (!closed && left > 0 && condition.getAsBoolean()) {
            left = worthWaking.awaitNanos(left);
        }
    }

    /**
     * Forgets what is not behind {@code mark}, and returns the first about {@code max} changes of what is left. They need
     * not begin right behind the mark.
     */
    List<JournalEntry> behind(long mark, int max) {
        List<JournalEntry> first = new ArrayList<>();
        locked(() -> {
            while (!entries.isEmpty() && entries.peek().lastSeq() <= mark) {
                changes -= entries.remove().changes().size();
            }
            int count = 0;
            for (JournalEntry entry : entries) {
                if (count >= max) {
                    return;
                }
                first.add(entry);
                count += entry.changes().size();
            }
        });
        return first;
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }
}

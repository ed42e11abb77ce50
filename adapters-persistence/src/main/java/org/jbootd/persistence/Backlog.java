package org.jbootd.persistence;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The newest of what the journal has and the database has not yet; what is older has to be read from the journal. Threads
 * share it; none waits.
 */
final class Backlog {

    /** Changes that wait in memory; beyond this the oldest are left to the journal. */
    static final int MAX_CHANGES = 65_536;

    /** So many changes are worth a transaction at once. */
    static final int ENOUGH = 512;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<JournalEntry> entries = new ArrayDeque<>();
    private int changes;
    private long lastSeq;
    private boolean closed;

    /** @param lastSeq the last change in the journal so far */
    Backlog(long lastSeq) {
        this.lastSeq = lastSeq;
    }

    /** @return whether the database should hear of it now: it is the first, or makes it enough */
    boolean add(JournalEntry entry) {
        return locked(() -> {
            int before = changes;
            entries.add(entry);
            changes += entry.changes().size();
            while (changes > MAX_CHANGES) {
                changes -= entries.remove().changes().size();
            }
            lastSeq = entry.lastSeq();
            return before == 0 || before < ENOUGH && changes >= ENOUGH;
        });
    }

    /** Nothing is added any more. */
    void close() {
        locked(() -> closed = true);
    }

    boolean isClosed() {
        return locked(() -> closed);
    }

    /** The last change in the journal. */
    long lastSeq() {
        return locked(() -> lastSeq);
    }

    /**
     * Forgets what is not behind {@code mark}, and returns the first about {@code max} changes of what is left. They need
     * not begin right behind the mark.
     */
    List<JournalEntry> behind(long mark, int max) {
        return locked(() -> {
            List<JournalEntry> first = new ArrayList<>();
            while (!entries.isEmpty() && entries.peek().lastSeq() <= mark) {
                changes -= entries.remove().changes().size();
            }
            int count = 0;
            for (JournalEntry entry : entries) {
                if (count >= max) {
                    break;
                }
                first.add(entry);
                count += entry.changes().size();
            }
            return first;
        });
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}

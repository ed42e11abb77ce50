package org.jbootd.persistence.postgres;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * What waits for the database. Nothing waits longer than who asked for it, and when there is too much the oldest goes. Threads
 * share it; only {@link #take} waits.
 */
final class CommitQueue {

    /** Changes that wait. A commit of nothing counts as one. */
    static final int MAX_WAITING = 32_768;

    /** Changes of one transaction, about. */
    private static final int GROUP_CHANGES = 4096;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Commit> waiting = new ArrayDeque<>();
    private int changes;
    private boolean woken;
    private boolean closed;

    /** Takes a commit, or refuses it and tells it why. */
    void add(Commit commit) {
        List<Commit> dropped = new ArrayList<>();
        lock.lock();
        try {
            if (closed) {
                dropped.add(commit);
            } else {
                waiting.add(commit);
                changes += commit.weight();
                while (changes > MAX_WAITING) {
                    dropped.add(removeFirst());
                }
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
        dropped.forEach(each -> each.refuse(
                isClosed() ? "the store is closed" : "busy: " + MAX_WAITING + " changes wait for the database"));
    }

    private Commit removeFirst() {
        Commit first = waiting.remove();
        changes -= first.weight();
        return first;
    }

    /** Puts back what was taken and not stored, before all that came since. */
    void putBack(List<Commit> group) {
        lock.lock();
        try {
            for (int i = group.size() - 1; i >= 0; i--) {
                waiting.addFirst(group.get(i));
                changes += group.get(i).weight();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The first {@code most} that wait, or less; empty after {@code nanos}, after {@link #wake}, or when it is closed. */
    List<Commit> take(long nanos, int most) throws InterruptedException {
        List<Commit> group = new ArrayList<>();
        lock.lock();
        try {
            long left = nanos;
            while (waiting.isEmpty() && !woken && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            woken = false;
            int taken = 0;
            while (!waiting.isEmpty() && group.size() < most && taken < GROUP_CHANGES) {
                Commit first = removeFirst();
                taken += first.weight();
                group.add(first);
            }
        } finally {
            lock.unlock();
        }
        return group;
    }

    /** Ends a {@link #take} that waits, or the next one. */
    void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Refuses what has waited for too long. */
    void expire(long now, String why) {
        refuseWhile(commit -> commit.isOverdue(now), why);
    }

    /** Refuses all that waits. */
    void refuseAll(String why) {
        refuseWhile(commit -> true, why);
    }

    private void refuseWhile(Predicate<Commit> condition, String why) {
        List<Commit> refused = new ArrayList<>();
        lock.lock();
        try {
            while (!waiting.isEmpty() && condition.test(waiting.peek())) {
                refused.add(removeFirst());
            }
        } finally {
            lock.unlock();
        }
        refused.forEach(each -> each.refuse(why));
    }

    /** Takes nothing any more; what waits can be taken from it. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
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

    boolean isEmpty() {
        lock.lock();
        try {
            return waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Waits {@code nanos}, or until it is closed. */
    void awaitClose(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (!closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}

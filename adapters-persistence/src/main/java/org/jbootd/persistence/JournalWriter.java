package org.jbootd.persistence;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.StoreUnavailable;

/**
 * Makes commits durable on a thread of its own: takes all that wait, appends them to the journal as one entry, and only
 * then completes them. After a failure it takes nothing until the journal could be opened anew.
 */
final class JournalWriter implements AutoCloseable {

    /** Changes that wait for the journal; what is beyond is refused. A commit of nothing counts as one. */
    static final int MAX_WAITING = 32_768;

    /** Commits, and changes, of one entry, about. */
    private static final int GROUP = 512;

    private static final int GROUP_CHANGES = 4096;

    private static final long FIRST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LAST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Journal journal;
    private final LeaseTable table;
    private final InstantSource wall;
    private final Backlog backlog;
    private final DatabaseFollower follower;
    private final BlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(MAX_WAITING);
    private final Trouble trouble = new Trouble("the lease journal");
    private final Thread thread = new Thread(this::run, "jbootd-lease-journal");
    private volatile Instant latest;
    private volatile boolean closing;
    private long retryNanos = FIRST_RETRY_NANOS;

    JournalWriter(Journal journal, LeaseTable table, InstantSource wall, Backlog backlog, DatabaseFollower follower) {
        this.journal = journal;
        this.table = table;
        this.wall = wall;
        this.backlog = backlog;
        this.follower = follower;
        this.latest = table.latest();
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** The latest server time that is durable. */
    Instant latest() {
        return latest;
    }

    Optional<String> trouble() {
        return trouble.present();
    }

    /** Never blocks. The result completes on the writer's thread, exceptionally with {@link StoreUnavailable} only. */
    CompletableFuture<Void> commit(List<LeaseChange> changes, Instant serverTime) {
        Pending pending = new Pending(changes, serverTime, new CompletableFuture<>());
        Optional<String> refusal = enqueue(pending);
        refusal.ifPresent(reason -> refuse(pending, new IOException(reason)));
        return pending.stored();
    }

    private synchronized Optional<String> enqueue(Pending pending) {
        if (closing) {
            return Optional.of("the store is closed");
        }
        if (trouble.present().isPresent()) {
            return trouble.present();
        }
        if (!room.tryAcquire(weight(pending))) {
            return Optional.of("busy: " + MAX_WAITING + " changes wait for the disk");
        }
        queue.add(pending);
        return Optional.empty();
    }

    private static int weight(Pending pending) {
        return Math.max(1, pending.changes().size());
    }

    /** Takes nothing more, finishes what waits, and ends. */
    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            wake();
        }
        Threads.join(thread);
    }

    private void wake() {
        queue.add(new Pending(List.of(), Instant.EPOCH, new CompletableFuture<>()));
    }

    private void run() {
        List<Pending> group = new ArrayList<>();
        while (!closing || !queue.isEmpty()) {
            try {
                if (trouble.present().isEmpty()) {
                    takeGroup(group);
                    write(group);
                } else if (closing) {
                    refuseAll();
                } else {
                    refuseUntilRetry();
                    journal.reopen(latest);
                    retryNanos = FIRST_RETRY_NANOS;
                    trouble.ended();
                }
            } catch (InterruptedException e) {
                closing = true;
            } catch (Throwable e) {
                fail(group, e);
            }
            group.clear();
        }
    }

    private void takeGroup(List<Pending> group) throws InterruptedException {
        Pending next = take(Long.MAX_VALUE);
        int changes = 0;
        while (next != null) {
            group.add(next);
            changes += weight(next);
            next = group.size() < GROUP && changes < GROUP_CHANGES ? take(0) : null;
        }
    }

    private Pending take(long nanos) throws InterruptedException {
        Pending pending = queue.poll(nanos, TimeUnit.NANOSECONDS);
        if (pending != null) {
            room.release(weight(pending));
        }
        return pending;
    }

    private void write(List<Pending> group) throws IOException {
        List<LeaseChange> changes = new ArrayList<>();
        List<byte[]> encoded = new ArrayList<>();
        group.removeIf(pending -> !admit(pending, changes, encoded));
        if (group.isEmpty()) {
            return;
        }
        JournalEntry entry = new JournalEntry(journal.lastSeq() + 1, wall.instant(), table.latest(), changes);
        journal.append(entry, encoded);
        table.settle();
        latest = table.latest();
        if (!changes.isEmpty()) {
            backlog.add(entry);
        }
        group.forEach(pending -> pending.stored().complete(null));
        offerSnapshot();
    }

    /** Adds a commit to the entry, unless it cannot be stored: then it fails alone. */
    private boolean admit(Pending pending, List<LeaseChange> changes, List<byte[]> encoded) {
        try {
            byte[] octets = LeaseCodec.encodeChanges(pending.changes());
            Optional<String> contradiction = table.apply(pending.changes());
            if (contradiction.isPresent()) {
                throw new IOException(contradiction.get());
            }
            table.keepTime(pending.serverTime());
            encoded.add(octets);
            changes.addAll(pending.changes());
            return true;
        } catch (IOException | RuntimeException e) {
            refuse(pending, e);
            return false;
        }
    }

    private void offerSnapshot() {
        if (!follower.hasSnapshot() && journal.wantsSnapshot(table.size())) {
            follower.offer(new Snapshot(journal.lastSeq(), table.latest(), table.leases()));
        }
    }

    private void fail(List<Pending> group, Throwable cause) {
        trouble.began(cause);
        table.undo();
        group.forEach(pending -> refuse(pending, cause));
    }

    /** Waits, longer each time, and refuses what was on its way meanwhile. */
    private void refuseUntilRetry() throws InterruptedException {
        long end = System.nanoTime() + retryNanos;
        retryNanos = Math.min(2 * retryNanos, LAST_RETRY_NANOS);
        long left = end - System.nanoTime();
        while (left > 0 && !closing) {
            Pending pending = take(left);
            if (pending != null) {
                refuseInTrouble(pending);
            }
            left = end - System.nanoTime();
        }
    }

    /** A store that is closed in trouble does not wait for the end of it. */
    private void refuseAll() throws InterruptedException {
        for (Pending pending = take(0); pending != null; pending = take(0)) {
            refuseInTrouble(pending);
        }
    }

    private void refuseInTrouble(Pending pending) {
        refuse(pending, new IOException(trouble.present().orElse("the store is closed")));
    }

    private static void refuse(Pending pending, Throwable cause) {
        pending.stored().completeExceptionally(new StoreUnavailable("store a lease: " + cause.getMessage(), cause));
    }
}

package org.jbootd.persistence;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.StoreUnavailable;

/**
 * Makes commits durable, by a worker of its own: takes all that wait, appends them to the journal as one entry, and only
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

    /** So long it may stay unnoticed that somebody moved the journal away. */
    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Journal journal;
    private final LeaseTable table;
    private final InstantSource wall;
    private final Backlog backlog;
    private final DatabaseFollower follower;
    private final Workers workers;
    private final Worker worker;
    private final Queue<Pending> queue = new ConcurrentLinkedQueue<>();
    private final Semaphore room = new Semaphore(MAX_WAITING);
    private final Trouble trouble = new Trouble("the lease journal");
    private volatile Instant latest;
    private volatile boolean closing;
    private long retryNanos = FIRST_RETRY_NANOS;
    private long retryAt;
    private long checkedAt;

    JournalWriter(
            Journal journal,
            LeaseTable table,
            InstantSource wall,
            Backlog backlog,
            DatabaseFollower follower,
            Workers workers) {
        this.journal = journal;
        this.table = table;
        this.wall = wall;
        this.backlog = backlog;
        this.follower = follower;
        this.latest = table.latest();
        this.workers = workers;
        this.checkedAt = workers.nanoTime();
        this.worker = workers.worker("jbootd-lease-journal", this::turn);
    }

    void start() {
        worker.start();
    }

    /** The latest server time that is durable. */
    Instant latest() {
        return latest;
    }

    Optional<String> trouble() {
        return trouble.present();
    }

    /** Never blocks. The worker completes the result, exceptionally with {@link StoreUnavailable} only. */
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
        worker.wake();
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
        }
        worker.wake();
        worker.join();
    }

    private long turn() {
        boolean last = closing; // before the queue is looked at, to which nothing is added then
        return trouble.present().isEmpty() ? writeWhatWaits(last) : tryAgain(last);
    }

    private long writeWhatWaits(boolean last) {
        List<Pending> group = takeGroup();
        try {
            long left = check();
            if (group.isEmpty()) {
                return last ? Turn.ENDED : left;
            }
            write(group);
        } catch (Throwable e) {
            fail(group, e);
        }
        return 0;
    }

    /** Once a second. @return for how long there is no need to */
    private long check() throws IOException {
        long now = workers.nanoTime();
        if (now - checkedAt >= CHECK_NANOS) {
            checkedAt = now;
            journal.check();
        }
        return checkedAt + CHECK_NANOS - now;
    }

    private List<Pending> takeGroup() {
        List<Pending> group = new ArrayList<>();
        int changes = 0;
        Pending next = take();
        while (next != null) {
            group.add(next);
            changes += weight(next);
            next = group.size() < GROUP && changes < GROUP_CHANGES ? take() : null;
        }
        return group;
    }

    private Pending take() {
        Pending pending = queue.poll();
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
        if (!changes.isEmpty() && backlog.add(entry)) {
            follower.wake();
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
        retryAt = workers.nanoTime() + retryNanos;
        retryNanos = Math.min(2 * retryNanos, LAST_RETRY_NANOS);
    }

    /** Refuses what was on its way when the trouble began. A store that is closed does not wait for the end of it. */
    private long tryAgain(boolean last) {
        for (Pending pending = take(); pending != null; pending = take()) {
            refuseInTrouble(pending);
        }
        long left = retryAt - workers.nanoTime();
        if (last || left > 0) {
            return last ? Turn.ENDED : left;
        }
        try {
            journal.reopen(latest);
            retryNanos = FIRST_RETRY_NANOS;
            trouble.ended();
        } catch (Throwable e) {
            fail(List.of(), e);
        }
        return 0;
    }

    private void refuseInTrouble(Pending pending) {
        refuse(pending, new IOException(trouble.present().orElse("the store is closed")));
    }

    private static void refuse(Pending pending, Throwable cause) {
        pending.stored().completeExceptionally(new StoreUnavailable("store a lease: " + cause.getMessage(), cause));
    }
}

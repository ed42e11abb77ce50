package org.jbootd.persistence;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.h2.api.ErrorCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes into the database what the journal has, by a worker of its own, then cuts the journal. When the database fails it
 * is opened again and goes on from its own mark; until then the journal keeps everything.
 */
final class DatabaseFollower implements AutoCloseable {

    /**
     * Changes in one transaction, about. H2 touches each page of an index again when it commits: of more changes than these, where
     * the history is long, it has written most pages to disk by then, and reads and writes them once more.
     */
    static final int BATCH = 512;

    /** Changes that are read from the journal at once, about: each time it is the whole of a segment that is read and decoded. */
    private static final int READ = 32_768;

    private static final long CHECKPOINT_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** So long a few changes wait for company. */
    private static final long COMPANY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** A stop waits no longer for a database that is far behind. */
    private static final long LAST_CHANGES_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final Duration FORGETS_EVERY = Duration.ofMinutes(1);

    private static final int PATIENCE_SECONDS = 10;

    /** What H2 says when somebody else holds what is to be written. */
    private static final Set<Integer> LOCKED =
            Set.of(ErrorCode.LOCK_TIMEOUT_1, ErrorCode.DEADLOCK_1, ErrorCode.CONCURRENT_UPDATE_1);

    /** So often in a row those who ask are sent away, before the database is opened anew, which ends them all. */
    private static final int MOST_HELD_UP = 5;

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.leases");

    private final Path directory;
    private final HistoryDatabase.Opener opener;
    private final ReaderKeys readers;
    private final Journal journal;
    private final Backlog backlog;
    private final Notes notes;
    private final Retention retention;
    private final SqlDoor door;
    private final InstantSource clock;
    private final Checkpoints checkpoints = new Checkpoints();
    private final AtomicReference<Snapshot> snapshot = new AtomicReference<>();
    private final AtomicReference<Backup> backup = new AtomicReference<>();
    private final Trouble trouble = new Trouble("the history database");
    private final Trouble snapshotTrouble = new Trouble("snapshots of the leases");
    private final Object progress = new Object();
    private final Workers workers;
    private final Worker worker;

    /** What was read from the journal, as the backlog has it no more, and is still to be written. */
    private final Deque<JournalEntry> missed = new ArrayDeque<>();

    /** Waits until the database has all changes up to {@link #notedBehind}. */
    private Notes.Batch noted = Notes.Batch.NONE;

    private long notedBehind;

    private HistoryDatabase database;
    private volatile long mark;
    private boolean unsynced;
    private volatile boolean closing;
    private long closedAt;
    private long syncedAt;

    /** There is a step about once a second, whatever waits, and none before then after a failure. */
    private long nextStepAt;

    /** How often in a row somebody held what was to be written. */
    private int heldUp;

    /** Since when changes wait for company; null while none do. */
    private Long waitingSince;

    /** When nothing was left that is over for too long, by {@link #clock}. */
    private Instant forgotAt = Instant.MIN;

    /** @param files of which the database is at or behind the journal, which has all that it misses */
    DatabaseFollower(
            OpenFiles files, Backlog backlog, Notes notes, Retention retention, SqlDoor door, Platform platform) {
        this.directory = files.directory().path();
        this.opener = platform.database();
        this.readers = files.readers();
        this.database = files.database();
        this.journal = files.journal();
        this.backlog = backlog;
        this.notes = notes;
        this.retention = retention;
        this.door = door;
        this.clock = platform.clock();
        this.workers = platform.workers();
        this.worker = workers.worker("jbootd-lease-database", this::turn);
        this.mark = files.mark();
        this.syncedAt = workers.nanoTime();
        this.nextStepAt = syncedAt + CHECKPOINT_NANOS;
    }

    void start() {
        worker.start();
    }

    /** More changes wait than before. */
    void wake() {
        worker.wake();
    }

    /**
     * Waits until the database has everything up to {@code seq}, as long as it comes nearer, and {@value #PATIENCE_SECONDS} s when it
     * does not.
     *
     * @return why it has not, for the operator; empty when it has
     */
    Optional<String> await(long seq) {
        synchronized (progress) {
            try {
                long before = -1;
                while (mark < seq && before < mark) {
                    before = mark;
                    awaitProgress(before);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return mark >= seq
                ? Optional.empty()
                : Optional.of(trouble.present()
                        .orElse("the history database has change " + mark + " of " + seq + ", and comes no nearer"));
    }

    private void awaitProgress(long before) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (long left = end - System.nanoTime(); mark <= before && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(progress, left);
        }
    }

    private record Backup(Path target, CompletableFuture<Void> done) {}

    /**
     * Copies the data directory, between two steps of the worker, which cuts the journal.
     *
     * @return completes once the copy is on disk; exceptionally when another one is being made, it failed, or the database cannot be
     *     written
     */
    CompletableFuture<Void> backup(Path target) {
        Backup wanted = new Backup(target, new CompletableFuture<>());
        if (!backup.compareAndSet(null, wanted)) {
            return CompletableFuture.failedFuture(new IOException("another backup is being made"));
        }
        return wanted.done();
    }

    private void keepBackup() {
        Backup wanted = backup.get();
        if (wanted == null) {
            return;
        }
        Throwable failure = null;
        try {
            StoreBackup.write(directory, journal, database, wanted.target());
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
        backup.set(null); // before anybody hears of it, and wants the next one
        if (failure == null) {
            wanted.done().complete(null);
        } else {
            wanted.done().completeExceptionally(failure);
        }
    }

    /** Whoever waits for a backup hears at once why there is none now. */
    private void refuseBackup() {
        Backup wanted = backup.getAndSet(null);
        if (wanted != null) {
            wanted.done()
                    .completeExceptionally(new IOException(trouble.present().orElse("the store is closed")));
        }
    }

    /** True while a snapshot waits to be written. */
    boolean hasSnapshot() {
        return snapshot.get() != null;
    }

    /** Takes a snapshot to be written beside the journal. */
    void offer(Snapshot due) {
        snapshot.set(due);
    }

    /**
     * Writes what there is, for some seconds, and ends. The backlog is closed already. What the database misses then, or
     * because it fails, comes from the journal at the next start.
     */
    @Override
    public void close() {
        closedAt = workers.nanoTime();
        closing = true;
        worker.wake();
        worker.join();
    }

    private long turn() {
        long early = pause();
        if (early > 0) {
            return early;
        }
        boolean more = true;
        try {
            more = step();
            trouble.ended();
            heldUp = 0;
        } catch (Exception e) {
            if (makesWay(e)) {
                return 0;
            }
            trouble.began(e);
            more = !backlog.isClosed();
            giveUpDatabase();
            mark = 0; // what it has is not known before it is open again
            refuseBackup();
        }
        nextStepAt = workers.nanoTime() + CHECKPOINT_NANOS;
        if (more) {
            return 0;
        }
        giveUpDatabase();
        refuseBackup();
        return Turn.ENDED;
    }

    /** Somebody who asks may hold what is to be written: he goes, and the step is taken again. @return whether it is worth that */
    private boolean makesWay(Exception failure) {
        if (database == null || !isOfALock(failure) || heldUp == MOST_HELD_UP) {
            return false;
        }
        heldUp++;
        door.shut(SqlWatch.ROWS_HELD);
        try {
            int ended = database.endReaders();
            door.tell(ended);
            nextStepAt = workers.nanoTime();
            return ended > 0;
        } catch (SQLException e) {
            LOG.debug("those who ask cannot be sent away", e);
            return false;
        }
    }

    private static boolean isOfALock(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && LOCKED.contains(sql.getErrorCode())) {
                return true;
            }
        }
        return false;
    }

    /** For how long a step is not worth it yet. */
    private long pause() {
        if (backlog.isClosed()) {
            return 0;
        }
        long now = workers.nanoTime();
        long behind = trouble.present().isPresent() ? 0 : backlog.lastSeq() - mark;
        if (behind == 0) {
            waitingSince = null;
            return nextStepAt - now;
        }
        if (waitingSince == null) {
            waitingSince = now;
        }
        return behind >= Backlog.ENOUGH ? 0 : waitingSince + COMPANY_NANOS - now;
    }

    /** @return false when everything is done, for ever */
    private boolean step() throws IOException, SQLException {
        open();
        waitingSince = null;
        boolean closed = backlog.isClosed();
        List<JournalEntry> batch = nextBatch();
        if (!batch.isEmpty()) {
            database.apply(batch);
            reach(batch.get(batch.size() - 1).lastSeq());
            unsynced = true;
        }
        boolean done = closed && mark == backlog.lastSeq() || isOverdue();
        takeNotes();
        if (mark >= notedBehind || done) {
            writeNotes();
        }
        forget();
        if (unsynced && (done || workers.nanoTime() - syncedAt >= CHECKPOINT_NANOS)) {
            sync();
        }
        keepSnapshot();
        keepBackup();
        return !done;
    }

    /** Whoever fetched a file was given the address before, by a change that waits for the database perhaps. */
    private void takeNotes() {
        if (noted.isEmpty()) {
            noted = notes.take();
            notedBehind = backlog.lastSeq();
        }
    }

    /** They are not worth trying again: what could not be written is counted. */
    private void writeNotes() {
        Notes.Batch batch = noted;
        if (batch.isEmpty()) {
            return;
        }
        boolean written = false;
        noted = Notes.Batch.NONE;
        try {
            database.note(batch);
            written = true;
            unsynced = true;
        } finally {
            if (!written) {
                notes.lose(batch.size());
            }
        }
    }

    /** One step, whatever else there is to do: where machines renew all the time there is no better moment. */
    private void forget() {
        Instant now = clock.instant();
        boolean due = now.isBefore(forgotAt) || !now.isBefore(forgotAt.plus(FORGETS_EVERY));
        if (due && !database.forget(retention, now)) {
            forgotAt = now;
        }
    }

    private boolean isOverdue() {
        return closing && workers.nanoTime() - closedAt >= LAST_CHANGES_NANOS;
    }

    private void open() throws IOException, SQLException {
        if (database == null) {
            database = opener.open(directory);
            database.admitReaders(readers);
            reach(database.mark());
        }
    }

    private void reach(long seq) {
        mark = seq;
        synchronized (progress) {
            progress.notifyAll();
        }
    }

    private List<JournalEntry> nextBatch() throws IOException {
        List<JournalEntry> batch = backlog.behind(mark, BATCH);
        long missing = batch.isEmpty() ? backlog.lastSeq() : batch.get(0).firstSeq() - 1;
        if (mark < missing) {
            return nextMissed(missing);
        }
        missed.clear();
        return batch;
    }

    /** @param last the last change that only the journal has */
    private List<JournalEntry> nextMissed(long last) throws IOException {
        if (missed.isEmpty() || missed.peek().firstSeq() != mark + 1) {
            missed.clear();
            missed.addAll(journal.read(mark + 1, last, READ));
        }
        List<JournalEntry> batch = new ArrayList<>();
        for (int changes = 0; changes < BATCH && !missed.isEmpty(); ) {
            JournalEntry entry = missed.remove();
            batch.add(entry);
            changes += entry.changes().size();
        }
        return batch;
    }

    private void sync() throws IOException {
        database.checkpoint();
        unsynced = false;
        syncedAt = workers.nanoTime();
        checkpoints.synced(mark, syncedAt);
        journal.cut(checkpoints.settled());
    }

    private void keepSnapshot() {
        Snapshot due = snapshot.get();
        if (due == null) {
            return;
        }
        try {
            journal.add(due);
            snapshot.set(null);
            snapshotTrouble.ended();
        } catch (IOException e) {
            snapshotTrouble.began(e);
        }
    }

    private void giveUpDatabase() {
        HistoryDatabase open = database;
        database = null;
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (RuntimeException e) {
            LOG.debug("closing the history database failed", e);
        }
    }
}

package org.jbootd.persistence.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jbootd.persistence.Ledger;
import org.jbootd.persistence.Notes;
import org.jbootd.persistence.Retention;
import org.jbootd.persistence.Threads;
import org.jbootd.persistence.Trouble;
import org.jdbi.v3.core.Handle;

/**
 * Does on a thread and a connection of its own what no lease waits for: hears of what other nodes have stored, which makes the
 * writer look sooner, writes what is no lease, and deletes what need not be kept.
 */
final class Attendant implements AutoCloseable {

    private static final int LISTEN_MILLIS = 250;

    /** Between two writings of notes, and of how far this node has seen the ledger. */
    private static final long WRITE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long FORGET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /**
     * Had by whoever writes notes, so that two nodes do not both begin the row of one refusal. Who may only read cannot have it, and of
     * all others this lock of a table with one row keeps out nobody but who vacuums that.
     */
    static final String NOTES_LOCK = "LOCK TABLE history_start IN SHARE UPDATE EXCLUSIVE MODE";

    /** Had by whoever deletes, and needs it anyway; nobody has a row when another one does. One node at a time is enough. */
    static final String RETENTION_LOCK = "SELECT seq FROM history_start FOR UPDATE SKIP LOCKED";

    private final PostgresSettings settings;
    private final Optional<Watermark> watermark;
    private final CommitQueue queue;
    private final LedgerWriter writer;
    private final Notes notes;
    private final Ledger ledger = new Ledger();
    private final Retention retention;
    private final Trouble retentionTrouble = new Trouble("what [leases] history_keep deletes");
    private final Trouble trouble = new Trouble("the history of refusals and transfers");
    private final Thread thread = new Thread(this::run, "jbootd-lease-notes");
    private Session session;
    private long notedAt = System.nanoTime();
    private long markedAt = System.nanoTime();
    private long forgotAt = System.nanoTime() - FORGET_NANOS;

    /** A write has failed, and none has succeeded since. */
    private boolean owing;

    private volatile boolean closing;

    /** @param watermark where this host remembers how far it has seen the ledger; empty when it does not */
    Attendant(
            NodeSettings settings, Optional<Watermark> watermark, CommitQueue queue, LedgerWriter writer, Notes notes) {
        this.settings = settings.database();
        this.watermark = watermark;
        this.retention = Retention.shared(settings.historyKeep());
        this.queue = queue;
        this.writer = writer;
        this.notes = notes;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Writes what there is, if the database is there, and ends. The queue is closed already. */
    @Override
    public void close() {
        closing = true;
        Threads.join(thread);
    }

    private void run() {
        while (!closing) {
            attempt(this::attend);
            keepWatermark();
        }
        attempt(this::writeNotes);
        giveUpSession();
        watermark.ifPresent(file -> file.keep(writer.mark()));
    }

    private void keepWatermark() {
        long now = System.nanoTime();
        if (now - markedAt >= WRITE_NANOS) {
            markedAt = now;
            watermark.ifPresent(file -> file.keep(writer.mark()));
        }
    }

    private interface Step {
        void take() throws SQLException;
    }

    private void attempt(Step step) {
        try {
            if (session == null) {
                session = Session.open(settings);
                session.listen();
            }
            step.take();
            if (!owing) {
                trouble.ended();
            }
        } catch (SQLException | RuntimeException e) {
            trouble.began(Failures.inWords(e));
            giveUpSession();
            pause();
        }
    }

    private void attend() throws SQLException {
        if (session.heard(LISTEN_MILLIS) > writer.mark().seq()) {
            queue.wake();
        }
        long now = System.nanoTime();
        if (now - notedAt >= WRITE_NANOS) {
            notedAt = now;
            writeNotes();
        }
        if (now - forgotAt >= FORGET_NANOS) {
            forget(now);
        }
    }

    /** A step, and the next one soon if there is more to delete. That it fails is no reason not to write notes. */
    private void forget(long now) {
        try {
            if (!session.handle().inTransaction(this::deleteSome)) {
                forgotAt = now;
            }
            retentionTrouble.ended();
        } catch (RuntimeException e) {
            forgotAt = now;
            retentionTrouble.began(Failures.inWords(e));
        }
    }

    /** @return whether there may be more that nobody else is deleting */
    private boolean deleteSome(Handle handle) {
        boolean alone =
                handle.createQuery(RETENTION_LOCK).mapTo(Long.class).findOne().isPresent();
        return alone && retention.step(handle, writer.require(handle).now());
    }

    /** What cannot be written now waits in memory; what never can is counted. */
    private void writeNotes() {
        Notes.Batch batch = notes.take();
        if (batch.isEmpty()) {
            return;
        }
        owing = true;
        try {
            session.handle().useTransaction(handle -> {
                handle.execute(NOTES_LOCK);
                writer.require(handle);
                Duration ahead =
                        Duration.between(Instant.now(), Head.read(handle).now());
                ledger.note(handle, batch, ahead);
            });
            owing = false;
        } catch (RuntimeException e) {
            if (Failures.isForData(e)) {
                notes.lose(batch.size());
            } else {
                notes.putBack(batch);
            }
            throw e;
        }
    }

    private void giveUpSession() {
        if (session != null) {
            session.close();
            session = null;
        }
    }

    private void pause() {
        try {
            queue.awaitClose(RETRY_NANOS);
        } catch (InterruptedException e) {
            closing = true;
        }
    }
}

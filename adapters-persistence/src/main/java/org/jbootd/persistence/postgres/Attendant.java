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

    /** Taken by whoever writes notes, so that two nodes do not both begin the row of one refusal. */
    private static final long NOTES_LOCK = 0x6a626f6f7464L;

    /** Had by whoever deletes: one node at a time is enough. */
    static final long RETENTION_LOCK = NOTES_LOCK + 1;

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
            trouble.ended();
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
        boolean alone = handle.createQuery("SELECT PG_TRY_ADVISORY_XACT_LOCK(:lock)")
                .bind("lock", RETENTION_LOCK)
                .mapTo(Boolean.class)
                .one();
        return alone && retention.step(handle, Head.read(handle).now());
    }

    /** They are not worth trying again: what could not be written is counted. */
    private void writeNotes() {
        Notes.Batch batch = notes.take();
        if (batch.isEmpty()) {
            return;
        }
        boolean written = false;
        try {
            session.handle().useTransaction(handle -> {
                handle.execute("SELECT PG_ADVISORY_XACT_LOCK(?)", NOTES_LOCK);
                Duration ahead =
                        Duration.between(Instant.now(), Head.read(handle).now());
                ledger.note(handle, batch, ahead);
            });
            written = true;
        } finally {
            if (!written) {
                notes.lose(batch.size());
            }
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

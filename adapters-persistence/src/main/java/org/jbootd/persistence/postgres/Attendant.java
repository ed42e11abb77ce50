package org.jbootd.persistence.postgres;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.jbootd.persistence.Ledger;
import org.jbootd.persistence.Notes;
import org.jbootd.persistence.Threads;
import org.jbootd.persistence.Trouble;

/**
 * Does on a thread and a connection of its own what no lease waits for: hears of what other nodes have stored, which makes the
 * writer look sooner, and writes what is no lease.
 */
final class Attendant implements AutoCloseable {

    private static final int LISTEN_MILLIS = 250;

    private static final long NOTES_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Taken by whoever writes notes, so that two nodes do not both begin the row of one refusal. */
    private static final long NOTES_LOCK = 0x6a626f6f7464L;

    private final PostgresSettings settings;
    private final CommitQueue queue;
    private final LedgerWriter writer;
    private final Notes notes;
    private final Ledger ledger = new Ledger();
    private final Trouble trouble = new Trouble("the history of refusals and transfers");
    private final Thread thread = new Thread(this::run, "jbootd-lease-notes");
    private Session session;
    private long notedAt = System.nanoTime();
    private volatile boolean closing;

    Attendant(PostgresSettings settings, CommitQueue queue, LedgerWriter writer, Notes notes) {
        this.settings = settings;
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
        }
        attempt(this::writeNotes);
        giveUpSession();
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
        if (session.heard(LISTEN_MILLIS) > writer.knownSeq()) {
            queue.wake();
        }
        long now = System.nanoTime();
        if (now - notedAt >= NOTES_NANOS) {
            notedAt = now;
            writeNotes();
        }
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
                ledger.note(handle, batch);
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

package org.jbootd.persistence.postgres;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jbootd.domain.history.History;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseFollower;
import org.jbootd.persistence.Ledger;
import org.jbootd.persistence.LedgerStore;
import org.jbootd.persistence.Notes;
import org.jbootd.persistence.StoreRefused;
import org.jbootd.persistence.StoredLeases;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * Leases in a PostgreSQL database that other nodes may share: a commit is done once its transaction is on the server's disk, and
 * it is refused when another node has changed what it was decided on. {@link #commit} and {@link #keepTime} are for the thread
 * that decides; any may call the rest.
 */
public final class PostgresLeaseStore implements LedgerStore {

    /** A client does not wait longer for an answer before it asks again (RFC 2131 §4.1). */
    public static final Duration PATIENCE = Duration.ofSeconds(4);

    private static final long DEADLINE_MILLIS = 50;

    private final Duration patience;
    private final CommitQueue queue = new CommitQueue();
    private final Notes notes = new Notes();
    private final Tidings tidings;
    private final LedgerWriter writer;
    private final Attendant attendant;
    private final Instant openedAt;
    private final long openedNanos;
    private final AtomicReference<List<Lease>> stored;
    private final ScheduledThreadPoolExecutor deadlines = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "jbootd-lease-deadlines");
        thread.setDaemon(true);
        return thread;
    });

    /** @param askedAt when the head was asked for, in terms of {@link System#nanoTime}: loading leases takes its time */
    private record Loaded(Head head, long askedAt, List<Lease> leases) {}

    private PostgresLeaseStore(PostgresSettings settings, Loaded loaded, Duration patience) {
        this.patience = patience;
        this.openedAt = loaded.head().now();
        this.openedNanos = loaded.askedAt();
        this.stored = new AtomicReference<>(loaded.leases());
        this.tidings = new Tidings(loaded.head().seq());
        this.writer = new LedgerWriter(settings, loaded.head(), queue, tidings);
        this.attendant = new Attendant(settings, queue, writer, notes);
    }

    /**
     * Connects, brings the tables up to date, and starts its threads.
     *
     * @throws StoreRefused when the database cannot be reached or used, or was written by a newer version
     */
    public static PostgresLeaseStore open(PostgresSettings settings) {
        return open(settings, PATIENCE);
    }

    /** @param patience how long a commit may take */
    static PostgresLeaseStore open(PostgresSettings settings, Duration patience) {
        Schema.prepare(settings);
        PostgresLeaseStore store = new PostgresLeaseStore(settings, loaded(settings), patience);
        store.writer.start();
        store.attendant.start();
        store.deadlines.scheduleWithFixedDelay(
                () -> store.writer.expire(System.nanoTime()), DEADLINE_MILLIS, DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
        return store;
    }

    /**
     * The leases that are stored, read without a change, whether daemons run on it or not.
     *
     * @throws StoreRefused when the database cannot be read
     */
    public static StoredLeases read(PostgresSettings settings) {
        if (Schema.isMissing(settings)) {
            return new StoredLeases(List.of(), Instant.EPOCH);
        }
        Loaded loaded = loaded(settings);
        return new StoredLeases(loaded.leases(), loaded.head().serverTime());
    }

    private static Loaded loaded(PostgresSettings settings) {
        // without the limits of a session: while very many leases are read, the server takes this side for idle
        try (Handle handle = Jdbi.open(() -> Session.connect(settings))) {
            long askedAt = System.nanoTime();
            return handle.inTransaction(
                    TransactionIsolationLevel.REPEATABLE_READ,
                    same -> new Loaded(Head.read(same), askedAt, new Ledger().leases(same)));
        } catch (JdbiException e) {
            throw Schema.refused(settings, e);
        }
    }

    @Override
    public List<Lease> load() {
        List<Lease> leases = stored.getAndSet(null);
        if (leases == null) {
            throw new IllegalStateException("leases are loaded once");
        }
        return leases;
    }

    @Override
    public Instant latest() {
        return writer.latest();
    }

    /**
     * What the database's clock says, as far as it is known: asked once, when the store was opened. Never less, or leases would
     * end before their machines think so.
     */
    @Override
    public Instant now() {
        return openedAt.plusNanos(System.nanoTime() - openedNanos);
    }

    @Override
    public CompletionStage<Void> commit(List<LeaseChange> changes) {
        return enqueue(List.copyOf(changes), Instant.EPOCH).minimalCompletionStage();
    }

    private CompletableFuture<Void> enqueue(List<LeaseChange> changes, Instant serverTime) {
        Commit commit = new Commit(
                changes, serverTime, tidings.base(), System.nanoTime() + patience.toNanos(), new CompletableFuture<>());
        writer.refusal().ifPresentOrElse(commit::refuse, () -> queue.add(commit));
        return commit.stored();
    }

    @Override
    public void follow(LeaseFollower follower) {
        tidings.follow(follower);
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public void keepTime(Instant now) {
        enqueue(List.of(), now);
    }

    @Override
    public History history() {
        return notes;
    }

    @Override
    public Optional<String> trouble() {
        return writer.trouble();
    }

    /** For seconds at most; what cannot be stored by then is refused. */
    @Override
    public void close() {
        writer.close();
        attendant.close();
        deadlines.shutdownNow();
    }
}

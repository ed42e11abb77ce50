package org.jbootd.persistence.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
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
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.net.Octets;
import org.jbootd.persistence.Auditor;
import org.jbootd.persistence.DataDirectory;
import org.jbootd.persistence.Ledger;
import org.jbootd.persistence.LedgerStore;
import org.jbootd.persistence.Notes;
import org.jbootd.persistence.Pipeline;
import org.jbootd.persistence.StoreRefused;
import org.jbootd.persistence.StoredLeases;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases in a PostgreSQL database that other nodes may share: a commit is done once its transaction is on the server's disk, and
 * it is refused when another node has changed what it was decided on. {@link #commit} and {@link #keepTime} are for the thread
 * that decides; any may call the rest.
 */
public final class PostgresLeaseStore implements LedgerStore {

    private static final long DEADLINE_MILLIS = 50;

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.leases");

    private final PostgresSettings database;
    private final Duration patience;
    private final Optional<DataDirectory> directory;
    private final CommitQueue queue = new CommitQueue();
    private final Notes notes = new Notes();
    private final Tidings tidings;
    private final LedgerWriter writer;
    private final Attendant attendant;
    private final DatabaseClock clock;
    private final AtomicReference<List<Lease>> stored;
    private final ScheduledThreadPoolExecutor deadlines = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "jbootd-lease-deadlines");
        thread.setDaemon(true);
        return thread;
    });

    /** @param askedAt when the head was asked for, in terms of {@link System#nanoTime}: loading leases takes its time */
    private record Loaded(Head head, long askedAt, List<Lease> leases) {}

    private PostgresLeaseStore(
            NodeSettings settings, Optional<DataDirectory> directory, Optional<Path> memory, Loaded loaded) {
        this.database = settings.database();
        this.patience = settings.patience();
        this.directory = directory;
        this.clock = new DatabaseClock(loaded.head().reached(), loaded.askedAt(), System::nanoTime);
        this.stored = new AtomicReference<>(loaded.leases());
        this.tidings = new Tidings(loaded.head().seq());
        this.writer = new LedgerWriter(
                settings.database(), memory.map(Watermark::file), loaded.head(), queue, tidings, clock);
        this.attendant = new Attendant(settings, directory.map(Watermark::new), queue, writer, notes);
    }

    /**
     * Connects, brings the tables up to date, and starts its threads.
     *
     * @throws StoreRefused when the database cannot be reached or used, was written by a newer version, or is older than what was
     *     seen of it from this directory; or when the directory is another daemon's
     */
    public static PostgresLeaseStore open(NodeSettings settings) {
        Optional<DataDirectory> directory = settings.directory().map(DataDirectory::takeWithoutLeases);
        boolean open = false;
        try {
            PostgresLeaseStore store = open(settings, directory, settings.directory());
            open = true;
            return store;
        } finally {
            if (!open) {
                giveFree(directory);
            }
        }
    }

    /** A node that only passes by. */
    static PostgresLeaseStore open(PostgresSettings settings) {
        return open(settings, LeaseStore.PATIENCE);
    }

    /** A node that only passes by. @param patience how long a commit may take */
    public static PostgresLeaseStore open(PostgresSettings settings, Duration patience) {
        return open(new NodeSettings(settings, patience));
    }

    /**
     * A node that only passes by, on a host whose daemon may have seen the database.
     *
     * @param memory the daemon's directory, in use or not; it is only read, and need not be there
     * @param patience how long a commit may take
     * @throws StoreRefused as of {@link #open(NodeSettings)}
     */
    public static PostgresLeaseStore open(PostgresSettings settings, Path memory, Duration patience) {
        return open(new NodeSettings(settings, patience), Optional.empty(), Optional.of(memory));
    }

    /** @param memory where this host remembers what it has seen, whether this node keeps that up to date or not */
    private static PostgresLeaseStore open(
            NodeSettings settings, Optional<DataDirectory> directory, Optional<Path> memory) {
        Schema.prepare(settings.database());
        Loaded loaded = loaded(settings.database(), memory);
        settings.hashChain().ifPresent(wanted -> keepChain(settings.database(), wanted));
        PostgresLeaseStore store = new PostgresLeaseStore(settings, directory, memory, loaded);
        store.writer.start();
        store.attendant.start();
        store.deadlines.scheduleWithFixedDelay(
                () -> store.writer.expire(System.nanoTime()), DEADLINE_MILLIS, DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
        return store;
    }

    /** Whether a directory is, or was, a node's of a database. Leases that it holds may be those of before. */
    public static boolean isMemory(Path directory) {
        return Files.exists(Watermark.file(directory));
    }

    /**
     * Why a daemon that has seen the database from a directory refuses it; empty when it does not.
     *
     * @param memory the daemon's directory, in use or not
     * @throws StoreRefused when that cannot be found out
     */
    public static Optional<String> refusal(PostgresSettings settings, Path memory) {
        Optional<Mark> seen = Watermark.read(memory);
        try (Handle handle = Jdbi.open(() -> Session.connect(settings))) {
            require(seen, Head.read(handle), handle, Optional.of(memory));
            return Optional.empty();
        } catch (JdbiException e) {
            throw Schema.refused(settings, e);
        } catch (TurnedBack e) {
            return Optional.of(e.getMessage());
        }
    }

    /**
     * Asks the history of a database, whether daemons run on it or not, and changes nothing.
     *
     * @throws StoreRefused when it cannot be asked, or is not of this version
     */
    public static Auditor auditor(PostgresSettings settings) {
        Schema.require(settings);
        return connected(settings);
    }

    private static Auditor connected(PostgresSettings settings) {
        try {
            return Questions.auditor(settings);
        } catch (SQLException e) {
            throw new StoreRefused(
                    "the history in " + settings.place() + " cannot be asked: " + Failures.sentence(e), e);
        }
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
        Loaded loaded = loaded(settings, Optional.empty());
        return new StoredLeases(loaded.leases(), loaded.head().serverTime());
    }

    /** The database says for all nodes whether events are linked. */
    private static void keepChain(PostgresSettings settings, boolean wanted) {
        try (Session session = Session.open(settings)) {
            if (session.handle().inTransaction(handle -> keepChain(handle, wanted))) {
                LOG.info("the history goes on {} a hash chain, whichever node writes it", wanted ? "with" : "without");
            }
        } catch (JdbiException e) {
            throw Schema.refused(settings, e);
        }
    }

    /** @return whether that is new */
    private static boolean keepChain(Handle handle, boolean wanted) {
        Head head = Head.lock(handle);
        if (head.chain().isPresent() == wanted) {
            return false;
        }
        Ledger ledger = new Ledger();
        head.chain().ifPresent(last -> ledger.endChain(handle, head.seq(), last));
        Optional<Octets> origin =
                wanted ? Optional.of(ledger.beginChain(handle, head.seq(), head.now())) : Optional.empty();
        Pipeline pipeline = new Pipeline();
        head.moved(head.seq(), head.serverTime(), origin).write(pipeline);
        pipeline.execute(handle);
        return true;
    }

    private static Loaded loaded(PostgresSettings settings, Optional<Path> memory) {
        // before the head: a daemon beside this command may move both
        Optional<Mark> seen = memory.flatMap(Watermark::read);
        // without the limits of a session: while very many leases are read, the server takes this side for idle
        try (Handle handle = Jdbi.open(() -> Session.connect(settings))) {
            return handle.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, same -> loaded(same, seen, memory));
        } catch (JdbiException e) {
            throw Schema.refused(settings, e);
        } catch (TurnedBack e) {
            throw new StoreRefused(e.getMessage(), e);
        }
    }

    private static Loaded loaded(Handle handle, Optional<Mark> seen, Optional<Path> memory) {
        long askedAt = System.nanoTime();
        Head head = Head.read(handle);
        require(seen, head, handle, memory);
        return new Loaded(head, askedAt, new Ledger().leases(handle));
    }

    private static void require(Optional<Mark> seen, Head head, Handle handle, Optional<Path> memory) {
        seen.flatMap(mark -> head.contradiction(mark, handle)).ifPresent(how -> {
            throw new TurnedBack(how, memory.map(Watermark::file));
        });
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

    /** What the database's clock says: it is asked whenever the database is. */
    @Override
    public Instant now() {
        return clock.now();
    }

    @Override
    public Instant reached() {
        return clock.now();
    }

    @Override
    public CompletionStage<Void> commit(List<LeaseChange> changes) {
        return enqueue(List.copyOf(changes), Instant.EPOCH).minimalCompletionStage();
    }

    private CompletableFuture<Void> enqueue(List<LeaseChange> changes, Instant serverTime) {
        Commit commit = new Commit(
                changes,
                serverTime,
                tidings.base(),
                clock.latest(),
                System.nanoTime() + patience.toNanos(),
                new CompletableFuture<>());
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

    /** A commit is there for all to see at once. */
    @Override
    public Optional<String> awaitHistory() {
        return Optional.empty();
    }

    @Override
    public Auditor auditor() {
        return connected(database);
    }

    @Override
    public CompletionStage<Void> backup(Path target) {
        return CompletableFuture.failedStage(new StoreRefused(database.backupCommand()));
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
        giveFree(directory);
    }

    private static void giveFree(Optional<DataDirectory> directory) {
        if (directory.isPresent()) {
            try {
                directory.get().close();
            } catch (IOException e) {
                LOG.warn("the data directory was not given free in order: {}", DataDirectory.reason(e));
            }
        }
    }
}

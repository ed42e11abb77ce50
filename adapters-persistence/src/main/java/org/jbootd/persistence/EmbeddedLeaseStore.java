package org.jbootd.persistence;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jbootd.domain.history.History;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases in one directory of this machine: a commit is done once it is in the journal and on disk, and an H2 database
 * follows right behind. See docs/adr/0002-lease-journal.md. Threads may share it.
 */
public final class EmbeddedLeaseStore implements LedgerStore {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.leases");

    private final InstantSource clock;
    private final DataDirectory directory;
    private final Journal journal;
    private final Backlog backlog;
    private final Notes notes = new Notes();
    private final ReaderKeys readers;
    private final DatabaseFollower follower;
    private final JournalWriter writer;
    private final AtomicReference<List<Lease>> stored;

    private final SqlDoor door = new SqlDoor();
    private final SqlOwner owner;

    /** Null when there is none. */
    private SqlServer server;

    /** Null until the store is open. */
    private SqlWatch watch;

    private EmbeddedLeaseStore(OpenFiles files, StoreSettings settings, Platform platform) {
        this.clock = platform.clock();
        this.directory = files.directory();
        this.journal = files.journal();
        this.stored = new AtomicReference<>(files.table().leases());
        this.readers = files.readers();
        this.owner = new SqlOwner(directory.path(), readers);
        this.backlog = new Backlog(journal.lastSeq());
        this.follower =
                new DatabaseFollower(files, backlog, notes, Retention.embedded(settings.historyKeep()), door, platform);
        this.writer = new JournalWriter(journal, files.table(), clock, backlog, follower, platform.workers());
    }

    /**
     * Opens the store, checks it, and starts its threads.
     *
     * @throws StoreRefused when the directory is another daemon's, unsafe, damaged, or of a newer version
     */
    public static EmbeddedLeaseStore open(StoreSettings settings) {
        return open(settings, Platform.host());
    }

    /** As {@link #open(StoreSettings)}, with another clock than this host's, for who cannot wait a year. */
    public static EmbeddedLeaseStore open(StoreSettings settings, InstantSource clock) {
        return open(settings, Platform.host().with(clock));
    }

    /** As {@link #open(StoreSettings)}, for a command, which is done soon: who wants the directory meanwhile waits for it. */
    public static EmbeddedLeaseStore openForCommand(StoreSettings settings) {
        return open(settings, Platform.host(), DirectoryLock.Holder.COMMAND);
    }

    static EmbeddedLeaseStore open(StoreSettings settings, Platform platform) {
        return open(settings, platform, DirectoryLock.Holder.DAEMON);
    }

    private static EmbeddedLeaseStore open(StoreSettings settings, Platform platform, DirectoryLock.Holder holder) {
        EmbeddedLeaseStore store = new EmbeddedLeaseStore(OpenFiles.of(settings, platform, holder), settings, platform);
        store.follower.start();
        store.writer.start();
        boolean open = false;
        try {
            store.receive(settings);
            open = true;
            return store;
        } finally {
            if (!open) {
                store.close();
            }
        }
    }

    private void receive(StoreSettings settings) {
        settings.sql().ifPresent(access -> server = SqlServer.start(directory.path(), access, owner, door));
        watch = new SqlWatch(directory.path(), owner, door, Optional.ofNullable(server));
        if (server != null) {
            watch.start();
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

    @Override
    public CompletionStage<Void> commit(List<LeaseChange> changes) {
        return writer.commit(List.copyOf(changes), Instant.EPOCH).minimalCompletionStage();
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public void keepTime(Instant now) {
        writer.commit(List.of(), now);
    }

    @Override
    public History history() {
        return notes;
    }

    @Override
    public Optional<String> awaitHistory() {
        return follower.await(journal.lastSeq());
    }

    /** A data directory like that of a daemon that was killed at this moment. */
    @Override
    public CompletionStage<Void> backup(Path target) {
        return follower.backup(target);
    }

    /** What is committed now follows within a second. */
    @Override
    public Auditor auditor() {
        watch.start();
        return Auditor.of(directory.path(), Auditor.COMMANDS, readers.commands(), new EmbeddedDialect(door));
    }

    /**
     * The tables, with all that was committed before the call, to be read and not changed.
     *
     * @return closed by the caller
     * @throws StoreRefused when the database does not follow the journal
     */
    public Handle tables() {
        Optional<String> behind = awaitHistory();
        if (behind.isPresent()) {
            throw new StoreRefused(directory.path() + ": " + behind.get());
        }
        return Jdbi.open(LeaseDatabase.url(directory.path()), Auditor.COMMANDS, readers.commands());
    }

    @Override
    public Optional<String> trouble() {
        return writer.trouble();
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        if (watch != null) {
            watch.close();
        }
        owner.close();
        writer.close();
        backlog.close();
        follower.close();
        try (directory) {
            journal.close();
        } catch (IOException e) {
            LOG.warn("the lease journal was not closed in order, which loses nothing: {}", DataDirectory.reason(e));
        }
    }
}

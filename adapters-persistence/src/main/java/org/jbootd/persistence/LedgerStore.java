package org.jbootd.persistence;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jbootd.domain.history.History;
import org.jbootd.domain.lease.LeaseStore;

/** Leases and their history, as a daemon keeps them, open. */
public interface LedgerStore extends LeaseStore, AutoCloseable {

    /** What server time starts from, unless {@link #latest} is later: the wall clock of this host, or of a shared database. */
    Instant now();

    /**
     * How far server time has come at least, for all who share this store: by the clock of its database, as far as that is known.
     * Never goes back. Of any thread.
     */
    default Instant reached() {
        return latest();
    }

    /**
     * Remembers that server time has come as far as {@code now}, so that it does not fall back behind it after a restart
     * with a wrong clock. Never blocks; worth calling once a minute.
     */
    void keepTime(Instant now);

    /** Takes what is no lease, to be written some time soon, and lost in a crash before that. */
    History history();

    /**
     * Waits until what has been committed so far can be asked for, as long as that comes nearer.
     *
     * @return why not all of it can, for the operator; empty when it can
     */
    Optional<String> awaitHistory();

    /**
     * Asks the history, as far as it is written.
     *
     * @throws StoreRefused when it cannot be asked now
     */
    Auditor auditor();

    /**
     * Copies leases and history to this host while they are in use, with all that was committed before the call.
     *
     * @param target must not be there
     * @return completes once it is on disk; exceptionally when there is no copy, with a message for the operator
     */
    CompletionStage<Void> backup(Path target);

    /** Why commits are not stored at present; empty while the store is well. */
    Optional<String> trouble();

    /** Takes no more commits, finishes those it has, and gives everything back. Blocks meanwhile. */
    @Override
    void close();
}

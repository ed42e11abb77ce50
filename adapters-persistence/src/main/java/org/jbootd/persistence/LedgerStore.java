package org.jbootd.persistence;

import java.time.Instant;
import java.util.Optional;
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

    /** Why commits are not stored at present; empty while the store is well. */
    Optional<String> trouble();

    /** Takes no more commits, finishes those it has, and gives everything back. Blocks meanwhile. */
    @Override
    void close();
}

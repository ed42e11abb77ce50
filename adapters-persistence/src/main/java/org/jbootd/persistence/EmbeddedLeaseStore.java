package org.jbootd.persistence;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseStore;

/** Leases in one directory of this machine. Threads may share it. */
public final class EmbeddedLeaseStore implements LeaseStore, AutoCloseable {

    private EmbeddedLeaseStore() {}

    /**
     * Opens the store, brings it up to date, and starts its threads.
     *
     * @throws StoreRefused when the directory is another daemon's, unsafe, damaged, or of a newer version
     */
    public static EmbeddedLeaseStore open(StoreSettings settings) {
        throw new StoreRefused("not yet: " + settings);
    }

    @Override
    public List<Lease> load() {
        return List.of();
    }

    @Override
    public Instant latest() {
        return Instant.EPOCH;
    }

    @Override
    public CompletionStage<Void> commit(List<LeaseChange> changes) {
        throw new StoreRefused("not yet");
    }

    /**
     * Remembers that server time has come as far as {@code now}, so that it does not fall back behind it after a restart
     * with a wrong clock. Never blocks; worth calling once a minute.
     */
    public void keepTime(Instant now) {
        throw new StoreRefused("not yet: " + now);
    }

    /** Why commits fail at present; empty while the store is well. */
    public Optional<String> trouble() {
        return Optional.empty();
    }

    /** Takes no more commits, finishes those it has, and gives the directory free. */
    @Override
    public void close() {}
}

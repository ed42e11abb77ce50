package org.jbootd.domain.lease;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Port: the durable record of leases and their history. */
public interface LeaseStore {

    /** All that is stored, at most one lease an address. Called once, before the first {@link #commit}. */
    List<Lease> load();

    /**
     * The latest server time that any stored change carries, {@link Instant#EPOCH} when there is none. Server time never
     * goes back behind it.
     */
    Instant latest();

    /**
     * Stores {@code changes}, all or none, in the order of the calls. Never blocks.
     *
     * @return completes once they are on disk, safe from a crash and a power cut; completes exceptionally with
     *     {@link StoreUnavailable} when they are not, and then they never will be
     */
    CompletionStage<Void> commit(List<LeaseChange> changes);
}

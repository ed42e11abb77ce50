package org.jbootd.domain.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Port: the durable record of leases and their history. */
public interface LeaseStore {

    /** A client does not wait longer for an answer before it asks again (RFC 2131 §4.1). */
    Duration PATIENCE = Duration.ofSeconds(4);

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
     *     {@link StoreUnavailable} or {@link LostRace} when they are not, and then they never will be, unless a
     *     {@link LeaseFollower} is told so
     */
    CompletionStage<Void> commit(List<LeaseChange> changes);

    /**
     * Tells {@code follower} from now on of what is stored by other servers. Called once, after {@link #load}; a store that is
     * nobody else's has nothing to tell.
     */
    default void follow(LeaseFollower follower) {}

    /**
     * Whether other servers may store something too. Then a {@link #commit} completes after the follower was told of all that
     * they stored before, and so does a commit of nothing.
     */
    default boolean isShared() {
        return false;
    }
}

package org.jbootd.app.daemon;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.lease.Rekeying;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.persistence.StoreRefused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes stored leases over from a daemon that knew clients by something else. */
final class StoredClients {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.leases");

    /** So many changes of them share a sync; a crash between two leaves the rest for the next start. */
    private static final int AT_ONCE = 1_000;

    private StoredClients() {}

    /**
     * What is stored, with every client known by what {@code identification} wants, in the store as well. Blocks until that is on
     * disk.
     *
     * @param now server time
     * @throws StoreRefused when it cannot be written
     */
    static List<Lease> load(LeaseStore store, Identification identification, Instant now) {
        Rekeying rekeying = Rekeying.of(store.load(), identification, now);
        List<LeaseChange> changes = rekeying.changes();
        if (!changes.isEmpty()) {
            LOG.warn(
                    "[bootp] identity is {} now, and leases were stored by something else: {}",
                    identification.name().toLowerCase(Locale.ROOT),
                    inWords(changes));
        }
        int from = 0;
        while (from < changes.size()) {
            int to = end(changes, from);
            commit(store, changes.subList(from, to));
            from = to;
        }
        return rekeying.leases();
    }

    /** What becomes of one address is stored at once: one that was left, and does not rest yet, would be anybody's. */
    private static int end(List<LeaseChange> changes, int from) {
        int to = Math.min(from + AT_ONCE, changes.size());
        while (to < changes.size() && address(changes, to).equals(address(changes, to - 1))) {
            to++;
        }
        return to;
    }

    private static Ipv4 address(List<LeaseChange> changes, int index) {
        return changes.get(index).lease().address();
    }

    private static String inWords(List<LeaseChange> changes) {
        long left = changes.stream()
                .filter(change -> change.kind() == LeaseChange.Kind.MOVED)
                .count();
        long found = changes.stream()
                .filter(change -> change.kind() == LeaseChange.Kind.REKEYED)
                .count();
        return found + " of them are found by that now, and " + left
                + " are over, because their client has another; addresses of these that may be in use rest until their lease ends";
    }

    private static void commit(LeaseStore store, List<LeaseChange> changes) {
        try {
            store.commit(changes).toCompletableFuture().join();
        } catch (CompletionException failure) {
            throw new StoreRefused(
                    "the leases cannot be stored by what clients are known by now: "
                            + failure.getCause().getMessage(),
                    failure.getCause());
        }
    }
}

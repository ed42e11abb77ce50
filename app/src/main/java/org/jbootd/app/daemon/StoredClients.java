package org.jbootd.app.daemon;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.lease.Rekeying;
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
     * @throws StoreRefused when it cannot be written
     */
    static List<Lease> load(LeaseStore store, Identification identification) {
        Rekeying rekeying = Rekeying.of(store.load(), identification, store.latest());
        List<LeaseChange> changes = rekeying.changes();
        if (!changes.isEmpty()) {
            LOG.warn(
                    "[bootp] identity is {} now, and leases were stored by something else: {}",
                    identification.name().toLowerCase(Locale.ROOT),
                    inWords(changes));
        }
        for (int from = 0; from < changes.size(); from += AT_ONCE) {
            commit(store, changes.subList(from, Math.min(from + AT_ONCE, changes.size())));
        }
        return rekeying.leases();
    }

    private static String inWords(List<LeaseChange> changes) {
        long left = changes.stream()
                .filter(change -> change.kind() != LeaseChange.Kind.REKEYED)
                .count();
        return (changes.size() - left) + " of them are found by that now, and " + left
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

package org.jbootd.persistence;

import java.nio.file.Path;
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.lease.LeaseStoreContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The embedded store keeps what every store keeps. */
class EmbeddedLeaseStoreTest extends LeaseStoreContract {

    @TempDir
    private Path directory;

    private EmbeddedLeaseStore store;

    @Override
    protected LeaseStore store() {
        if (store == null) {
            store = EmbeddedLeaseStore.open(new StoreSettings(directory.resolve("data")));
        }
        return store;
    }

    @Override
    protected LeaseStore reopened() {
        store.close();
        store = null;
        return store();
    }

    @AfterEach
    void close() {
        if (store != null) {
            store.close();
        }
    }
}

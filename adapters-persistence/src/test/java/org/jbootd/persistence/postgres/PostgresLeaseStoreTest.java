package org.jbootd.persistence.postgres;

import java.util.Optional;
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.lease.LeaseStoreContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The store in PostgreSQL keeps what every store keeps. */
class PostgresLeaseStoreTest extends LeaseStoreContract {

    private PostgresSettings settings;
    private PostgresLeaseStore store;

    @BeforeEach
    void prepare() {
        settings = new PostgresSettings(
                PostgresServer.shared().database(), Optional.of(PostgresServer.USER), Optional.empty());
    }

    @Override
    protected LeaseStore store() {
        if (store == null) {
            store = PostgresLeaseStore.open(settings);
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

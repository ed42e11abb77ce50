package org.jbootd.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.lease.LeaseStoreContract;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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

    /** A lease that ends before its machine thinks so could be somebody else's too early. */
    @Test
    void howeverLongItTakesToLoadLeasesTimeIsNotBehindTheDatabases() {
        store();
        store.close();
        try (Handle handle = PostgresServer.connect(settings.url())) {
            handle.execute("ALTER TABLE lease RENAME TO kept");
            handle.execute("""
                    CREATE VIEW lease AS WITH nap AS MATERIALIZED (SELECT PG_SLEEP(0.7))
                    SELECT kept.* FROM kept WHERE (SELECT COUNT(*) FROM nap) = 1""");
            store = PostgresLeaseStore.open(settings);
            Instant database = handle.createQuery("SELECT CLOCK_TIMESTAMP()")
                    .mapTo(Instant.class)
                    .one();
            assertThat(store.now()).isAfterOrEqualTo(database);
        }
    }

    /** Within the limits of other sessions a server with very many leases could not start. */
    @Test
    void leasesMayTakeTheirTimeToLoad() {
        store().commit(List.of(Node.bound(1, 1))).toCompletableFuture().join();
        store.close();
        try (Handle handle = PostgresServer.connect(settings.url())) {
            handle.execute("ALTER TABLE lease RENAME TO kept");
            handle.execute("""
                    CREATE VIEW lease AS SELECT * FROM kept
                    WHERE CURRENT_SETTING('idle_in_transaction_session_timeout') = '0'
                        AND CURRENT_SETTING('statement_timeout') = '0'""");
        }
        store = PostgresLeaseStore.open(settings);
        assertThat(store.load()).hasSize(1);
    }

    @AfterEach
    void close() {
        if (store != null) {
            store.close();
        }
    }
}

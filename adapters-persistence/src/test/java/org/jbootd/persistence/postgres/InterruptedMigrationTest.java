package org.jbootd.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jbootd.persistence.postgres.Node.bound;

import java.util.List;
import org.flywaydb.core.Flyway;
import org.jbootd.persistence.EachStatement;
import org.jbootd.persistence.StoreRefused;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

/**
 * A migration of PostgreSQL loses its connection before any of its statements, or the server is killed there: the next start has the
 * newest schema, and all that was there.
 */
class InterruptedMigrationTest {

    private static final int FIRST = 1;

    private static void cut(String url, PostgresServer server, int statement) {
        EachStatement cutting = new EachStatement((number, context) -> {
            if (number == statement) {
                server.disconnect(url);
            }
        });
        assertThatThrownBy(() -> Schema.prepare(Node.settings(url), cutting))
                .as("cut before statement %d", statement)
                .isInstanceOf(StoreRefused.class);
    }

    /** @return how many statements there are */
    private static int migrate(String url) {
        EachStatement counting = new EachStatement((number, context) -> {});
        Schema.prepare(Node.settings(url), counting);
        return Math.max(0, counting.count() - 1); // there is an event behind the last one
    }

    private static void migrateTo(String url, int version) {
        Flyway.configure()
                .dataSource(url, PostgresServer.USER, "")
                .locations("classpath:org/jbootd/persistence/postgres/migration")
                .target(String.valueOf(version))
                .load()
                .migrate();
    }

    /** As the first version wrote them. */
    private static void furnish(String url) {
        migrateTo(url, FIRST);
        try (Handle handle = PostgresServer.connect(url)) {
            handle.execute("""
                    INSERT INTO lease_event (seq, recorded_at, kind, address_number, address, subnet, hardware, network_booted, state, since)
                    SELECT n, now(), 'BOUND', 167772160 + n, '10.0.0.' || n, 'lan', '02-00-00-00-00-0' || n, TRUE, 'BOUND', now()
                    FROM generate_series(1, 3) n""");
            handle.execute("""
                    INSERT INTO lease (seq, address_number, address, subnet, hardware, holder, network_booted, state, since)
                    SELECT seq, address_number, address, subnet, hardware, hardware, network_booted, state, since FROM lease_event""");
            handle.execute("""
                    INSERT INTO holding (first_seq, address_number, address, subnet, hardware, started)
                    SELECT seq, address_number, address, subnet, hardware, since FROM lease_event""");
            handle.execute("UPDATE ledger_head SET seq = 3, recorded_at = (SELECT MAX(recorded_at) FROM lease_event)");
        }
    }

    private static List<String> rows(String url) {
        try (Handle handle = PostgresServer.connect(url)) {
            return handle.createQuery("""
                            SELECT 'lease ' || address || ' ' || hardware FROM lease
                            UNION ALL SELECT 'event ' || seq || ' ' || address || ' ' || recorded_at FROM lease_event
                            UNION ALL SELECT 'holding ' || first_seq FROM holding
                            UNION ALL SELECT 'head ' || ledger || ' ' || seq FROM ledger_head""").mapTo(String.class).list();
        }
    }

    private static void assertServes(String url) {
        try (Node node = new Node(url)) {
            node.commit(bound(9, 9)).join();
            assertThat(node.view()).containsKey(Node.address(9));
        }
    }

    @Test
    void whatWasCutOffBeforeAnyStatementIsDoneByTheNextStart() {
        PostgresServer server = PostgresServer.shared();
        int statements = migrate(server.database());
        assertThat(statements).isGreaterThan(20);
        String url = server.database();
        for (int i = 1; i <= statements; i++) {
            empty(url);
            cut(url, server, i);
            migrate(url);
            assertThat(rows(url)).as("cut before statement %d", i).hasSize(1);
        }
        assertServes(url);
        System.out.printf("a migration of an empty database was cut off at each of %d statements%n", statements);
    }

    private static void empty(String url) {
        try (Handle handle = PostgresServer.connect(url)) {
            handle.execute("DROP SCHEMA public CASCADE");
            handle.execute("CREATE SCHEMA public");
        }
    }

    @Test
    void whatWasThereIsThereAfterwards() {
        PostgresServer server = PostgresServer.shared();
        String first = server.database();
        furnish(first);
        List<String> before = rows(first);
        assertThat(before).hasSize(10);
        int statements = migrate(server.copyOf(first));
        for (int i = 1; i <= statements; i++) {
            String url = server.copyOf(first);
            cut(url, server, i);
            assertThat(rows(url)).as("cut before statement %d", i).isEqualTo(before);
            assertThat(migrate(url)).as("all of the version again").isBetween(statements - i + 1, statements);
            assertThat(migrate(url)).as("nothing is left to do").isZero();
            assertThat(rows(url)).isEqualTo(before);
            assertServes(url);
        }
        System.out.printf("a migration from version %d was cut off at each of %d statements%n", FIRST, statements);
    }

    @Test
    void aServerThatIsKilledInAMigrationLosesNothing() {
        try (PostgresServer server = PostgresServer.own()) {
            String url = server.database();
            furnish(url);
            List<String> before = rows(url);
            try (Handle handle = PostgresServer.connect(url)) {
                handle.execute("CHECKPOINT"); // this server does not sync what is committed
            }
            EachStatement killing = new EachStatement((number, context) -> {
                if (number == 3) {
                    server.kill();
                }
            });
            assertThatThrownBy(() -> Schema.prepare(Node.settings(url), killing))
                    .isInstanceOf(StoreRefused.class);
            server.restart();
            assertThat(rows(url)).isEqualTo(before);
            migrate(url);
            assertThat(rows(url)).isEqualTo(before);
            assertServes(url);
        }
    }

    @Test
    void aNewerSchemaIsLeftAsItWas() {
        String url = PostgresServer.shared().database();
        furnish(url);
        try (Handle handle = PostgresServer.connect(url)) {
            handle.execute("UPDATE flyway_schema_history SET version = '99'");
        }
        List<String> before = rows(url);
        assertThatThrownBy(() -> PostgresLeaseStore.open(Node.settings(url)))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("has schema 99");
        assertThat(rows(url)).isEqualTo(before);
        try (Handle handle = PostgresServer.connect(url)) {
            assertThat(handle.createQuery("SELECT TO_REGCLASS('event_chain') IS NULL")
                            .mapTo(Boolean.class)
                            .one())
                    .isTrue();
        }
    }
}

package org.jbootd.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jbootd.persistence.postgres.Node.bound;
import static org.jbootd.persistence.postgres.Node.lease;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.exchange.Reason;
import org.jbootd.domain.history.Refusal;
import org.jbootd.domain.lease.Cause;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseChange.Kind;
import org.jbootd.domain.lease.Occasion;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.persistence.Auditor;
import org.jbootd.persistence.EmbeddedLeaseStore;
import org.jbootd.persistence.StoreRefused;
import org.jbootd.persistence.StoreSettings;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an auditor reads in PostgreSQL, and who may write there. */
class PostgresLedgerTest {

    private static final String COLUMNS = """
            SELECT LOWER(table_name) || ' ' || LOWER(column_name) FROM information_schema.columns
            WHERE LOWER(table_name) IN ('lease_current', 'lease_interval', 'machine', 'refusal', 'boot')
            ORDER BY LOWER(table_name), ordinal_position""";

    @TempDir
    private Path directory;

    private String url;

    @BeforeEach
    void prepare() {
        url = PostgresServer.shared().database();
    }

    private List<String> rows(String sql) {
        try (Handle handle = PostgresServer.connect(url)) {
            return rows(handle, sql);
        }
    }

    private static List<String> rows(Handle handle, String sql) {
        return handle.createQuery(sql)
                .map((row, context) -> {
                    List<String> values = new ArrayList<>();
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        values.add(row.getString(i));
                    }
                    return String.join("|", values);
                })
                .list();
    }

    private PostgresLeaseStore open() {
        return PostgresLeaseStore.open(Node.settings(url));
    }

    @Test
    void theViewsAreThoseOfTheEmbeddedDatabase() {
        open().close();
        EmbeddedLeaseStore.open(new StoreSettings(directory.resolve("data"))).close();
        try (Handle embedded = Jdbi.open("jdbc:h2:file:" + directory.resolve("data/leases"), Auditor.USER, "")) {
            assertThat(rows(COLUMNS)).hasSizeGreaterThan(40).isEqualTo(rows(embedded, COLUMNS));
        }
    }

    @Test
    void intervalsSayWhoHadAnAddressFromWhenToWhen() {
        Instant later = Node.NOW.plus(Duration.ofHours(2));
        try (Node node = new Node(url)) {
            node.commit(bound(1, 1)).join();
            node.commit(
                            new LeaseChange(Kind.RECLAIMED, lease(1, 1, Node.NOW)),
                            new LeaseChange(Kind.BOUND, lease(2, 1, later)))
                    .join();
        }
        assertThat(rows("""
                        SELECT hardware || ' ' || TO_CHAR(started AT TIME ZONE 'UTC', 'HH24:MI') || '-' ||
                            TO_CHAR(ended AT TIME ZONE 'UTC', 'HH24:MI') || ' ' || how_ended
                        FROM lease_interval ORDER BY started"""))
                .containsExactly("02-00-00-00-00-01 03:02-04:02 EXPIRED", "02-00-00-00-00-02 05:02-06:02 EXPIRED");
        assertThat(rows("SELECT address, hardware, state FROM lease_current"))
                .containsExactly("10.0.0.1|02-00-00-00-00-02|EXPIRED");
    }

    @Test
    void anEventTellsHowItCameAbout() {
        ClientIdentity client = new ClientIdentity(
                HardwareAddress.parse("02-00-00-00-00-01"),
                Optional.of(Octets.parseHex("01020000000001")),
                Optional.of(UUID.fromString("12345678-abcd-ef00-8111-abcdefabcdef")));
        Lease lease = new Lease(
                Node.address(1),
                "lan",
                client,
                Optional.of("node7"),
                true,
                Lease.State.BOUND,
                Node.NOW,
                Instant.MAX,
                true);
        Occasion occasion = new Occasion(
                Cause.SELECT,
                Optional.of(BootStage.FIRMWARE),
                Optional.of(new ClientArchitecture(7)),
                Optional.of(Ipv4.parse("10.0.0.9")),
                Optional.of(Octets.parseHex("0103aabbcc" + "0202dddd")),
                Optional.of(Node.NOW.minusSeconds(1)));
        try (Node node = new Node(url)) {
            node.commit(new LeaseChange(Kind.BOUND, lease, occasion)).join();
        }
        assertThat(rows("""
                        SELECT cause, stage, architecture, relay, ENCODE(relay_information, 'hex'), ENCODE(circuit_id, 'hex'),
                            ENCODE(remote_id, 'hex'), offered_at = TIMESTAMP WITH TIME ZONE '2026-05-04 03:02:00+00', reserved
                        FROM lease_event""")).containsExactly("SELECT|FIRMWARE|7|10.0.0.9|0103aabbcc0202dddd|aabbcc|dddd|t|t");
        assertThat(rows("SELECT hardware, addresses, machine_uuids, client_identifiers, host_names FROM machine"))
                .containsExactly("02-00-00-00-00-01|1|12345678-abcd-ef00-8111-abcdefabcdef|01020000000001|node7");
        assertThat(rows("SELECT event, address, detail FROM boot WHERE hardware = '02-00-00-00-00-01' ORDER BY at"))
                .containsExactly("OFFERED|10.0.0.1|null", "BOUND|10.0.0.1|SELECT");
    }

    private static Refusal refusal() {
        return new Refusal(
                Node.NOW,
                Reason.DENIED,
                "not listed",
                Optional.of(ClientIdentity.of(HardwareAddress.parse("02-00-00-00-00-05"))),
                new Refusal.Facts(
                        "DISCOVER",
                        Optional.of(BootStage.FIRMWARE),
                        Optional.of(new ClientArchitecture(7)),
                        Optional.of("node5"),
                        Optional.of(Node.address(5)),
                        Optional.of("lan"),
                        Optional.of(Ipv4.parse("10.0.0.9")),
                        Optional.of(Octets.parseHex("0103aabbcc"))));
    }

    @Test
    void refusalsThatAreAlikeAreOneRowWhicheverNodeWritesThem() {
        try (Node one = new Node(url);
                Node other = new Node(url)) {
            one.store().history().refused(refusal());
            other.store().history().refused(refusal());
            other.store().history().refused(refusal());
        }
        assertThat(rows("SELECT times, reason, message, hardware, ENCODE(circuit_id, 'hex') FROM refusal"))
                .containsExactly("3|DENIED|DISCOVER|02-00-00-00-00-05|aabbcc");
    }

    @Test
    void aTransferIsThatOfTheMachineThatHasTheAddress() {
        try (Node node = new Node(url)) {
            node.commit(bound(1, 1)).join();
            node.store().history().fetched(Node.fetch());
        }
        assertThat(
                        rows(
                                "SELECT hardware, file, octets, retransmissions, milliseconds, outcome FROM boot WHERE event = 'TRANSFER'"))
                .containsExactly("02-00-00-00-00-01|linux|1000|3|1500|COMPLETE");
    }

    @Test
    void whoMayOnlyReadHasNoneOfOurLocks() {
        open().close();
        try (Handle handle = PostgresServer.connect(url)) {
            for (String lock : List.of(Attendant.NOTES_LOCK, Attendant.RETENTION_LOCK)) {
                handle.begin();
                handle.execute("CREATE ROLE reader");
                handle.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader");
                handle.execute("SET ROLE reader");
                assertThatThrownBy(() -> handle.execute(lock)).hasMessageContaining("permission denied");
                handle.rollback();
            }
        }
    }

    @Test
    void whatIsNoNumberIsNotHeard() throws Exception {
        try (Session session = Session.open(Node.settings(url));
                Handle handle = PostgresServer.connect(url)) {
            session.listen();
            for (String told : List.of("abc", "", "-1", "9".repeat(30), "5")) {
                handle.execute("SELECT PG_NOTIFY(?, ?)", Session.CHANNEL, told);
            }
            long heard = 0;
            while (heard == 0) {
                heard = session.heard(1000);
            }
            assertThat(heard).isEqualTo(5);
        }
    }

    @Test
    void aNewerSchemaIsRefused() {
        open().close();
        try (Handle handle = PostgresServer.connect(url)) {
            handle.execute("UPDATE flyway_schema_history SET version = '99'");
        }
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("has schema 99")
                .hasMessageContaining("start the newer version");
    }

    @Test
    void aUserWhoMayMakeNoTablesIsToldSoAtOnce() {
        String database = url.replaceAll(".*/", "");
        String user = "guest_of_" + database;
        try (Handle handle = PostgresServer.connect(url)) {
            handle.execute("CREATE ROLE " + user + " LOGIN");
        }
        PostgresSettings settings = new PostgresSettings(url, Optional.of(user), Optional.empty());
        assertThatThrownBy(() -> PostgresLeaseStore.open(settings))
                .isInstanceOf(StoreRefused.class)
                .hasMessage("leases cannot be kept in " + url + ": the user " + user
                        + " may make no tables in the schema public; make it the owner of the database (ALTER DATABASE "
                        + database + " OWNER TO " + user + "), or let it (GRANT CREATE ON SCHEMA public TO " + user
                        + ")");
        open().close();
        assertThatThrownBy(() -> PostgresLeaseStore.open(settings))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining(
                        "permission denied for table flyway_schema_history; the user of [leases] has to own")
                .hasMessageNotContaining("check [leases] url");
    }

    @Test
    void tablesThatOthersHaveMadeAreRefused() {
        open().close();
        try (Handle handle = PostgresServer.connect(url)) {
            handle.execute("DELETE FROM flyway_schema_history WHERE version <> '1'");
            handle.execute("UPDATE flyway_schema_history SET checksum = 0");
        }
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("Validate failed")
                .hasMessageContaining("bring back a backup")
                .hasMessageNotContaining("check [leases] url");
    }

    @Test
    void aServerThatCannotBeReachedIsRefusedWithTheReason() {
        PostgresSettings settings = new PostgresSettings(
                "jdbc:postgresql://no.such.host.invalid/jbootd", Optional.of(PostgresServer.USER), Optional.empty());
        assertThatThrownBy(() -> PostgresLeaseStore.open(settings))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("no address is known of a host no.such.host.invalid")
                .hasMessageContaining("; check [leases] url");
    }

    @Test
    void aDatabaseThatIsNotThereIsRefusedWithoutItsPassword() {
        PostgresSettings settings = new PostgresSettings(
                url.replaceAll("/test\\d+$", "/nobodys"), Optional.of(PostgresServer.USER), Optional.of("open sesame"));
        assertThatThrownBy(() -> PostgresLeaseStore.open(settings))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("database \"nobodys\" does not exist")
                .hasMessageContaining("[leases] url")
                .hasMessageNotContaining("sesame");
        assertThat(settings.toString()).doesNotContain("sesame");
    }
}

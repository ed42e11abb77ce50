package org.jbootd.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.jbootd.persistence.postgres.Node.bound;
import static org.jbootd.persistence.postgres.Node.lease;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
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
import org.jbootd.domain.net.Octets;
import org.jbootd.persistence.Auditor;
import org.jbootd.persistence.ChainCheck;
import org.jbootd.persistence.EmbeddedLeaseStore;
import org.jbootd.persistence.StoreRefused;
import org.jbootd.persistence.StoreSettings;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The leases and the history of a data directory, taken along into a database. */
class RelocationTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    /** What an auditor reads. */
    private static final List<String> VIEWS = List.of(
            "SELECT * FROM lease_current ORDER BY address_number",
            "SELECT * FROM lease_interval ORDER BY first_seq",
            """
                    SELECT seq, recorded_at, kind, address, subnet, hardware, client_identifier, machine_uuid, host_name, network_booted,
                        reserved, state, since, until, cause, stage, architecture, relay, relay_information, circuit_id, remote_id,
                        offered_at, node FROM lease_event ORDER BY seq""",
            "SELECT * FROM machine ORDER BY hardware",
            "SELECT * FROM refusal ORDER BY first_at, hardware",
            "SELECT started, ended, address, hardware, file, origin, octets, outcome, detail FROM transfer ORDER BY started",
            "SELECT seq FROM history_start");

    @TempDir
    private Path directory;

    private Path data;
    private String url;

    /** More of each than goes over at once, and of every kind. */
    @BeforeEach
    void furnish() {
        url = PostgresServer.shared().database();
        data = directory.resolve("data");
        try (EmbeddedLeaseStore store = EmbeddedLeaseStore.open(new StoreSettings(data))) {
            commit(store, bound(1, 1), bound(2, 2), bound(3, 3));
            commit(store, full());
            for (int i = 0; i < 2_500; i++) {
                commit(store, new LeaseChange(Kind.RENEWED, lease(1, 1, Node.NOW.plusSeconds(i))));
            }
            commit(store, new LeaseChange(Kind.ENDED, lease(2, 2, Node.NOW)));
            commit(
                    store,
                    new LeaseChange(Kind.RECLAIMED, lease(3, 3, Node.NOW)),
                    new LeaseChange(Kind.BOUND, lease(5, 3, Node.NOW.plusSeconds(4000))));
            commit(store, new LeaseChange(Kind.DECLINED, resting(lease(6, 6, Node.NOW))));
            store.keepTime(Node.NOW.plusSeconds(9_999));
            note(store);
            store.awaitHistory();
        }
    }

    private static void commit(EmbeddedLeaseStore store, LeaseChange... changes) {
        store.commit(List.of(changes)).toCompletableFuture().join();
    }

    private static Lease resting(Lease lease) {
        return new Lease(
                lease.address(),
                lease.subnet(),
                lease.client(),
                Optional.empty(),
                false,
                Lease.State.DECLINED,
                lease.since(),
                lease.until());
    }

    private static LeaseChange full() {
        ClientIdentity client = new ClientIdentity(
                HardwareAddress.parse("02-00-00-00-00-04"),
                Optional.of(Octets.parseHex("ff0102")),
                Optional.of(UUID.fromString("12345678-abcd-ef00-8111-abcdefabcdef")));
        Lease lease = new Lease(
                Node.address(4),
                "lan",
                client,
                Optional.of("nöde\0four"),
                true,
                Lease.State.BOUND,
                Node.NOW,
                Instant.MAX,
                true);
        return new LeaseChange(
                Kind.BOUND,
                lease,
                new Occasion(
                        Cause.SELECT,
                        Optional.of(BootStage.FIRMWARE),
                        Optional.of(new ClientArchitecture(7)),
                        Optional.of(Node.address(200)),
                        Optional.of(Octets.parseHex("0103aabbcc" + "0202dddd")),
                        Optional.of(Node.NOW.minusSeconds(1))));
    }

    private static void note(EmbeddedLeaseStore store) {
        store.history()
                .refused(new Refusal(
                        Node.NOW,
                        Reason.DENIED,
                        "not listed",
                        Optional.of(ClientIdentity.of(HardwareAddress.parse("02-00-00-00-00-07"))),
                        new Refusal.Facts(
                                "DISCOVER",
                                Optional.of(BootStage.FIRMWARE),
                                Optional.empty(),
                                Optional.of("node7"),
                                Optional.empty(),
                                Optional.of("lan"),
                                Optional.empty(),
                                Optional.empty())));
        store.history().fetched(Node.fetch());
    }

    private static List<String> answers(Auditor auditor, List<String> questions) throws Auditor.NoAnswer {
        List<String> answers = new ArrayList<>();
        for (String question : questions) {
            auditor.ask(question, List.of(), new Auditor.Rows() {
                @Override
                public void columns(List<String> names) {
                    answers.add(names.toString());
                }

                @Override
                public void row(List<Object> values) {
                    answers.add(values.stream().map(String::valueOf).collect(Collectors.joining("|")));
                }
            });
        }
        return answers;
    }

    private List<String> atHome() throws Auditor.NoAnswer {
        try (EmbeddedLeaseStore store = EmbeddedLeaseStore.open(new StoreSettings(data));
                Auditor auditor = store.auditor()) {
            return answers(auditor, VIEWS);
        }
    }

    private List<String> inTheDatabase() throws Auditor.NoAnswer {
        try (Auditor auditor = PostgresLeaseStore.auditor(Node.settings(url))) {
            return answers(auditor, VIEWS);
        }
    }

    private Relocation.Moved move() {
        return Relocation.run(data, Node.settings(url));
    }

    private long rows() {
        try (Handle handle = PostgresServer.connect(url)) {
            return handle.createQuery("""
                            SELECT (SELECT COUNT(*) FROM lease) + (SELECT COUNT(*) FROM lease_event) + (SELECT COUNT(*) FROM holding)
                                + (SELECT COUNT(*) FROM refused) + (SELECT COUNT(*) FROM transfer) + (SELECT seq FROM ledger_head)""").mapTo(Long.class).one();
        }
    }

    @Test
    void anAuditorReadsTheSameInTheDatabase() throws Exception {
        assertThat(move()).isEqualTo(new Relocation.Moved(4, 2_508, 5, 1, 1));
        List<String> here = inTheDatabase();
        assertThat(here).hasSizeGreaterThan(2_500);
        assertThat(here)
                .isEqualTo(atHome().stream()
                        .map(row -> row.replace('\0', '\uFFFD'))
                        .toList());
    }

    @Test
    void aNodeGoesOnFromThere() {
        move();
        try (Node node = new Node(url)) {
            assertThat(node.view())
                    .containsOnlyKeys(Node.address(1), Node.address(3), Node.address(4), Node.address(6));
            assertThat(node.store().latest()).isEqualTo(Node.NOW.plusSeconds(9_999));
            node.commit(bound(9, 9)).join();
        }
        try (Handle handle = PostgresServer.connect(url)) {
            assertThat(handle.createQuery("SELECT MAX(seq) FROM lease_event")
                            .mapTo(Long.class)
                            .one())
                    .isEqualTo(2_509);
        }
    }

    @Test
    void whereThereAreLeasesAlreadyNothingIsChanged() {
        try (Node node = new Node(url)) {
            node.commit(bound(1, 1)).join();
        }
        long before = rows();
        assertThatThrownBy(this::move)
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("has leases already, by 1 changes");
        assertThat(rows()).isEqualTo(before);
        assertThat(before).isEqualTo(1 + 1 + 1 + 1);
    }

    @Test
    void aDirectoryThatHoldsNoLeasesIsLeftAlone() {
        data = directory.resolve("nothing");
        assertThatThrownBy(this::move)
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("is no data directory with leases");
        assertThat(Files.exists(data)).isFalse();
    }

    @Test
    void aDirectoryThatADaemonHasIsRefused() {
        try (EmbeddedLeaseStore store = EmbeddedLeaseStore.open(new StoreSettings(data))) {
            assertThatThrownBy(this::move).isInstanceOf(StoreRefused.class).hasMessageContaining("is in use by");
            assertThat(store.trouble()).isEmpty();
        }
    }

    /** In the last table, by whatever it is: the connection ends there. */
    @Test
    void whatIsInterruptedHalfWayHasTakenNothingAlong() {
        PostgresLeaseStore.open(Node.settings(url)).close();
        try (Handle handle = PostgresServer.connect(url)) {
            handle.execute("""
                    CREATE FUNCTION dawdle() RETURNS TRIGGER LANGUAGE plpgsql AS
                    $$ BEGIN PERFORM PG_SLEEP(600); RETURN NEW; END $$""");
            handle.execute("CREATE TRIGGER slow BEFORE INSERT ON transfer FOR EACH ROW EXECUTE FUNCTION dawdle()");
            CompletableFuture<Relocation.Moved> moving = CompletableFuture.supplyAsync(this::move);
            await().atMost(LONG).until(() -> sleepers(handle) == 1);
            PostgresServer.shared().disconnect(url);
            assertThatThrownBy(moving::join)
                    .hasCauseInstanceOf(StoreRefused.class)
                    .hasMessageContaining("nothing was taken along");
        }
        assertThat(rows()).isZero();
        try (Handle handle = PostgresServer.connect(url)) {
            handle.execute("DROP TRIGGER slow ON transfer");
        }
        assertThat(move().transfers()).isEqualTo(1);
    }

    private static int sleepers(Handle handle) {
        return handle.createQuery("SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                .mapTo(Integer.class)
                .one();
    }

    @Test
    void aHashChainGoesOnInTheDatabase() {
        Path linked = directory.resolve("linked");
        StoreSettings settings = new StoreSettings(linked, Optional.empty(), Optional.empty(), Optional.of(true));
        try (EmbeddedLeaseStore store = EmbeddedLeaseStore.open(settings)) {
            commit(store, bound(1, 1), bound(2, 2));
            commit(store, new LeaseChange(Kind.ENDED, lease(2, 2, Node.NOW)));
        }
        Relocation.run(linked, Node.settings(url));
        try (Node node = new Node(url)) {
            node.commit(bound(3, 3)).join();
        }
        List<String> report = new ArrayList<>();
        try (Auditor auditor = PostgresLeaseStore.auditor(Node.settings(url))) {
            assertThat(ChainCheck.run(auditor::ask, List.of(), report))
                    .as(report.toString())
                    .isTrue();
        } catch (Auditor.NoAnswer e) {
            throw new AssertionError(e);
        }
        assertThat(report).contains("events 1 to 4 are a hash chain, and as they were written");
    }
}

package org.jbootd.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.persistence.postgres.Node.bound;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.lease.Cause;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseChange.Kind;
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.lease.Occasion;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.persistence.Auditor;
import org.jbootd.persistence.ChainCheck;
import org.jbootd.persistence.ChainHead;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The nodes of a database make one hash chain. */
class PostgresHashChainTest {

    private String url;

    @BeforeEach
    void prepare() {
        url = PostgresServer.shared().database();
    }

    private void keepChain(boolean wanted) {
        PostgresLeaseStore.open(new NodeSettings(
                        Node.settings(url),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(wanted),
                        LeaseStore.PATIENCE))
                .close();
    }

    /** With something in every column. */
    private static LeaseChange full() {
        ClientIdentity client = new ClientIdentity(
                HardwareAddress.parse("02-00-00-00-00-99"),
                Optional.of(Octets.parseHex("01020000000099")),
                Optional.of(UUID.fromString("12345678-abcd-ef00-8111-abcdefabcdef")));
        Lease lease = new Lease(
                Node.address(99),
                "lan",
                client,
                Optional.of("größe"),
                true,
                Lease.State.BOUND,
                Node.NOW.plusNanos(123_456_500),
                Node.NOW.plus(Duration.ofHours(1)),
                true);
        return new LeaseChange(
                Kind.BOUND,
                lease,
                new Occasion(
                        Cause.SELECT,
                        Optional.of(BootStage.FIRMWARE),
                        Optional.of(new ClientArchitecture(7)),
                        Optional.of(Ipv4.parse("10.0.0.9")),
                        Optional.of(Octets.parseHex("0103aabbcc" + "0202dddd")),
                        Optional.of(Node.NOW.minusNanos(499))));
    }

    private List<String> verify(boolean expected, ChainHead... noted) {
        List<String> report = new ArrayList<>();
        try (Auditor auditor = PostgresLeaseStore.auditor(Node.settings(url))) {
            assertThat(ChainCheck.run(auditor::ask, List.of(noted), report))
                    .as("%s", report)
                    .isEqualTo(expected);
        } catch (Auditor.NoAnswer e) {
            throw new AssertionError(e.getMessage(), e);
        }
        return report;
    }

    private void forge(String sql) {
        try (Handle handle = PostgresServer.connect(url)) {
            assertThat(handle.execute(sql)).as(sql).isPositive();
        }
    }

    private ChainHead head() {
        try (Handle handle = PostgresServer.connect(url)) {
            return handle.createQuery("SELECT seq, chain FROM chain_head")
                    .map((row, context) -> new ChainHead(row.getLong("seq"), Octets.of(row.getBytes("chain"))))
                    .one();
        }
    }

    @Test
    void twoNodesMakeOneChain() {
        keepChain(true);
        try (Node one = new Node(url);
                Node other = new Node(url)) {
            List<CompletableFuture<Void>> stored = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                stored.add((i % 2 == 0 ? one : other).commit(bound(i, i)));
            }
            stored.add(other.commit(full()));
            stored.forEach(CompletableFuture::join);
        }
        assertThat(verify(true, head()))
                .containsExactly(
                        "events 1 to 41 are a hash chain, and as they were written",
                        "head of the hash chain, to be kept elsewhere: " + head(),
                        "the noted head " + head() + " is in the hash chain");
    }

    @Test
    void whatANodeSaysHoldsForAllFromTheNextTransactionOn() {
        try (Node one = new Node(url)) {
            one.commit(bound(1, 1)).join();
            assertThat(verify(true)).containsExactly("the history has no hash chain");
            keepChain(true);
            one.commit(bound(2, 2)).join();
            one.commit(bound(3, 3)).join();
            assertThat(verify(true)).contains("events 2 to 3 are a hash chain, and as they were written");
            PostgresLeaseStore.open(Node.settings(url)).close();
            one.commit(bound(4, 4)).join();
            assertThat(verify(true)).contains("events 2 to 4 are a hash chain, and as they were written");
            keepChain(false);
            one.commit(bound(5, 5)).join();
            keepChain(true);
            one.commit(bound(6, 6)).join();
        }
        assertThat(verify(true))
                .contains(
                        "events 2 to 4 are a hash chain, and as they were written; then it was switched off",
                        "events 6 to 6 are a hash chain, and as they were written");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            UPDATE lease_event SET hardware = '02-00-00-00-00-77' WHERE seq = 2     | event 2, of .*, 10.0.0.2, is not what was written
            UPDATE lease_event SET until = until + INTERVAL '1 hour' WHERE seq = 2  | event 2, of .*, 10.0.0.2, is not what was written
            DELETE FROM lease_event WHERE seq = 1                                   | event 1 was removed; the next one is event 2, of .*
            DELETE FROM lease_event WHERE seq = 4                                   | event 4 was removed, the end of the hash chain
            UPDATE lease_event SET chain = NULL WHERE seq = 3                       | event 3, of .*, 10.0.0.3, is not what was written
            """)
    void whatSomebodyChangedIsNamed(String sql, String line) {
        keepChain(true);
        try (Node node = new Node(url)) {
            for (int i = 1; i <= 4; i++) {
                node.commit(bound(i, i)).join();
            }
        }
        verify(true);
        forge(sql);
        assertThat(verify(false).get(0)).matches(line);
    }

    @Test
    void anEndThatWasCutOffInOrderIsFoundOutByAHeadThatWasNoted() {
        keepChain(true);
        try (Node node = new Node(url)) {
            node.commit(bound(1, 1)).join();
            node.commit(bound(2, 2)).join();
        }
        ChainHead noted = head();
        forge("DELETE FROM lease_event WHERE seq = 2");
        forge("UPDATE ledger_head SET seq = 1, chain = (SELECT chain FROM lease_event)");
        verify(true);
        assertThat(verify(false, noted).get(2)).contains("the history ends with event 1, so its end was cut off");
    }

    @Test
    void aServerThatIsKilledBreaksNoChain() {
        try (PostgresServer server = PostgresServer.own()) {
            url = server.database();
            keepChain(true);
            try (Node node = new Node(url)) {
                for (int kill = 0; kill < 3; kill++) {
                    List<CompletableFuture<Void>> stored = new ArrayList<>();
                    for (int i = 0; i < 50; i++) {
                        stored.add(node.commit(bound(100 * kill + i, 100 * kill + i)));
                    }
                    stored.get(kill * 20).join();
                    server.kill();
                    server.restart();
                    stored.forEach(each -> each.handle((done, failure) -> null).join());
                }
            }
            verify(true, head());
        }
    }
}

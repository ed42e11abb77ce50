package org.jbootd.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.jbootd.persistence.postgres.Node.bound;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jbootd.persistence.StoreRefused;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node that is started anew remembers of its database. */
class WatermarkTest {

    @TempDir
    private Path directory;

    private PostgresServer server;
    private String url;
    private Path memory;

    @BeforeEach
    void prepare() {
        server = PostgresServer.shared();
        url = server.database();
        memory = directory.resolve("node").resolve(Watermark.FILE);
    }

    private Node node() {
        return new Node(Node.settings(url, directory.resolve("node")));
    }

    /** @return the URL of the database as it was after the first of two leases, whose place it has taken */
    private String goBack() {
        try (Node node = node()) {
            node.commit(bound(1, 1)).join();
        }
        String older = server.copyOf(url);
        try (Node node = node()) {
            node.commit(bound(2, 2)).join();
        }
        return server.setAside(url, older);
    }

    private void assertRefused(String why) {
        assertThatThrownBy(this::node)
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining(why)
                .hasMessageEndingWith(
                        "bring the newer one back, or, to go on with the one that is there, stop this daemon,"
                                + " delete " + memory + " and start it again");
    }

    @Test
    void aNodeDoesNotStartOnADatabaseThatWentBackMeanwhile() throws Exception {
        String newer = goBack();
        assertRefused("it went back in time: its last change is number 1, and this node has seen number 2");
        assertRefused("went back in time");

        server.setAside(url, newer);
        try (Node node = node()) {
            assertThat(node.view()).hasSize(2);
        }
    }

    @Test
    void whoeverDeletesItsMemoryHasItGoOnWithTheOlderOne() throws Exception {
        goBack();
        assertRefused("went back in time");
        Files.delete(memory);
        try (Node node = node()) {
            assertThat(node.view()).hasSize(1);
            node.commit(bound(3, 3)).join();
        }
        node().close();
    }

    @Test
    void aDatabaseThatWentBackAndOnAnotherWayIsRefused() {
        goBack();
        try (Node elsewhere = new Node(url)) {
            elsewhere.commit(bound(3, 3)).join();
            elsewhere.commit(bound(4, 4)).join();
        }
        assertRefused("on another way: its change number 2 is not the one");
    }

    @Test
    void aBackupThatWasBroughtBackUnderARunningNodeIsNotWhatItRemembers() throws Exception {
        try (Node node = node()) {
            node.commit(bound(1, 1)).join();
            server.keepCopy(url);
            node.commit(bound(2, 2)).join();
            server.exchangeWithCopy(url);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> node.store().trouble().isPresent());
        }
        assertThat(Mark.parse(Files.readString(memory)).seq()).isEqualTo(2);
        assertRefused("it went back in time: its last change is number 1, and this node has seen number 2");

        server.exchangeWithCopy(url);
        try (Node node = node()) {
            assertThat(node.view()).hasSize(2);
        }
    }

    @Test
    void anotherDatabaseIsRefused() {
        node().close();
        server.setAside(url, server.database());
        assertRefused("it is another one than this node has served from");
    }

    /** By a node that does not end in order. */
    @Test
    void whatWasSeenIsRememberedSoon() {
        try (Node node = node()) {
            node.commit(bound(1, 1)).join();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> Files.exists(memory)
                            && Mark.parse(Files.readString(memory)).seq() == 1);
        }
    }

    @Test
    void whatNeedNotBeKeptAnyMoreIsNoContradiction() {
        try (Node node = node()) {
            node.commit(bound(1, 1)).join();
        }
        try (Node elsewhere = new Node(url)) {
            elsewhere.commit(bound(2, 2)).join();
        }
        try (Handle handle = PostgresServer.connect(url)) {
            handle.execute("DELETE FROM lease_event WHERE seq = 1");
            handle.execute("UPDATE history_start SET seq = 2");
        }
        node().close();
    }

    @Test
    void aDirectoryIsOneNodesOnly() {
        try (Node node = node()) {
            assertThatThrownBy(this::node)
                    .isInstanceOf(StoreRefused.class)
                    .hasMessageContaining("is in use by this process");
            node.commit(bound(1, 1)).join();
        }
    }

    @Test
    void aMemoryThatSaysNothingIsRefused() throws Exception {
        node().close();
        for (String nonsense : new String[] {"", "x", "1 2 3", "x".repeat(1000)}) {
            Files.writeString(memory, nonsense);
            assertThatThrownBy(this::node)
                    .isInstanceOf(StoreRefused.class)
                    .hasMessageContaining(memory + " does not say how far")
                    .hasMessageContaining("delete it");
        }
    }
}

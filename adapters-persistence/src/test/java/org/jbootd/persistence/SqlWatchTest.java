package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Auditors who are in the way of the leases go, and the leases go on. */
class SqlWatchTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path parent;

    private Path directory;
    private EmbeddedLeaseStore store;
    private int port;
    private int renewals;

    @BeforeEach
    void open() throws IOException {
        directory = parent.resolve("data");
        port = freePort();
        store = EmbeddedLeaseStore.open(new StoreSettings(
                directory,
                Optional.empty(),
                Optional.of(new SqlAccess(SqlAccess.LOOPBACK, port, Optional.empty())),
                Optional.empty()));
        renew();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Connection connect() throws SQLException {
        return connect(port);
    }

    private static Connection connect(int port) throws SQLException {
        return DriverManager.getConnection("jdbc:h2:tcp://127.0.0.1:" + port + "/leases", "auditor", "");
    }

    /** Returns once the history has it. */
    private void renew() {
        Instant since = NOON.plusSeconds(renewals++);
        store.commit(List.of(new LeaseChange(
                        LeaseChange.Kind.RENEWED,
                        new Lease(
                                Ipv4.parse("10.0.0.100"),
                                "lan",
                                ClientIdentity.of(HardwareAddress.parse("02-00-00-00-00-01")),
                                Optional.empty(),
                                true,
                                Lease.State.BOUND,
                                since,
                                since.plusSeconds(3600)))))
                .toCompletableFuture()
                .join();
        try (Handle tables = store.tables()) {
            assertThat(tables.createQuery("SELECT COUNT(*) FROM lease_event")
                            .mapTo(Integer.class)
                            .one())
                    .isEqualTo(renewals);
        }
    }

    private static void hold(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery("SELECT * FROM journal_mark FOR UPDATE");
        }
    }

    private static void assertEnded(Connection connection) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(() -> ask(connection)).isInstanceOf(SQLException.class));
    }

    private static void ask(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM lease_event")) {
            assertThat(rows.next()).isTrue();
        }
    }

    @Test
    void whoHoldsRowsIsEndedAndNobodyElse() throws Exception {
        try (Connection holder = connect();
                Connection other = connect()) {
            ask(other);
            hold(holder);
            renew();
            assertEnded(holder);
            ask(other);
            renew();
        }
    }

    @Test
    void whoHoldsRowsByACommitInTwoPhasesHoldsThemNoLonger() throws Exception {
        try (Connection holder = connect();
                Statement statement = holder.createStatement()) {
            hold(holder);
            statement.execute("PREPARE COMMIT mine");
            renew();
        }
        renew();
    }

    @Test
    void whoComesBackToHoldRowsAgainKeepsNothingFromBeingWritten() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        List<Thread> holders = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Thread holder = new Thread(() -> {
                while (!enough.get()) {
                    try (Connection connection = connect()) {
                        hold(connection);
                        while (!enough.get()) {
                            ask(connection);
                        }
                    } catch (SQLException e) {
                        // again
                    }
                }
            });
            holders.add(holder);
            holder.start();
        }
        try {
            for (int i = 0; i < 10; i++) {
                renew();
            }
        } finally {
            enough.set(true);
            holders.forEach(Threads::join);
        }
    }

    /** As the process itself would, whom nobody watches: the follower finds him in its way. */
    @Test
    void theFollowerMakesItsWayByItself() throws Exception {
        store.close();
        store = EmbeddedLeaseStore.open(new StoreSettings(directory));
        try (Connection holder = DriverManager.getConnection(LeaseDatabase.url(directory), Auditor.USER, "");
                Auditor other = store.auditor()) {
            hold(holder);
            renew();
            assertEnded(holder);
            other.ask("SELECT 1", List.of(), values -> assertThat(values).containsExactly(1L));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE LOCAL TEMPORARY TABLE mine AS SELECT x FROM SYSTEM_RANGE(1, 1000000000000)",
                "/* SELECT */ create local temporary table mine as select x from system_range(1, 1000000000000)",
            })
    void whoWritesIsEnded(String sql) throws Exception {
        try (Connection writer = connect();
                Connection other = connect();
                Statement statement = writer.createStatement()) {
            assertThatThrownBy(() -> statement.execute(sql)).isInstanceOf(SQLException.class);
            assertEnded(writer);
            ask(other);
            renew();
        }
        assertThat(Files.size(directory.resolve(LeaseDatabase.FILE))).isLessThan(200_000_000);
    }

    @Test
    void aLongQuestionIsNotEnded() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(2);
            for (String question : List.of(
                    "SELECT COUNT(*) FROM SYSTEM_RANGE(1, 1000000000000) WHERE MOD(x, 3) = 5",
                    "-- how many?\n(SELECT COUNT(*) FROM SYSTEM_RANGE(1, 1000000000000) WHERE MOD(x, 3) = 5)",
                    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 - n FROM t) SELECT COUNT(*) FROM t")) {
                assertThatThrownBy(() -> statement.executeQuery(question))
                        .as(question)
                        .hasMessageContaining("timed out");
            }
            ask(connection);
        }
    }

    @Test
    void nobodyAsksWhileTheDiskIsNearlyFull() throws Exception {
        AtomicLong room = new AtomicLong(Long.MAX_VALUE);
        SqlDoor door = new SqlDoor();
        SqlAccess access = new SqlAccess(SqlAccess.LOOPBACK, freePort(), Optional.empty());
        try (SqlOwner owner = new SqlOwner(directory, ReaderKeys.of(""));
                SqlServer server = SqlServer.start(directory, access, owner, door);
                SqlWatch watch = new SqlWatch(directory, owner, door, Optional.of(server), room::get);
                Connection connection = connect(access.port())) {
            watch.start();
            ask(connection);
            room.set(SqlWatch.LEAST_ROOM - 1);
            assertEnded(connection);
            assertThatThrownBy(() -> connect(access.port())).hasMessageContaining("256 MB are free");
            room.set(SqlWatch.LEAST_ROOM);
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThatCode(() -> connect(access.port()).close()).doesNotThrowAnyException());
        }
    }

    @Test
    void anAnswerThatTakesTooMuchMemoryEndsItsSessionAndNotTheProcess() throws Exception {
        store.close();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xms16m",
                        "-Xmx256m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HungryAuditor.class.getName(),
                        directory.toString(),
                        String.valueOf(freePort()))
                .redirectErrorStream(true)
                .start();
        List<String> output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor()).as(String.join("\n", output)).isZero();
        assertThat(output)
                .contains(HungryAuditor.SURVIVED)
                .anyMatch(line -> line.startsWith(HungryAuditor.SENT_AWAY + "the heap was more than 80 % full"));
    }
}

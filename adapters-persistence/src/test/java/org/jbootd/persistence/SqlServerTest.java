package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.h2.api.ErrorCode;
import org.h2.tools.Shell;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in at {@code sql_port}, by H2's own driver and by hand. */
class SqlServerTest {

    private static final String PASSWORD = "sesame";

    /** Reads until it is told to stop: there is no end to it that one could wait for. */
    private static final String ENDLESS = "SELECT COUNT(*) FROM SYSTEM_RANGE(1, 1000000000000) WHERE MOD(x, 3) = 5";

    @TempDir
    private static Path parent;

    private static Path directory;
    private static EmbeddedLeaseStore store;
    private static int port;

    @BeforeAll
    static void open() throws IOException {
        directory = parent.resolve("data");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        store = EmbeddedLeaseStore.open(new StoreSettings(
                directory,
                Optional.empty(),
                Optional.of(new SqlAccess(SqlAccess.LOOPBACK, port, Optional.of(PASSWORD))),
                Optional.empty()));
    }

    @AfterAll
    static void close() {
        store.close();
    }

    private static Connection connect(String database, String user, String password) throws SQLException {
        return DriverManager.getConnection("jdbc:h2:tcp://127.0.0.1:" + port + "/" + database, user, password);
    }

    private static Connection connect() throws SQLException {
        return connect("leases", "auditor", PASSWORD);
    }

    private static Socket raw() throws IOException {
        return new Socket("127.0.0.1", port);
    }

    private static final class Octets {

        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(octets);

        Octets numbers(int... numbers) throws IOException {
            for (int number : numbers) {
                out.writeInt(number);
            }
            return this;
        }

        Octets text(String text) throws IOException {
            out.writeInt(text.length());
            out.writeChars(text);
            return this;
        }

        byte[] toArray() {
            return octets.toByteArray();
        }
    }

    static Stream<byte[]> nothingThatADriverSays() throws IOException {
        int endless = 0x7ffffff0;
        return Stream.of(
                new Octets().numbers(17, 20, endless).toArray(),
                new Octets().numbers(17, 20, -2).toArray(),
                new Octets().numbers(17, 21).text("leases").numbers(endless).toArray(),
                new Octets()
                        .numbers(17, 21)
                        .text("leases")
                        .text("")
                        .text("AUDITOR")
                        .numbers(endless)
                        .toArray(),
                new Octets()
                        .numbers(17, 21)
                        .text("leases")
                        .text("")
                        .text("AUDITOR")
                        .numbers(0, -1, endless)
                        .toArray(),
                new Octets().numbers(17, 21, -1, -1, endless).toArray(),
                new Octets().numbers(17, 21, -1, -1).text("me").numbers(14, 1).toArray(),
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** The process of the tests has a heap, too: an announced length that is believed fails with the others. */
    @ParameterizedTest
    @MethodSource("nothingThatADriverSays")
    void whatADriverNeverSaysClosesTheConnection(byte[] octets) throws Exception {
        try (Socket socket = raw()) {
            socket.getOutputStream().write(octets);
            byte[] answer = socket.getInputStream().readAllBytes();
            assertThat(answer).as("nothing, or why not").hasSizeLessThan(1_000);
            if (answer.length > 0) {
                assertThat(answer).startsWith(0, 0, 0, 0);
                assertThat(new String(answer, StandardCharsets.UTF_16BE)).contains("driver of H2's");
            }
        }
        connect().close();
    }

    @Test
    void whoSaysNothingMakesRoomForOthers() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 2 * SqlServer.BEGINNERS; i++) {
                silent.add(raw());
            }
            assertThat(silent.get(0).getInputStream().read()).isEqualTo(-1);
            connect().close();
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void soManyAreLetInAndNoMore() throws Exception {
        List<Connection> open = new ArrayList<>();
        try {
            for (int i = 0; i < SqlServer.LET_IN; i++) {
                open.add(connect());
            }
            assertThatThrownBy(SqlServerTest::connect).hasMessageContaining("there are 32 connections already");
            open.remove(0).close();
            await().untilAsserted(() -> open.add(connect()));
        } finally {
            for (Connection connection : open) {
                connection.close();
            }
        }
        await().untilAsserted(() -> connect().close());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "leases",
                "./leases",
                "file:leases",
                "leases;IFEXISTS=TRUE",
                "leases;ACCESS_MODE_DATA=r;QUERY_TIMEOUT=1000",
                "leases;SCHEMA=PUBLIC;OLD_INFORMATION_SCHEMA=TRUE"
            })
    void theseLeadToTheLeases(String database) throws Exception {
        try (Connection connection = connect(database, "Auditor", PASSWORD);
                ResultSet rows = connection.createStatement().executeQuery("SELECT COUNT(*) FROM lease_event")) {
            assertThat(rows.next()).isTrue();
        }
        connect(directory.toAbsolutePath() + "/leases", "auditor", PASSWORD).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mem:management_db_9092", "mem:x", "other", "../data/leases", "", "zip:x.zip!/leases"})
    void noOtherDatabaseIsHere(String database) {
        assertThatThrownBy(() -> connect(database, "auditor", PASSWORD))
                .hasMessageContaining("the URL ends with /leases");
        assertThatThrownBy(() -> connect(database, "", "")).isInstanceOf(SQLException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INIT=SELECT 1",
                "OPEN_NEW=TRUE",
                "TRACE_LEVEL_FILE=0",
                "MODE=MySQL",
                "JMX=TRUE",
                "CACHE_SIZE=1000000",
                "AUTHREALM=x",
                "QUERY_TIMEOUT=1 SET LOCK_TIMEOUT 5"
            })
    void aSettingThatIsNotOfTheSessionIsRefused(String setting) throws IOException {
        assertThatThrownBy(() -> connect("leases;" + setting, "auditor", PASSWORD))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        refused -> assertThat(refused.getErrorCode()).isEqualTo(ErrorCode.UNSUPPORTED_SETTING_1))
                .hasMessageContaining("remove it from the URL");
        assertNoTrace();
    }

    private static void assertNoTrace() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".trace.db"));
        }
    }

    @Test
    void aWrongPasswordOpensNothing() throws Exception {
        String key = Files.readString(directory.resolve(DatabaseKey.FILE)).strip();
        for (String database : List.of("leases", "leases;OPEN_NEW=TRUE")) {
            assertThatThrownBy(() -> connect(database, "auditor", "x")).hasMessageContaining("Wrong user name or");
            assertThatThrownBy(() -> connect(database, "jbootd", key))
                    .as("the owner")
                    .hasMessageContaining("Wrong user name or");
            assertThatThrownBy(() -> connect(database, "", "")).hasMessageContaining("Wrong user name or");
        }
        assertNoTrace();
    }

    @Test
    void aStatementIsCancelledAndTimesOut() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            CompletableFuture<Throwable> end = CompletableFuture.supplyAsync(() -> failure(statement));
            await().atMost(30, TimeUnit.SECONDS).until(() -> {
                statement.cancel();
                return end.isDone();
            });
            assertThat(end.get())
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            cancelled ->
                                    assertThat(cancelled.getErrorCode()).isEqualTo(ErrorCode.STATEMENT_WAS_CANCELED));
            statement.setQueryTimeout(1);
            assertThat(failure(statement)).hasMessageContaining("timed out");
        }
    }

    private static Throwable failure(Statement statement) {
        try {
            statement.executeQuery(ENDLESS);
            throw new AssertionError("it came to an end");
        } catch (SQLException e) {
            return e;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aToolAsksAsItIsUsedTo(boolean autoCommit) throws Exception {
        try (Connection connection = connect()) {
            connection.setAutoCommit(autoCommit);
            DatabaseMetaData meta = connection.getMetaData();
            List<String> tables = new ArrayList<>();
            try (ResultSet rows = meta.getTables(null, "PUBLIC", "%", null)) {
                while (rows.next()) {
                    tables.add(rows.getString("TABLE_NAME"));
                }
            }
            assertThat(tables).contains("LEASE_EVENT", "LEASE_CURRENT");
            try (ResultSet columns = meta.getColumns(null, null, "LEASE_EVENT", "SEQ")) {
                assertThat(columns.next()).isTrue();
            }
            try (PreparedStatement statement = connection.prepareStatement("SELECT x FROM SYSTEM_RANGE(1, ?)")) {
                statement.setFetchSize(7);
                statement.setInt(1, 100);
                int count = 0;
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        count++;
                    }
                }
                assertThat(count).isEqualTo(100);
            }
            if (!autoCommit) {
                connection.commit();
            }
        }
    }

    @Test
    void anAuditorWhoChangesHisPasswordLocksNobodyOut() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String change : List.of("SET PASSWORD 'mine'", "ALTER USER auditor SET PASSWORD 'mine'")) {
                statement.execute(change);
                assertThatThrownBy(() -> connect("leases", "auditor", "mine"))
                        .hasMessageContaining("Wrong user name or password");
                connect().close();
                statement.execute(change);
                try (Auditor auditor = store.auditor()) {
                    auditor.ask(
                            "SELECT COUNT(*) FROM lease_event",
                            List.of(),
                            values -> assertThat(values).hasSize(1));
                }
            }
            assertThatThrownBy(() -> statement.execute("ALTER USER commands SET PASSWORD 'mine'"))
                    .isInstanceOf(SQLException.class);
        }
        for (String password : List.of("", "mine", PASSWORD)) {
            assertThatThrownBy(() -> connect("leases", "commands", password))
                    .hasMessageContaining("Wrong user name or password");
        }
    }

    @Test
    void theShellOfH2Asks() throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        Shell shell = new Shell();
        shell.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        shell.runTool(
                "-url",
                "jdbc:h2:tcp://127.0.0.1:" + port + "/leases",
                "-user",
                "auditor",
                "-password",
                PASSWORD,
                "-sql",
                "SELECT 6 * 7 AS answer");
        assertThat(output.toString(StandardCharsets.UTF_8)).contains("42");
    }
}

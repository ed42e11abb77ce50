package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jbootd.app.cli.DaemonLab.boot;
import static org.jbootd.app.demo.SimulatedMachine.Program.FIRMWARE;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.h2.api.ErrorCode;
import org.jbootd.app.FreePorts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQL tools that ask a running daemon by {@code [leases] sql_port}. */
class SqlPortTest {

    private static final String PASSWORD = "it's \"sesame\"";

    @TempDir
    private Path directory;

    private DaemonLab lab;
    private int port;

    @BeforeEach
    void furnish() throws IOException {
        lab = new DaemonLab(directory);
        port = FreePorts.free();
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    private Child daemon(String sql) throws IOException, InterruptedException {
        return lab.daemon("pool_start = 127.0.0.100", "sql_port = " + port + "\n" + sql);
    }

    private Connection connect(String address, String user, String password) throws SQLException {
        return DriverManager.getConnection("jdbc:h2:tcp://" + address + ":" + port + "/leases", user, password);
    }

    private static void assertReadOnly(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT hardware FROM lease_current")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("02-00-00-00-00-01");
            }
            for (String order : List.of(
                    "DELETE FROM lease",
                    "UPDATE lease SET state = 'DECLINED'",
                    "INSERT INTO history_start (seq) VALUES (5)",
                    "DROP VIEW boot",
                    "DROP TABLE lease_event",
                    "CREATE TABLE mine (n INT)",
                    "CREATE ALIAS run FOR 'java.lang.Runtime.getRuntime'",
                    "ALTER USER jbootd SET PASSWORD ''",
                    "CREATE USER other PASSWORD '' ADMIN",
                    "BACKUP TO 'x.zip'",
                    "SCRIPT TO 'x.sql'",
                    "SHUTDOWN")) {
                assertThatThrownBy(() -> statement.execute(order))
                        .as(order)
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                refused -> assertThat(refused.getErrorCode())
                                        .as(refused.getMessage())
                                        .isIn(ErrorCode.NOT_ENOUGH_RIGHTS_FOR_1, ErrorCode.ADMIN_RIGHTS_REQUIRED));
            }
        }
    }

    @Test
    void withoutAnAddressThisHostAsksAloneAndReads() throws Exception {
        try (Child child = daemon("")) {
            boot(lab.machine(1), FIRMWARE);
            LeasesCall.of(lab, "list"); // returns once the database has it
            try (Connection connection = connect("127.0.0.1", "auditor", "")) {
                assertReadOnly(connection);
            }
            assertThatThrownBy(() -> new Socket().connect(new InetSocketAddress("127.0.0.2", port), 5_000))
                    .as("another address")
                    .isInstanceOf(IOException.class);
            child.signal("TERM");
            assertThat(child.exitStatus()).isZero();
        }
    }

    @Test
    void elsewhereAnAuditorNeedsHisPasswordAndReads() throws Exception {
        Path file = Files.writeString(directory.resolve("auditor"), PASSWORD + "\n");
        try (Child child = daemon("sql_address = 127.0.0.2\nsql_password_file = " + file)) {
            boot(lab.machine(1), FIRMWARE);
            assertThat(LeasesCall.of(lab, "list").out())
                    .as("commands need none")
                    .contains("02-00-00-00-00-01");
            for (String wrong : List.of("", "sesame")) {
                assertThatThrownBy(() -> connect("127.0.0.2", "auditor", wrong))
                        .hasMessageContaining("Wrong user name or password");
            }
            assertThatThrownBy(() -> connect("127.0.0.2", "jbootd", PASSWORD)).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> connect("127.0.0.1", "auditor", PASSWORD)).isInstanceOf(SQLException.class);
            try (Connection connection = connect("127.0.0.2", "auditor", PASSWORD)) {
                assertReadOnly(connection);
            }
            child.signal("TERM");
            assertThat(child.output()).noneMatch(line -> line.contains("sesame"));
        }
        assertThat(LeasesCall.of(lab, "list").out()).as("without the daemon").contains("02-00-00-00-00-01");
        try (Child child = daemon("")) {
            try (Connection connection = connect("127.0.0.1", "auditor", "")) {
                assertReadOnly(connection);
            }
            child.signal("TERM");
            assertThat(child.exitStatus()).isZero();
        }
    }

    /** In a network namespace of its own, behind a pair of virtual interfaces. */
    @Test
    void anotherHostMayAskWhereTheAddressIsNotTheLoopbackInterfaces() throws Exception {
        String host = "jbsql" + ProcessHandle.current().pid() % 100_000;
        try {
            require(run("ip", "netns", "add", host), "network namespace");
            require(
                    run("ip", "link", "add", host, "type", "veth", "peer", "name", "up0", "netns", host)
                            && run("ip", "addr", "add", "198.18.77.1/30", "dev", host)
                            && run("ip", "link", "set", host, "up")
                            && run("ip", "-n", host, "addr", "add", "198.18.77.2/30", "dev", "up0")
                            && run("ip", "-n", host, "link", "set", "up0", "up"),
                    "pair of virtual interfaces");
            try (Child child = daemon("sql_address = 198.18.77.1\nsql_password = sesame")) {
                boot(lab.machine(1), FIRMWARE);
                LeasesCall.of(lab, "list"); // returns once the database has it
                assertThat(askFrom(host, "sesame")).anyMatch(line -> line.contains("02-00-00-00-00-01"));
                assertThat(askFrom(host, "")).anyMatch(line -> line.contains("Wrong user name or password"));
                child.signal("TERM");
                assertThat(child.exitStatus()).isZero();
            }
        } finally {
            run("ip", "netns", "del", host);
        }
    }

    private static void require(boolean there, String what) {
        if (!there) {
            String why = "skipped: no " + what + " can be made here";
            System.out.println(why);
            Assumptions.abort(why);
        }
    }

    private boolean run(String... command) throws InterruptedException {
        try (Child child = Child.run(directory, List.of(command))) {
            return child.exitStatus() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private List<String> askFrom(String host, String password) throws IOException, InterruptedException {
        try (Child child = Child.run(
                directory,
                List.of(
                        "ip",
                        "netns",
                        "exec",
                        host,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.h2.tools.Shell",
                        "-url",
                        "jdbc:h2:tcp://198.18.77.1:" + port + "/leases",
                        "-user",
                        "auditor",
                        "-password",
                        password,
                        "-sql",
                        "SELECT hardware FROM lease_current"))) {
            return child.output();
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress("127.0.0.1", port));
            lab.write("pool_start = 127.0.0.100", "sql_port = " + port);
            try (Child child = Child.start(directory, "-c", lab.configuration().toString())) {
                assertThat(child.output())
                        .anyMatch(line ->
                                line.contains("[leases] sql_port: TCP port " + port + " of 127.0.0.1 cannot be had"));
                assertThat(child.exitStatus()).isNotZero();
            }
        }
    }
}

package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.app.cli.DaemonLab.boot;
import static org.jbootd.app.demo.SimulatedMachine.Program.FIRMWARE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jbootd.app.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords of databases are in nothing that the program says, whatever happens, at the level that says the most. */
class DatabaseSecretsTest {

    /** Every password here, right and wrong, has it in it. */
    private static final String MARK = "hunter2";

    private static final String PASSWORD = MARK + "-right";

    @TempDir
    private Path directory;

    private final List<String> said = new ArrayList<>();
    private TestDatabase database;
    private DaemonLab lab;

    @BeforeEach
    void furnish() throws Exception {
        database = TestDatabase.create();
        database.requirePassword("keeper_of_" + database.name(), PASSWORD);
        lab = new DaemonLab(directory);
        Files.writeString(lab.file("a"), "boot file");
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    private void write(String... leases) throws IOException {
        lab.writeExample("""
                [logger]
                level = debug
                [bootp]
                pool_start = 127.0.0.100
                boot_file = a
                [tftp]
                root = files
                [leases]
                %s
                """.formatted(String.join("\n", leases)));
    }

    private void writeRight(String password) throws IOException {
        write("url = " + database.url(), "user = keeper_of_" + database.name(), password);
    }

    private List<String> start(String... command) throws IOException, InterruptedException {
        List<String> lines = lab.run(command);
        said.addAll(lines);
        return lines;
    }

    private void leases(String... command) {
        LeasesCall call = LeasesCall.of(lab, command);
        said.addAll(call.out().lines().toList());
        said.addAll(call.err().lines().toList());
    }

    private void runAll() throws IOException, InterruptedException {
        start("check");
        start("explain", "--mac", "02-00-00-00-00-01", "--arch", "bios");
        leases("list");
        leases("verify");
        leases("release", "127.0.0.109");
        leases("backup", "copy");
        leases("restore", "copy");
        leases("move", directory.toString());
        leases("sql", "SELECT nonsense");
    }

    @Test
    void passwordsAreNeverSaid() throws Exception {
        writeRight("password = " + PASSWORD);
        try (Child child = lab.daemon()) {
            boot(lab.machine(1), FIRMWARE);
            runAll();
            // its connections break, and so does each attempt to have new ones
            database.changePassword("keeper_of_" + database.name(), MARK + "-another");
            child.await("password authentication failed");
            leases("list");
            database.changePassword("keeper_of_" + database.name(), PASSWORD);
            child.await("can be written again");
            child.signal("TERM");
            said.addAll(child.output());
        }
        runAll();

        Files.writeString(directory.resolve("secret"), MARK + "-wrong\n");
        for (String wrong : List.of("password = " + MARK + "-wrong", "password_file = secret")) {
            writeRight(wrong);
            assertThat(start()).anyMatch(line -> line.contains("password authentication failed"));
            runAll();
        }
        write("url = jdbc:postgresql://localhost:1/jbootd", "user = jo", "password = " + PASSWORD);
        assertThat(start()).anyMatch(line -> line.contains("refused"));
        runAll();
        for (String url : List.of(
                "jdbc:postgresql://jo:hunter2@localhost/jbootd",
                "jdbc:postgresql://localhost/jbootd?password=hunter2",
                "jdbc:postgresql://localhost/jbootd?ssl=true&sslpassword=hunter2",
                "jdbc:postgresql://localhost/hunter2@jbootd",
                "jdbc:h2:data;PASSWORD=hunter2",
                "jdbc:mysql://jo:hunter2@localhost/jbootd")) {
            write("url = " + url, "password = " + PASSWORD);
            start();
            start("check");
            leases("list");
        }
        write("sql_password = " + PASSWORD, "sql_port = nowhere", "sql_address = 0.0.0.0");
        start("check");

        assertThat(said)
                .as("it does speak of the database")
                .anyMatch(line -> line.contains(database.url()))
                .anyMatch(line -> line.contains("user and password are keys of their own"))
                .as("and says no password")
                .noneMatch(line -> line.contains(MARK));
    }
}

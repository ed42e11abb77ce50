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
import org.jbootd.app.demo.SimulatedMachine;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two daemons, each on a wire of its own, on the leases of one database. */
class ClusterLifeTest {

    private static final String PASSWORD = "hunter2";

    private TestDatabase database;

    @TempDir
    private Path directory;

    private final List<String> said = new ArrayList<>();
    private DaemonLab one;
    private DaemonLab other;

    @BeforeEach
    void furnish() throws Exception {
        database = TestDatabase.create();
        one = new DaemonLab(Files.createDirectory(directory.resolve("one")));
        other = new DaemonLab(Files.createDirectory(directory.resolve("other")));
        write(one, database.url());
        write(other, database.url());
    }

    @AfterEach
    void stop() {
        one.close();
        other.close();
    }

    private static void write(DaemonLab lab, String url) throws IOException {
        lab.writeExample("""
                [logger]
                level = debug
                [bootp]
                pool_start = 127.0.0.100
                boot_file = a
                [tftp]
                root = files
                [leases]
                url = %s
                user = postgres
                password = %s
                allocation = hashed
                """.formatted(url, PASSWORD));
    }

    private List<String> ask(DaemonLab lab, String... command) throws IOException, InterruptedException {
        List<String> lines = lab.run(command);
        said.addAll(lines);
        return lines;
    }

    @Test
    void aMachineHasOneAddressWhicheverDaemonItAsks() throws IOException, InterruptedException {
        Ipv4 annas;
        Ipv4 berts;
        try (Child first = one.daemon();
                Child second = other.daemon()) {
            annas = boot(one.machine(1), FIRMWARE).address();
            assertThat(boot(other.machine(1), FIRMWARE).address()).isEqualTo(annas);
            berts = boot(other.machine(2), FIRMWARE).address();
            assertThat(berts).isNotEqualTo(annas);
            assertThat(boot(one.machine(2), FIRMWARE).address()).isEqualTo(berts);
            first.kill();
            SimulatedMachine anna = other.machine(1);
            assertThat(boot(anna, FIRMWARE).address()).isEqualTo(annas);
            second.signal("TERM");
            said.addAll(second.output());
        }
        try (Child again = one.daemon()) {
            assertThat(boot(one.machine(1), FIRMWARE).address()).isEqualTo(annas);
            assertThat(boot(one.machine(2), FIRMWARE).address()).isEqualTo(berts);
            assertThat(ask(one, "explain", "--mac", "02-00-00-00-00-01", "--arch", "bios"))
                    .anyMatch(line -> line.contains("remembered") && line.contains(annas.toString()));
            again.signal("TERM");
            said.addAll(again.output());
        }
        assertThat(ask(one, "check")).contains("leases: in " + database.url());
        assertThat(ask(one, "repair")).anyMatch(line -> line.contains("nothing of them here to repair"));
        assertThat(said).noneMatch(line -> line.contains(PASSWORD));
    }

    @Test
    void withoutItsDatabaseADaemonDoesNotStartAndSaysWhy() throws IOException, InterruptedException {
        write(one, database.url().replace(database.name(), "nobodys"));
        try (Child child = Child.start(directory, "-c", one.configuration().toString())) {
            assertThat(child.output())
                    .noneMatch(line -> line.contains(PASSWORD))
                    .filteredOn(line -> line.startsWith("jbootd: "))
                    .singleElement()
                    .asString()
                    .contains("database \"nobodys\" does not exist", "[leases] url");
            assertThat(child.exitStatus()).isNotZero();
        }
    }
}

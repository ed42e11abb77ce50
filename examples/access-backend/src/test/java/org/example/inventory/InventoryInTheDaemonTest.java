package org.example.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.app.demo.SimulatedMachine.Program.FIRMWARE;
import static org.jbootd.app.demo.SimulatedMachine.Program.OPERATING_SYSTEM;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jbootd.app.demo.LoopbackWire;
import org.jbootd.app.demo.Reply;
import org.jbootd.app.demo.SimulatedMachine;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.net.HardwareAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The built jar in the real daemon, asked about machines that boot on loopback. */
@Timeout(120)
class InventoryInTheDaemonTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private LoopbackWire wire;
    private int dhcpPort;
    private Process daemon;
    private BufferedReader log;

    @BeforeEach
    void furnish() throws IOException {
        try (DatagramSocket free = new DatagramSocket()) {
            dhcpPort = free.getLocalPort();
        }
        wire = new LoopbackWire(dhcpPort);
        Files.createDirectory(directory.resolve("backends"));
        Files.copy(Path.of(System.getProperty("backend.jar")), directory.resolve("backends/inventory-access.jar"));
        Files.writeString(directory.resolve("machines.csv"), """
                02-00-00-00-00-01,install,node1
                02-00-00-00-00-02,broken,node2
                """);
    }

    @AfterEach
    void stop() {
        wire.close();
        if (daemon != null) {
            daemon.destroyForcibly();
        }
    }

    private void start(String inventory, String... arguments) throws IOException {
        Path file = Files.writeString(directory.resolve("jbootd.ini"), """
                [bootp]
                pool_start = 127.0.0.100
                boot_file = a
                port = %d
                reply_port = %d
                access = inventory
                access_dir = backends
                [inventory]
                %s
                [leases]
                data_dir = leases
                """.formatted(dhcpPort, wire.replyPort(), inventory));
        ProcessBuilder command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                System.getProperty("jbootd.jar"));
        command.command().addAll(java.util.List.of(arguments));
        command.command().addAll(java.util.List.of("-p", "-c", file.toString()));
        daemon = command.redirectErrorStream(true).start();
        log = daemon.inputReader();
    }

    private void awaitLine(String text) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            said.append(line).append('\n');
            if (line.contains(text)) {
                return;
            }
        }
        throw new AssertionError("'" + text + "' was never said, but\n" + said);
    }

    private SimulatedMachine machine(int number) {
        return new SimulatedMachine(
                HardwareAddress.parse("02-00-00-00-00-0" + number),
                new UUID(number, number),
                new ClientArchitecture(7),
                wire,
                new Random(number));
    }

    private Reply boot(SimulatedMachine machine, SimulatedMachine.Program program) throws IOException {
        Reply offer = machine.discover(program, PATIENCE).orElseThrow();
        return machine.select(program, offer, PATIENCE).orElseThrow();
    }

    @Test
    void machinesBootAsTheInventorySays() throws IOException {
        start("file = " + directory.resolve("machines.csv"));
        awaitLine("ready, ");

        boot(machine(1), FIRMWARE);
        assertThat(boot(machine(1), OPERATING_SYSTEM).packet().options().text(12)).contains("node1");

        assertThat(machine(2).discover(FIRMWARE, Duration.ofMillis(100))).isEmpty();
        awaitLine("no answer: DENIED (the inventory says: broken)");
        assertThat(machine(3).discover(FIRMWARE, Duration.ofMillis(100))).isEmpty();
        awaitLine("no answer: DENIED (not in the inventory)");

        Files.writeString(directory.resolve("machines.csv"), "02-00-00-00-00-03,install,node3\n");
        boot(machine(3), FIRMWARE);

        Files.delete(directory.resolve("machines.csv"));
        assertThat(machine(3).discover(FIRMWARE, Duration.ofMillis(100))).isEmpty();
        awaitLine("no answer: NO_VERDICT (the backend inventory failed: ");
    }

    @Test
    void aMistakeInItsSectionNamesTheLine() throws IOException, InterruptedException {
        start("file = nowhere.csv", "check");

        awaitLine("jbootd.ini:9: [inventory] file: there is no file 'nowhere.csv' that can be read");
        assertThat(daemon.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(daemon.exitValue()).isEqualTo(1);
    }
}

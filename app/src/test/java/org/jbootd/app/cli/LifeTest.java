package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jbootd.app.FreePorts;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The daemon as a process: rows C5 and C7 to C9 of pybootd's behaviour, with the verdicts of this project. */
class LifeTest {

    @TempDir
    private Path directory;

    private int dhcpPort;
    private int tftpPort;
    private Path elsewhere;

    @BeforeEach
    void furnish() throws IOException {
        elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.createDirectory(directory.resolve("files"));
        dhcpPort = FreePorts.free();
        tftpPort = FreePorts.free();
        write("jbootd.ini", dhcpPort, tftpPort);
    }

    private void write(String name, int dhcp, int tftp) throws IOException {
        Files.writeString(directory.resolve(name), """
                [bootp]
                pool_start = 127.0.0.100
                boot_file = a
                port = %d
                reply_port = %d
                [tftp]
                address = 127.0.0.1
                port = %d
                root = files
                [leases]
                data_dir = leases
                """.formatted(dhcp, dhcp == 65535 ? 1024 : dhcp + 1, tftp));
    }

    private Child daemon(String... more) throws IOException {
        String[] arguments = new String[more.length + 2];
        arguments[0] = "-c";
        arguments[1] = directory.resolve("jbootd.ini").toString();
        System.arraycopy(more, 0, arguments, 2, more.length);
        return Child.start(elsewhere, arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSignalStopsItCleanly(String signal) throws IOException, InterruptedException {
        try (Child child = daemon()) {
            child.await("ready, ");

            child.signal(signal);

            assertThat(child.output()).last().asString().endsWith("stopped");
            assertThat(child.exitStatus()).isZero();
        }
        assertThat(elsewhere).as("the current directory").isEmptyDirectory();
    }

    @Test
    void itIsStoppedWhileItStarts() throws IOException, InterruptedException {
        try (Child child = daemon()) {
            child.await(" with ");

            child.signal("TERM");

            assertThat(child.exitStatus()).isZero();
        }
    }

    @Test
    void itStartsAgainOnTheLeasesOfTheLastTime() throws IOException, InterruptedException {
        for (int run = 0; run < 2; run++) {
            try (Child child = daemon()) {
                child.await("ready, ");
            } // and is killed hard
        }
        try (Child child = daemon()) {
            child.await("ready, ");
        }
    }

    @Test
    void aDhcpPortInUseIsSaidInOneLine() throws IOException, InterruptedException {
        try (DatagramSocket other = new DatagramSocket(dhcpPort);
                Child child = daemon()) {
            assertThat(child.output())
                    .filteredOn(line -> line.startsWith("jbootd: "))
                    .singleElement()
                    .asString()
                    .contains("UDP port " + other.getLocalPort(), "the port is in use by java (pid ")
                    .endsWith("stop that program, or choose another port");
            assertThat(child.exitStatus()).isEqualTo(1);
        }
    }

    @Test
    void aTftpPortInUseIsSaidInOneLine() throws IOException, InterruptedException {
        try (DatagramSocket other = new DatagramSocket(tftpPort, InetAddress.getByName("127.0.0.1"));
                Child child = daemon()) {
            assertThat(child.output())
                    .filteredOn(line -> line.startsWith("jbootd: "))
                    .singleElement()
                    .asString()
                    .startsWith("jbootd: cannot listen on 127.0.0.1, UDP port " + other.getLocalPort() + ": ");
            assertThat(child.exitStatus()).isEqualTo(1);
        }
    }

    @Test
    void aSecondDaemonOnTheSameLeasesIsRefused() throws IOException, InterruptedException {
        try (Child first = daemon()) {
            first.await("ready, ");
            write("jbootd.ini", FreePorts.free(), FreePorts.free());
            try (Child second = daemon()) {
                assertThat(second.output())
                        .filteredOn(line -> line.startsWith("jbootd: "))
                        .singleElement()
                        .asString()
                        .contains(directory.resolve("leases").toString(), "in use by pid " + first.pid() + " on ");
                assertThat(second.exitStatus()).isEqualTo(1);
            }
            first.signal("TERM");
            assertThat(first.exitStatus()).isZero();
        }
    }

    @Test
    void leasesThatCannotBeKeptAreSaidInOneLineAndInTheLog() throws IOException, InterruptedException {
        Files.writeString(
                directory.resolve("jbootd.ini"),
                "[logger]\ntype = file\nfile = daemon.log\n" + Files.readString(directory.resolve("jbootd.ini")));
        Files.createDirectory(directory.resolve("leases"));
        Files.writeString(directory.resolve("leases/format"), "none that there ever was");
        try (Child child = daemon()) {
            assertThat(child.output())
                    .singleElement()
                    .asString()
                    .startsWith("jbootd: ")
                    .contains(directory.resolve("leases").toString());
            assertThat(child.exitStatus()).isEqualTo(1);
        }
        assertThat(directory.resolve("daemon.log")).content().contains("ERROR daemon: ");
    }

    @Test
    void withoutDhcpItsPortAndItsSectionsAreNotNeeded() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("jbootd.ini"), "[tftp]\nroot = files\nport = " + tftpPort + "\n");
        try (DatagramSocket other = new DatagramSocket(dhcpPort);
                Child child = daemon("-t")) {
            child.await("ready, ");

            child.signal("TERM");

            assertThat(child.exitStatus()).as("beside " + other).isZero();
        }
    }

    @Test
    void withoutTftpItsPortIsNotTaken() throws IOException, InterruptedException {
        try (DatagramSocket other = new DatagramSocket(tftpPort, InetAddress.getByName("127.0.0.1"));
                Child child = daemon("-p")) {
            child.await("ready, ");

            child.signal("TERM");

            assertThat(child.exitStatus()).as("beside " + other).isZero();
        }
    }

    @Test
    void theLogGoesIntoAFile() throws IOException, InterruptedException {
        Files.writeString(
                directory.resolve("jbootd.ini"),
                "[logger]\ntype = file\nfile = daemon.log\nlevel = all\n[tftp]\nroot = files\nport = " + tftpPort
                        + "\n");
        Path log = directory.resolve("daemon.log");
        try (Child child = daemon("-t")) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Files.exists(log) && Files.readString(log).contains("ready, "));

            child.signal("TERM");

            assertThat(child.exitStatus()).isZero();
            assertThat(child.output()).isEmpty();
        }
        assertThat(log).content().contains("INFO  daemon: ready, ").endsWith("INFO  daemon: stopped\n");
    }
}

package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jbootd.udp.tftp.TftpPacket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real daemon with a URL as root: what stays when it ends, and what does not. */
class RemoteCopiesLifeTest {

    @TempDir
    private Path directory;

    private Mirror mirror;

    @BeforeEach
    void furnish() throws IOException {
        mirror = new Mirror(directory);
    }

    @AfterEach
    void stop() {
        mirror.close();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> names = Files.list(mirror.copies())) {
            return names.map(name -> name.getFileName().toString()).toList();
        }
    }

    private void awaitOneNamed(String ending) {
        await().untilAsserted(
                        () -> assertThat(names()).singleElement().asString().endsWith(ending));
    }

    @Test
    void afterAStartCopiesAreServedAlthoughTheServerIsAway() throws Exception {
        byte[] content = mirror.file("linux", 3_000_000);
        try (Child child = mirror.daemon()) {
            assertThat(mirror.load("linux")).isEqualTo(content);
            awaitOneNamed(".copy");
            child.signal("TERM");
            assertThat(child.exitStatus()).isZero();
        }
        try (Child child = mirror.daemon()) {
            assertThat(mirror.load("linux")).isEqualTo(content);
            assertThat(mirror.timesSent("linux")).isEqualTo(1);
            child.kill();
        }
        mirror.goAway();
        try (Child child = mirror.daemon()) {
            assertThat(mirror.load("linux")).isEqualTo(content);
            child.await("does not answer: ");
        }
    }

    @Test
    void nothingOfADownloadThatWasKilledIsServed() throws Exception {
        mirror.file("half", 3_000_000);
        try (Child child = mirror.daemon();
                DatagramSocket client = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            byte[] request = new TftpPacket.ReadRequest("half", "octet", List.of()).encode();
            client.send(
                    new DatagramPacket(request, request.length, InetAddress.getByName("127.0.0.1"), mirror.tftpPort()));
            client.setSoTimeout((int) DaemonLab.PATIENCE.toMillis());
            client.receive(new DatagramPacket(new byte[600], 600));
            awaitOneNamed(".part");
            child.kill();
        }
        awaitOneNamed(".part");
        mirror.goAway();
        try (Child child = mirror.daemon()) {
            assertThat(names()).isEmpty();
            assertThatThrownBy(() -> mirror.load("half")).hasMessageContaining("The file cannot be read");
            child.await("half: ");
        }
    }

    /** A limit on the size of files stands for a full disk: the system refuses to write, too. */
    @Test
    void aFullDiskIsAnErrorAndNoShortFile() throws Exception {
        List<String> limited = List.of("prlimit", "--fsize=1000000");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "there is no prlimit on this host");
        mirror.file("large", 5_000_000);
        byte[] small = mirror.file("small", 500_000);
        try (Child child = mirror.daemon(limited)) {
            assertThatThrownBy(() -> mirror.load("large")).hasMessageContaining("error ");
            child.await("cannot write into [tftp] cache_dir: ");
            assertThat(mirror.load("small")).isEqualTo(small);
            awaitOneNamed(".copy");
        }
    }

    @Test
    void checksumsChangeWithAReload() throws Exception {
        byte[] content = mirror.file("linux", 100_000);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        try (Child child = mirror.daemon()) {
            assertThat(mirror.load("linux")).isEqualTo(content);

            mirror.configure("[sha256]\nlin* = " + "0".repeat(64));
            reload(child);
            assertThatThrownBy(() -> mirror.load("linux")).hasMessageContaining("The file cannot be read");
            child.await("SHA-256 " + sha256 + " is not the one in [sha256]: " + mirror.url() + "/linux");

            mirror.configure("[sha256]\nlin* = " + sha256);
            reload(child);
            assertThat(mirror.load("linux")).isEqualTo(content);
            assertThat(mirror.timesSent("linux")).isEqualTo(1);
        }
    }

    private static void reload(Child child) throws Exception {
        child.signal("HUP");
        child.await("the configuration was taken over");
    }

    @Test
    void fetchedFilesAreNotLoadedAgainByTheDaemon() throws Exception {
        byte[] one = mirror.file("one", 1_000_000);
        mirror.configure("[filters]\nlinux = d/two");
        byte[] two = mirror.file("d/two", 2_000_000);
        byte[] newer;
        fetch("one: fetched, 1000000 octets of " + mirror.url() + "/one");
        try (Child child = mirror.daemon()) {
            assertThat(mirror.load("one")).isEqualTo(one);
            fetch("linux: fetched, 2000000 octets of " + mirror.url() + "/d/two", "one: unchanged, 1000000 octets");
            assertThat(mirror.load("linux")).isEqualTo(two);
            newer = mirror.file("one", 1_000_001);
            fetch("one: fetched, 1000001 octets");
            await().untilAsserted(() -> assertThat(mirror.load("one")).isEqualTo(newer));
            child.signal("TERM");
            assertThat(child.exitStatus()).isZero();
        }
        assertThat(mirror.timesSent("one")).as("each version once").isEqualTo(2);
        assertThat(mirror.timesSent("d/two")).isEqualTo(1);
    }

    /** In a process of its own. @param lines that it begins its lines with */
    private void fetch(String... lines) throws Exception {
        String[] names = Stream.of(lines).map(line -> line.split(":")[0]).toArray(String[]::new);
        String[] arguments = Stream.concat(Stream.of("fetch", "-t", "-c", "jbootd.ini"), Stream.of(names))
                .toArray(String[]::new);
        try (Child child = Child.start(directory, arguments)) {
            List<String> said = child.output();
            assertThat(said).hasSameSizeAs(lines);
            for (int i = 0; i < lines.length; i++) {
                assertThat(said.get(i)).startsWith(lines[i]);
            }
            assertThat(child.exitStatus()).isZero();
        }
    }
}

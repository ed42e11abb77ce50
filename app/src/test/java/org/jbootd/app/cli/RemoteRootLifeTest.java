package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jbootd.app.cli.DaemonLab.PATIENCE;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jbootd.app.FreePorts;
import org.jbootd.app.demo.StepFailed;
import org.jbootd.app.demo.TftpDownload;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.udp.tftp.TftpPacket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/debian-mirror} in the real daemon, with a real web server in the mirror's place. */
class RemoteRootLifeTest {

    private static final Path EXAMPLE = Path.of("../examples/debian-mirror");
    private static final String MIRROR = "http://mirror.example.org";
    private static final String BELOW = "/debian/dists/bookworm/main/installer-amd64/current/images/netboot/";

    @TempDir
    private Path directory;

    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch gate = new CountDownLatch(1);
    private HttpServer mirror;
    private int port;

    @BeforeEach
    void furnish() throws IOException {
        mirror = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        mirror.setExecutor(threads);
        mirror.createContext("/", this::answer);
        mirror.start();
        port = FreePorts.free();
        Files.createDirectory(directory.resolve("copies"));
        file("pxelinux.0", 40_000);
        file("debian-installer/amd64/bootnetx64.efi", 100_000);
        file("debian-installer/amd64/linux", 8_000_000);
        file("debian-installer/amd64/initrd.gz", 3_000_000);
        file("slow", 5_000);
        Files.copy(EXAMPLE.resolve("pxe.cfg"), directory.resolve("pxe.cfg"));
        String example = Files.readString(EXAMPLE.resolve("jbootd.ini"));
        assertThat(example).contains("root = " + MIRROR + BELOW.replaceAll("/$", "\n"));
        Files.writeString(
                directory.resolve("jbootd.ini"),
                example.replace(
                                MIRROR,
                                "http://localhost:" + mirror.getAddress().getPort())
                        .replace("192.168.1.100", "127.0.0.100")
                        .replace("[tftp]\n", "[tftp]\naddress = 127.0.0.1\nport = " + port + "\ncache_dir = copies\n"));
    }

    @AfterEach
    void stop() {
        gate.countDown();
        mirror.stop(0);
        threads.shutdownNow();
    }

    private void file(String name, int octets) {
        byte[] content = new byte[octets];
        new Random(octets).nextBytes(content);
        files.put(BELOW + name, content);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(exchange.getRequestMethod() + " " + path);
        byte[] content = files.get(path);
        try (exchange) {
            if (path.endsWith("/slow")) {
                gate.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
            exchange.sendResponseHeaders(content == null ? 404 : 200, content == null ? -1 : content.length);
            exchange.getResponseBody().write(content == null ? new byte[0] : content);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private Child daemon() throws IOException, InterruptedException {
        Child child = Child.start(directory, "-t", "-c", "jbootd.ini");
        child.await("ready, ");
        return child;
    }

    private TftpDownload.Arrived load(String name) throws IOException, StepFailed {
        try (TftpDownload download =
                new TftpDownload(Ipv4.parse("127.0.0.1"), new InetSocketAddress("127.0.0.1", port))) {
            return download.read(name, 1428, 16, PATIENCE);
        }
    }

    @Test
    void machinesLoadTheInstallerFromTheMirrorAndTheirMenuFromHere() throws Exception {
        try (Child child = daemon()) {
            TftpDownload.Arrived linux = load("/linux");
            assertThat(linux.content()).isEqualTo(files.get(BELOW + "debian-installer/amd64/linux"));
            assertThat(linux.granted()).containsEntry("tsize", 8_000_000);
            assertThat(load("initrd").content()).isEqualTo(files.get(BELOW + "debian-installer/amd64/initrd.gz"));
            assertThat(load("pxelinux.0").content()).isEqualTo(files.get(BELOW + "pxelinux.0"));
            assertThat(load("pxelinux.cfg/01-52-54-00-12-34-56").content())
                    .isEqualTo(Files.readAllBytes(EXAMPLE.resolve("pxe.cfg")));
            assertThat(asked).as("the menu is not asked of the mirror").hasSize(3);
            child.await("/linux from http://localhost:");

            assertThatThrownBy(() -> load("nothing")).hasMessageContaining("File not found");
            child.await("nothing: File not found (http://localhost:");

            mirror.stop(0);
            assertThat(load("pxelinux.cfg/default").content())
                    .isEqualTo(Files.readAllBytes(EXAMPLE.resolve("pxe.cfg")));
            assertThatThrownBy(() -> load("other")).hasMessageContaining("The file cannot be read");
            child.await("does not answer: ");
            assertThat(load("pxelinux.0").content())
                    .as("from the copy here")
                    .isEqualTo(files.get(BELOW + "pxelinux.0"));
        }
    }

    @Test
    void manyWhoWaitForASlowMirrorAskItOnceAndHoldUpNobody() throws Exception {
        try (Child child = daemon();
                DatagramSocket impatient = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            byte[] request = new TftpPacket.ReadRequest("slow", "octet", List.of()).encode();
            DatagramPacket datagram =
                    new DatagramPacket(request, request.length, InetAddress.getByName("127.0.0.1"), port);
            List<DatagramSocket> others = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                impatient.send(datagram);
                DatagramSocket other = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
                others.add(other);
                other.send(datagram);
            }
            assertThat(load("pxelinux.cfg/default").content())
                    .isEqualTo(Files.readAllBytes(EXAMPLE.resolve("pxe.cfg")));
            assertThat(load("pxelinux.0").content()).isEqualTo(files.get(BELOW + "pxelinux.0"));

            gate.countDown();
            others.add(impatient);
            for (DatagramSocket socket : others) {
                DatagramPacket data = new DatagramPacket(new byte[600], 600);
                socket.setSoTimeout((int) PATIENCE.toMillis());
                socket.receive(data);
                assertThat(data.getLength()).isEqualTo(516);
                socket.close();
            }
            assertThat(asked.stream().filter(path -> path.endsWith("/slow"))).hasSize(1);
            child.signal("TERM");
            assertThat(child.exitStatus()).isZero();
        }
    }

    @Test
    void copiesOutliveAReload() throws Exception {
        try (Child child = daemon()) {
            load("pxelinux.0");
            mirror.stop(0);
            child.signal("HUP");
            child.await("the configuration was taken over");

            assertThat(load("pxelinux.0").content()).isEqualTo(files.get(BELOW + "pxelinux.0"));
        }
    }

    @Test
    void checkSaysWhetherTheMirrorAnswers() throws Exception {
        files.remove(BELOW + "debian-installer/amd64/bootnetx64.efi");
        try (Child child = Child.start(directory, "check", "-c", "jbootd.ini")) {
            assertThat(child.output())
                    .contains("TFTP: files from http://localhost:"
                            + mirror.getAddress().getPort() + BELOW)
                    .anyMatch(line -> line.startsWith("warning: boot file 'debian-installer/amd64/bootnetx64.efi'"
                            + " cannot be served: http://localhost:"))
                    .noneMatch(line -> line.contains("pxelinux.0"));
            assertThat(child.exitStatus()).isZero();
        }
        mirror.stop(0);
        try (Child child = Child.start(directory, "check", "-c", "jbootd.ini")) {
            assertThat(String.join("\n", child.output()))
                    .contains("warning: [tftp] root: http://localhost:", BELOW + " does not answer: ");
            assertThat(child.exitStatus()).isZero();
        }
    }
}

package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.app.demo.SimulatedMachine.Program.FIRMWARE;
import static org.jbootd.app.demo.SimulatedMachine.Program.OPERATING_SYSTEM;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jbootd.app.demo.LoopbackWire;
import org.jbootd.app.demo.Reply;
import org.jbootd.app.demo.SimulatedMachine;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.udp.tftp.TftpPacket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Access control in the real daemon, asked by real packets on loopback, with a real web server as the authority. */
class AccessLifeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Long enough for a request and a copy of it. */
    private static final Duration SHORT = Duration.ofMillis(600);

    private static final UUID ANNAS_UUID = UUID.fromString("12345678-abcd-ef00-1111-abcdefabcdef");

    @TempDir
    private Path directory;

    private final Queue<String> questions = new ConcurrentLinkedQueue<>();
    private HttpServer authority;
    private LoopbackWire wire;
    private int dhcpPort;
    private int tftpPort;
    private SimulatedMachine anna;
    private SimulatedMachine bert;

    @BeforeEach
    void furnish() throws IOException {
        Files.createDirectory(directory.resolve("files"));
        try (DatagramSocket dhcp = new DatagramSocket();
                DatagramSocket tftp = new DatagramSocket()) {
            dhcpPort = dhcp.getLocalPort();
            tftpPort = tftp.getLocalPort();
        }
        authority = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        authority.start();
        wire = new LoopbackWire(dhcpPort);
        anna = machine("02-00-00-00-00-01", ANNAS_UUID);
        bert = machine("02-00-00-00-00-02", new UUID(2, 2));
    }

    private SimulatedMachine machine(String mac, UUID uuid) {
        return new SimulatedMachine(
                HardwareAddress.parse(mac), uuid, new ClientArchitecture(7), wire, new Random(uuid.hashCode()));
    }

    @AfterEach
    void stop() {
        wire.close();
        authority.stop(0);
    }

    private void answer(String path, int status, String body) {
        authority.createContext(path, question -> {
            questions.add(question.getRequestURI().toString());
            byte[] content = body.getBytes(StandardCharsets.UTF_8);
            question.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
            question.getResponseBody().write(content);
            question.close();
        });
    }

    private Child daemon(String bootp, String sections) throws IOException, InterruptedException {
        Path file = Files.writeString(
                directory.resolve("jbootd.ini"), """
                [bootp]
                pool_start = 127.0.0.100
                boot_file = a
                port = %d
                reply_port = %d
                %s
                [tftp]
                address = 127.0.0.1
                port = %d
                root = files
                [leases]
                data_dir = leases
                %s
                """.formatted(dhcpPort, wire.replyPort(), bootp, tftpPort, sections));
        Child child = Child.start(directory, "-c", file.toString());
        child.await("ready, ");
        return child;
    }

    private Reply boot(SimulatedMachine machine, SimulatedMachine.Program program) throws IOException {
        Reply offer = machine.discover(program, PATIENCE).orElseThrow();
        return machine.select(program, offer, PATIENCE).orElseThrow();
    }

    @Test
    void theListsDecideAndReservedHostsObeyThem() throws IOException, InterruptedException {
        try (Child child = daemon("access = mac", """
                [mac]
                02-00-00-00-00-01 = on
                02-00-00-00-00-03 = off
                [static_dhcp]
                02-00-00-00-00-03 = 127.0.0.203
                02-00-00-00-00-04 = 127.0.0.204
                """)) {
            assertThat(bert.discover(FIRMWARE, SHORT)).isEmpty();
            child.await(
                    "DISCOVER from 02-00-00-00-00-02 on lo: no answer: DENIED (not listed in [mac]; not in [static_dhcp])");
            assertThat(bert.reboot(FIRMWARE, Ipv4.parse("127.0.0.100"), SHORT)).isEmpty();
            child.await("REQUEST from 02-00-00-00-00-02 on lo: no answer: DENIED");

            assertThat(machine("02-00-00-00-00-03", new UUID(3, 3)).discover(FIRMWARE, SHORT))
                    .isEmpty();
            child.await("DENIED (denied by [mac] 02-00-00-00-00-03)");

            assertThat(boot(machine("02-00-00-00-00-04", new UUID(4, 4)), FIRMWARE)
                            .address())
                    .isEqualTo(Ipv4.parse("127.0.0.204"));
            assertThat(boot(anna, FIRMWARE).address()).isEqualTo(Ipv4.parse("127.0.0.100"));
        }
    }

    @Test
    void aMachineIsKnownByItsUuidWhenItsOperatingSystemAsksAfterARestart() throws IOException, InterruptedException {
        String list = "[uuid]\n" + ANNAS_UUID + " = on\n";
        Ipv4 address;
        try (Child child = daemon("access = uuid", list)) {
            assertThat(bert.discover(FIRMWARE, SHORT)).isEmpty();
            child.await("DENIED (not listed in [uuid]: ");
            address = boot(anna, FIRMWARE).address();
        } // and is killed hard
        try (Child child = daemon("access = uuid\nallow_simple_dhcp = on", list)) {
            assertThat(boot(anna, OPERATING_SYSTEM).address()).isEqualTo(address);
            assertThat(bert.discover(OPERATING_SYSTEM, SHORT)).isEmpty();
            child.await("DENIED (not listed in [uuid]: no UUID is known of this machine)");
        }
    }

    @Test
    void theAuthorityDecidesAndNamesHostAndFile() throws IOException, InterruptedException {
        answer("/boot", 200, "Client: Tester-069\nRouter: 10.9.9.9\n");
        answer("/linux", 200, "client: Tester-069\nfile: node1\n");
        Files.writeString(directory.resolve("files/preseed.node1"), "for node1");
        try (Child child = daemon("access = http", authority() + "[filters]\npreseed = preseed.{filename}\n")) {
            Ipv4 address = boot(anna, FIRMWARE).address();
            Reply ack = boot(anna, OPERATING_SYSTEM);

            assertThat(ack.address()).isEqualTo(address);
            assertThat(ack.packet().options().text(12)).contains("Tester-069");
            assertThat(ack.packet().options().address(3)).contains(Ipv4.parse("127.0.0.1"));
            assertThat(questions)
                    .containsExactly(
                            "/boot?mac=02-00-00-00-00-01&uuid=12345678-ABCD-EF00-1111-ABCDEFABCDEF",
                            "/linux?mac=02-00-00-00-00-01&uuid=12345678-ABCD-EF00-1111-ABCDEFABCDEF&ip=" + address);
            assertThat(file("preseed", address)).isEqualTo("for node1");

            child.signal("TERM");
            assertThat(child.exitStatus()).isZero();
        }
    }

    @Test
    void whomTheAuthorityDeniesOrCannotAnswerForGetsNothing() throws IOException, InterruptedException {
        answer("/boot", 401, "");
        try (Child child = daemon("access = mac, http", authority() + "[mac]\n02-00-00-00-00-02 = on\n")) {
            assertThat(anna.discover(FIRMWARE, SHORT)).isEmpty();
            child.await("DISCOVER from 02-00-00-00-00-01 on lo: no answer: DENIED (the authority answered 401)");

            authority.stop(0);
            assertThat(anna.discover(FIRMWARE, SHORT)).isEmpty();
            child.await("no answer: NO_VERDICT (the authority http://localhost:");

            assertThat(boot(bert, FIRMWARE).address()).isEqualTo(Ipv4.parse("127.0.0.100"));
        }
    }

    private String authority() {
        return "[http]\nlocation = localhost:" + authority.getAddress().getPort() + "\npxe = boot\ndhcp = /linux\n";
    }

    /** A file that fits into one block. */
    private String file(String name, Ipv4 client) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(client.toString(), 0))) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            byte[] request = new TftpPacket.ReadRequest(name, "octet", List.of()).encode();
            socket.send(new DatagramPacket(request, request.length, InetAddress.getByName("127.0.0.1"), tftpPort));
            DatagramPacket data = new DatagramPacket(new byte[600], 600);
            socket.receive(data);
            return new String(Arrays.copyOfRange(data.getData(), 4, data.getLength()), StandardCharsets.UTF_8);
        }
    }
}

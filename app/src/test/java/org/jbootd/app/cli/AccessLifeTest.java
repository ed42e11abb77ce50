package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.app.cli.DaemonLab.SHORT;
import static org.jbootd.app.cli.DaemonLab.boot;
import static org.jbootd.app.demo.SimulatedMachine.Program.FIRMWARE;
import static org.jbootd.app.demo.SimulatedMachine.Program.OPERATING_SYSTEM;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jbootd.app.demo.Reply;
import org.jbootd.app.demo.SimulatedMachine;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Access control in the real daemon, asked by real packets on loopback, with a real web server as the authority. */
class AccessLifeTest {

    private static final String POOL = "pool_start = 127.0.0.100\n";
    private static final UUID ANNAS_UUID = UUID.fromString("12345678-abcd-ef00-1111-abcdefabcdef");

    @TempDir
    private Path directory;

    private final Queue<String> questions = new ConcurrentLinkedQueue<>();
    private HttpServer authority;
    private DaemonLab lab;
    private SimulatedMachine anna;
    private SimulatedMachine bert;

    @BeforeEach
    void furnish() throws IOException {
        authority = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        authority.start();
        lab = new DaemonLab(directory);
        anna = lab.machine(1, ANNAS_UUID);
        bert = lab.machine(2);
    }

    @AfterEach
    void stop() {
        lab.close();
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

    private String authority() {
        return "[http]\nlocation = localhost:" + authority.getAddress().getPort() + "\npxe = boot\ndhcp = /linux\n";
    }

    @Test
    void theListsDecideAndReservedHostsObeyThem() throws IOException, InterruptedException {
        try (Child child = lab.daemon(POOL + "access = mac", """
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

            assertThat(lab.machine(3).discover(FIRMWARE, SHORT)).isEmpty();
            child.await("DENIED (denied by [mac] 02-00-00-00-00-03)");

            assertThat(boot(lab.machine(4), FIRMWARE).address()).isEqualTo(Ipv4.parse("127.0.0.204"));
            assertThat(boot(anna, FIRMWARE).address()).isEqualTo(Ipv4.parse("127.0.0.100"));
        }
    }

    @Test
    void aMachineIsKnownByItsUuidWhenItsOperatingSystemAsksAfterARestart() throws IOException, InterruptedException {
        String list = "[uuid]\n" + ANNAS_UUID + " = on\n";
        Ipv4 address;
        try (Child child = lab.daemon(POOL + "access = uuid", list)) {
            assertThat(bert.discover(FIRMWARE, SHORT)).isEmpty();
            child.await("DENIED (not listed in [uuid]: ");
            address = boot(anna, FIRMWARE).address();
        } // and is killed hard
        try (Child child = lab.daemon(POOL + "access = uuid\nallow_simple_dhcp = on", list)) {
            assertThat(boot(anna, OPERATING_SYSTEM).address()).isEqualTo(address);
            assertThat(bert.discover(OPERATING_SYSTEM, SHORT)).isEmpty();
            child.await("DENIED (not listed in [uuid]: no UUID is known of this machine)");
        }
    }

    @Test
    void theAuthorityDecidesAndNamesHostAndFile() throws IOException, InterruptedException {
        answer("/boot", 200, "Client: Tester-069\nRouter: 10.9.9.9\n");
        answer("/linux", 200, "client: Tester-069\nfile: node1\n");
        Files.writeString(lab.file("preseed.node1"), "for node1");
        try (Child child =
                lab.daemon(POOL + "access = http", authority() + "[filters]\npreseed = preseed.{filename}\n")) {
            Ipv4 address = boot(anna, FIRMWARE).address();
            Reply ack = boot(anna, OPERATING_SYSTEM);

            assertThat(ack.address()).isEqualTo(address);
            assertThat(ack.packet().options().text(12)).contains("Tester-069");
            assertThat(ack.packet().options().address(3)).contains(Ipv4.parse("127.0.0.1"));
            assertThat(questions)
                    .containsExactly(
                            "/boot?mac=02-00-00-00-00-01&uuid=12345678-ABCD-EF00-1111-ABCDEFABCDEF",
                            "/linux?mac=02-00-00-00-00-01&uuid=12345678-ABCD-EF00-1111-ABCDEFABCDEF&ip=" + address);
            assertThat(lab.firstBlock("preseed", address)).isEqualTo("for node1");

            child.signal("TERM");
            assertThat(child.exitStatus()).isZero();
        }
    }

    @Test
    void anAuthorityThatPybootdFilledIsAskedInItsOrder() throws IOException, InterruptedException {
        answer("/boot", 200, "");
        try (Child child = lab.daemon(POOL + "access = http\nuuid_order = wire", authority())) {
            boot(anna, FIRMWARE);

            lab.write(POOL + "access = http\nuuid_order = label", authority());
            child.signal("HUP");
            child.await("the configuration was taken over");
            boot(anna, FIRMWARE);
            assertThat(questions)
                    .containsExactly(
                            "/boot?mac=02-00-00-00-00-01&uuid=78563412-CDAB-00EF-1111-ABCDEFABCDEF",
                            "/boot?mac=02-00-00-00-00-01&uuid=12345678-ABCD-EF00-1111-ABCDEFABCDEF");
        }
    }

    @Test
    void whomTheAuthorityDeniesOrCannotAnswerForGetsNothing() throws IOException, InterruptedException {
        answer("/boot", 401, "");
        try (Child child = lab.daemon(POOL + "access = mac, http", authority() + "[mac]\n02-00-00-00-00-02 = on\n")) {
            assertThat(anna.discover(FIRMWARE, SHORT)).isEmpty();
            child.await("DISCOVER from 02-00-00-00-00-01 on lo: no answer: DENIED (the authority answered 401)");

            authority.stop(0);
            assertThat(anna.discover(FIRMWARE, SHORT)).isEmpty();
            child.await("no answer: NO_VERDICT (the authority http://localhost:");

            assertThat(boot(bert, FIRMWARE).address()).isEqualTo(Ipv4.parse("127.0.0.100"));
        }
    }

    @Test
    void aDeadAuthorityIsNoticedOnce() throws IOException, InterruptedException {
        authority.stop(0);
        try (Child child = lab.daemon(POOL + "access = http", authority())) {
            // the breaker opens after five failures, and a second later a trial fails
            for (int i = 0; i < 8; i++) {
                assertThat(anna.discover(FIRMWARE, SHORT)).isEmpty();
            }

            child.signal("TERM");
            assertThat(child.output())
                    .filteredOn(line -> line.contains("does not answer; nobody who needs it gets in"))
                    .hasSize(1);
        }
    }

    @Test
    void aShadowIsHeardAndNotObeyed() throws IOException, InterruptedException {
        answer("/boot", 401, "");
        try (Child child =
                lab.daemon(POOL + "access = mac\nshadow = http", authority() + "[mac]\n02-00-00-00-00-01 = on\n")) {
            assertThat(boot(anna, FIRMWARE).address()).isEqualTo(Ipv4.parse("127.0.0.100"));
            child.await("shadow: firmware of 02-00-00-00-00-01 is granted, and would be denied by [bootp] shadow");

            child.signal("TERM");
            // a machine that had to wait asked again
            assertThat(child.await(" verdicts would have been others"))
                    .containsPattern("shadow: (\\d+) of \\1 verdicts would have been others, of 1 machines last");
        }
    }
}

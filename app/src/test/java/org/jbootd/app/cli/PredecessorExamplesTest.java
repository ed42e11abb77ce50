package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.app.cli.DaemonLab.SHORT;
import static org.jbootd.app.cli.DaemonLab.boot;
import static org.jbootd.app.cli.NotifyLifeTest.hear;
import static org.jbootd.app.cli.NotifyLifeTest.listener;
import static org.jbootd.app.demo.SimulatedMachine.Program.FIRMWARE;
import static org.jbootd.app.demo.SimulatedMachine.Program.OPERATING_SYSTEM;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jbootd.app.demo.Reply;
import org.jbootd.app.demo.SimulatedMachine;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each file of {@code examples/from-pybootd}, in both spellings, runs the real daemon and does what it says. */
class PredecessorExamplesTest {

    private static final Path EXAMPLES = Path.of("../examples/from-pybootd");
    private static final UUID ANNAS_UUID = UUID.fromString("12345678-abcd-ef00-1111-abcdefabcdef");
    private static final int BIOS = 0;
    private static final int UEFI = 7;

    /** How the versions of pybootd write the same. */
    private enum Spelling {
        OLD,
        NEW;

        String of(String example) {
            return this == OLD
                    ? example.replace("[bootpd]", "[bootp]").replace("[tftpd]", "[tftp]")
                    : example.replace("[bootp]", "[bootpd]")
                            .replace("[tftp]", "[tftpd]")
                            .replaceFirst("(?s)\nboot_file = (\\S+)(.*)", "$2\n[bootfile]\ndefault = $1\n");
        }
    }

    @TempDir
    private Path directory;

    private DaemonLab lab;
    private SimulatedMachine anna;
    private SimulatedMachine bert;

    @BeforeEach
    void furnish() throws IOException {
        lab = new DaemonLab(directory);
        for (String name : List.of("pxelinux.0", "grubx64.efi", "node1.cfg", "real.info")) {
            Files.writeString(lab.file(name), "the content of " + name);
        }
        Files.writeString(lab.file("egg.info"), "\n  real.info\n");
        anna = lab.machine("02-00-00-00-00-01", ANNAS_UUID, BIOS);
        bert = lab.machine("02-00-00-00-00-02", new UUID(2, 2), BIOS);
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    private static String example(String name) throws IOException {
        return Files.readString(EXAMPLES.resolve(name));
    }

    private Child daemon(String example) throws IOException, InterruptedException {
        lab.writeExample(example);
        return lab.daemon();
    }

    private static Ipv4 address(int last) {
        return Ipv4.parse("127.0.0." + last);
    }

    @ParameterizedTest
    @EnumSource
    void theSmallestOne(Spelling spelling) throws IOException, InterruptedException {
        try (Child child = daemon(spelling.of(example("minimal.ini")))) {
            Reply ack = boot(anna, FIRMWARE);
            assertThat(ack.address()).isEqualTo(address(100));
            assertThat(ack.bootFile()).isEqualTo("pxelinux.0");
            assertThat(boot(bert, FIRMWARE).address()).isEqualTo(address(101));
            assertThat(boot(anna, OPERATING_SYSTEM).address()).isEqualTo(address(100));
            assertThat(lab.firstBlock("pxelinux.0", address(100))).isEqualTo("the content of pxelinux.0");
            assertThat(lab.machine(3).discover(OPERATING_SYSTEM, SHORT)).isEmpty();
            child.await(
                    "DISCOVER from 02-00-00-00-00-03 on lo: no answer: SIMPLE_CLIENT (it never booted over the network here; [bootp] allow_simple_dhcp = on");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSampleOf18(Spelling spelling) throws IOException, InterruptedException {
        try (DatagramSocket one = listener(0);
                DatagramSocket two = listener(0);
                Child child = daemon(spelling.of(example("sample-1.8.ini"))
                        .replace("13500", String.valueOf(one.getLocalPort()))
                        .replace("13501", String.valueOf(two.getLocalPort())))) {
            Reply ack = boot(anna, FIRMWARE);
            assertThat(ack.bootFile()).isEqualTo("pxelinux.0");
            assertThat(ack.leaseTime()).contains(Duration.ofHours(12));
            assertThat(ack.packet().sname()).isEqualTo(text("boot1.example.org"));
            assertThat(ack.packet().options().get(6)).contains(Octets.parseHex("0a0000350a000036"));
            assertThat(ack.packet().options().address(3)).contains(address(254));
            String boot = "BOOT," + ANNAS_UUID.toString().toUpperCase() + ",02-00-00-00-00-01,127.0.0.100";
            assertThat(hear(one)).isEqualTo(boot);
            assertThat(hear(two)).isEqualTo(boot);
            assertThat(boot(lab.machine("02-00-00-00-00-01", ANNAS_UUID, UEFI), FIRMWARE)
                            .bootFile())
                    .isEqualTo("grubx64.efi");

            assertThat(bert.discover(FIRMWARE, SHORT)).isEmpty();
            child.await("DENIED (denied by [mac] 02-00-00-00-00-02)");
            assertThat(lab.machine(3).discover(OPERATING_SYSTEM, SHORT)).isEmpty();
            child.await("DENIED (not listed in [mac])");
            assertThat(lab.firstBlock("egg.info", address(100))).isEqualTo("the content of real.info");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSampleOf15(Spelling spelling) throws IOException, InterruptedException {
        try (DatagramSocket one = listener(0);
                Child child = daemon(
                        spelling.of(example("sample-1.5.ini")).replace("13500", String.valueOf(one.getLocalPort())))) {
            // it never booted here, and is served by allow_simple_dhcp
            Reply ack = boot(anna, OPERATING_SYSTEM);
            assertThat(ack.address()).isEqualTo(address(100));
            assertThat(ack.leaseTime()).contains(Duration.ofHours(12));
            assertThat(ack.packet().options().address(6)).contains(Ipv4.parse("10.0.0.53"));
            assertThat(hear(one)).isEqualTo("LEASE,02-00-00-00-00-01,127.0.0.100");
            assertThat(boot(anna, FIRMWARE).bootFile()).isEqualTo("pxelinux.0");
            assertThat(bert.discover(FIRMWARE, SHORT)).isEmpty();
            child.await("DENIED (denied by [mac] 02-00-00-00-00-02)");
            assertThat(lab.firstBlock("egg.info", address(100))).isEqualTo("the content of real.info");
        }
    }

    @Test
    void theSamplesHaveFiveAddresses() throws IOException, InterruptedException {
        String example = example("sample-1.8.ini").replace("access = mac", "").replaceFirst("notify = .*", "");
        try (Child child = daemon(example)) {
            for (int i = 1; i <= 5; i++) {
                assertThat(boot(lab.machine(i), FIRMWARE).address()).isEqualTo(address(99 + i));
            }
            assertThat(lab.machine(6).discover(FIRMWARE, SHORT)).isEmpty();
            child.await("DISCOVER from 02-00-00-00-00-06 on lo: no answer: POOL_EXHAUSTED");
        }
    }

    @ParameterizedTest
    @EnumSource
    void accessByMac(Spelling spelling) throws IOException, InterruptedException {
        try (Child child = daemon(spelling.of(example("by-mac.ini")))) {
            assertThat(boot(anna, FIRMWARE).bootFile()).isEqualTo("pxelinux.0");
            assertThat(boot(lab.machine("52-54-00-12-34-57", new UUID(5, 7), BIOS), FIRMWARE)
                            .address())
                    .isEqualTo(address(101));
            assertThat(lab.machine("52-54-00-12-34-56", new UUID(5, 6), BIOS).discover(FIRMWARE, SHORT))
                    .isEmpty();
            child.await("DENIED (denied by [mac] 52-54-00-12-34-56)");
            assertThat(bert.discover(FIRMWARE, SHORT)).isEmpty();
            child.await("DENIED (not listed in [mac])");
        }
    }

    @ParameterizedTest
    @EnumSource
    void accessByUuid(Spelling spelling) throws IOException, InterruptedException {
        String turned = "78563412-cdab-00ef-1111-abcdefabcdef";
        String example = spelling.of(example("by-uuid.ini"));
        // as one version of pybootd would have it written, and the other
        try (Child child =
                daemon(spelling == Spelling.OLD ? example : example.replace(ANNAS_UUID.toString(), turned))) {
            Ipv4 given = boot(anna, FIRMWARE).address();
            assertThat(boot(anna, OPERATING_SYSTEM).address()).isEqualTo(given);
            assertThat(bert.discover(FIRMWARE, SHORT)).isEmpty();
            child.await("DENIED (not listed in [uuid]");
        }
    }

    @ParameterizedTest
    @EnumSource
    void accessByHttp(Spelling spelling) throws IOException, InterruptedException {
        HttpServer authority = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        authority.createContext("/", question -> {
            boolean annas = question.getRequestURI().getQuery().startsWith("mac=02-00-00-00-00-01&");
            byte[] body = "Client: Tester-069\nFile: node1\n".getBytes(StandardCharsets.UTF_8);
            question.sendResponseHeaders(annas ? 200 : 401, annas ? body.length : -1);
            question.getResponseBody().write(annas ? body : new byte[0]);
            question.close();
        });
        authority.start();
        try (Child child = daemon(spelling.of(example("by-http.ini"))
                .replace("13400", String.valueOf(authority.getAddress().getPort())))) {
            Ipv4 given = boot(anna, FIRMWARE).address();
            assertThat(boot(anna, OPERATING_SYSTEM).packet().options().text(12)).contains("Tester-069");
            assertThat(lab.firstBlock("startup", given)).isEqualTo("the content of node1.cfg");
            assertThat(bert.discover(FIRMWARE, SHORT)).isEmpty();
            child.await("DENIED (the authority answered 401)");
        } finally {
            authority.stop(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void addressesOfSingleMachines(Spelling spelling) throws IOException, InterruptedException {
        try (Child child = daemon(spelling.of(example("reserved.ini")))) {
            assertThat(boot(anna, FIRMWARE).address()).isEqualTo(address(20));
            assertThat(boot(anna, OPERATING_SYSTEM).address()).isEqualTo(address(20));
            assertThat(bert.discover(FIRMWARE, SHORT)).isEmpty();
            child.await("DENIED (denied by [mac] 02-00-00-00-00-02)");
            assertThat(lab.machine(3).discover(FIRMWARE, SHORT)).isEmpty();
            child.await("DENIED (not listed in [mac]; not in [static_dhcp])");
        }
    }

    @Test
    void noExampleIsLeftOut() throws IOException {
        try (var files = Files.list(EXAMPLES)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "README.md",
                            "minimal.ini",
                            "sample-1.5.ini",
                            "sample-1.8.ini",
                            "by-mac.ini",
                            "by-uuid.ini",
                            "by-http.ini",
                            "reserved.ini");
        }
    }

    private static Octets text(String text) {
        return Octets.of(text.getBytes(StandardCharsets.US_ASCII));
    }
}

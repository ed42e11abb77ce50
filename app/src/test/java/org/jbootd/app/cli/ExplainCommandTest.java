package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.app.cli.DaemonLab.boot;
import static org.jbootd.app.demo.SimulatedMachine.Program.FIRMWARE;
import static org.jbootd.app.demo.SimulatedMachine.Program.OPERATING_SYSTEM;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jbootd.app.demo.SimulatedMachine;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ExplainCommandTest {

    private static final String MAC = "02-00-00-00-00-01";
    private static final String POOL = "pool_start = 127.0.0.100";

    @TempDir
    private Path directory;

    private DaemonLab lab;

    @BeforeEach
    void furnish() throws IOException {
        lab = new DaemonLab(directory);
        Files.writeString(lab.file("a"), "boot file");
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    private List<String> explain(String... arguments) {
        List<String> all =
                new ArrayList<>(List.of("explain", "-c", lab.configuration().toString()));
        all.addAll(List.of(arguments));
        StringWriter out = new StringWriter();
        CommandLine command = Jbootd.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        int status = command.execute(all.toArray(String[]::new));
        List<String> lines = new ArrayList<>(out.toString().lines().toList());
        lines.add("status " + status);
        return lines;
    }

    @Test
    void aMachineThatIsNewIsExplainedFromItsPacketToItsFile() throws IOException {
        lab.write(
                POOL + "\naccess = mac, uuid",
                "[mac]\n[uuid]\n" + new UUID(1, 1) + " = on\n[filters]\na = b/{filename}\n");

        assertThat(explain("--mac", MAC, "--uuid", new UUID(1, 1).toString(), "--arch", "uefi-x64"))
                .containsExactly(
                        "machine: " + MAC + " (firmware, architecture 7, UUID " + new UUID(1, 1) + ")",
                        "access: left to the next (not listed in [mac])",
                        "access: granted (by uuid)",
                        "answer: OFFER (for 86400 s)",
                        "address: 127.0.0.100 (the next of the pool)",
                        "boot file: a ([bootfile] default)",
                        "filter: a = b/{filename}",
                        "file: none: NOT_FOUND (no such file: b/a under " + directory.resolve("files") + ")",
                        "status 0");
        assertThat(directory.resolve("leases")).as("nothing is stored").doesNotExist();
    }

    @Test
    void whatTheDaemonHasStoredIsRead() throws IOException, InterruptedException {
        try (Child child = lab.daemon(POOL, "[static_dhcp]\n02-00-00-00-00-02 = 127.0.0.202\n")) {
            SimulatedMachine anna = lab.machine(1);
            boot(anna, FIRMWARE);

            List<String> lines = explain("--mac", MAC);

            assertThat(lines)
                    .anyMatch(line -> line.startsWith("remembered: 127.0.0.100 (leased to it until ")
                            && line.endsWith(", UUID " + new UUID(1, 1) + ", booted over the network)"));
            assertThat(lines)
                    .contains(
                            "access: granted (no [bootp] access, so everybody is served)",
                            "address: 127.0.0.100 (the one it has or last had)",
                            "filter: none",
                            "file: " + lab.file("a") + " (9 octets)");
            assertThat(explain("--mac", "02-00-00-00-00-02", "--arch", "bios"))
                    .contains("address: 127.0.0.202 (its own, by [static_dhcp])");
            assertThat(explain("--mac", "02-00-00-00-00-03", "--arch", "bios"))
                    .contains("address: 127.0.0.101 (the next of the pool)");
            child.signal("TERM");
            assertThat(child.exitStatus()).isZero();
        }
    }

    @Test
    void aClientIsFoundByItsIdentifierOnAnotherNetworkCard() throws IOException, InterruptedException {
        String identifier = "01020000000001";
        try (Child child = lab.daemon(POOL + "\nallow_simple_dhcp = on\nidentity = client_id", "")) {
            boot(lab.machine(1), OPERATING_SYSTEM);
            boot(lab.machine(2), OPERATING_SYSTEM);

            assertThat(explain("--mac", "02-00-00-00-00-09", "--client-id", "01:02:00:00:00:00:01"))
                    .contains(
                            "machine: 02-00-00-00-00-09 (operating system, client identifier " + identifier + ")",
                            "address: 127.0.0.100 (the one it has or last had)");
            assertThat(explain("--mac", MAC)).contains("address: 127.0.0.102 (the next of the pool)");
            child.signal("TERM");
            assertThat(child.exitStatus()).isZero();
        }
        assertThat(explain("--mac", MAC, "--client-id", "012"))
                .anyMatch(line -> line.contains("'012' is not a client identifier"));
    }

    /** Each start takes over what the one before has stored, and a reload says that it would. */
    @Test
    void anotherIdentityTakesTheStoredLeasesAlong() throws IOException, InterruptedException {
        String simple = POOL + "\nallow_simple_dhcp = on";
        try (Child child = lab.daemon(simple, "")) {
            assertThat(boot(lab.machine(1), OPERATING_SYSTEM).address()).isEqualTo(Ipv4.parse("127.0.0.100"));
            lab.write(simple + "\nidentity = client_id", "");
            child.signal("HUP");
            child.await("these wait for the next start: [bootp] identity");
            child.signal("TERM");
            assertThat(child.exitStatus()).isZero();
        }
        assertThat(explain("--mac", "02-00-00-00-00-09", "--client-id", "01020000000001"))
                .as("as the next start will see it")
                .contains("address: 127.0.0.100 (the one it has or last had)");
        try (Child child = lab.daemon()) {
            assertThat(boot(lab.machine(1), OPERATING_SYSTEM).address()).isEqualTo(Ipv4.parse("127.0.0.100"));
            assertThat(boot(lab.machine(1), FIRMWARE).address())
                    .as("without an identifier it is another client")
                    .isEqualTo(Ipv4.parse("127.0.0.101"));
            child.signal("TERM");
            assertThat(child.output()).anyMatch(line -> line.contains("identity is client_id now"));
        }
        try (Child child = lab.daemon(simple, "")) {
            assertThat(boot(lab.machine(1), FIRMWARE).address()).isEqualTo(Ipv4.parse("127.0.0.101"));
            assertThat(boot(lab.machine(1), OPERATING_SYSTEM).address()).isEqualTo(Ipv4.parse("127.0.0.101"));
            assertThat(boot(lab.machine(2), OPERATING_SYSTEM).address())
                    .as("the other one may still be in use")
                    .isEqualTo(Ipv4.parse("127.0.0.102"));
            child.signal("TERM");
            assertThat(child.output()).anyMatch(line -> line.contains("identity is hardware now"));
        }
    }

    @Test
    void theAuthorityIsReallyAsked() throws IOException {
        HttpServer authority = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        authority.createContext("/boot", question -> {
            byte[] body = "Client: node1\nFile: node1.cfg\n".getBytes(StandardCharsets.UTF_8);
            question.sendResponseHeaders(200, body.length);
            question.getResponseBody().write(body);
            question.close();
        });
        authority.start();
        try {
            lab.write(
                    POOL + "\naccess = http",
                    "[http]\nlocation = localhost:" + authority.getAddress().getPort()
                            + "\npxe = boot\ndhcp = linux\n[filters]\nmenu = {filename}\n");

            assertThat(explain("--mac", MAC, "--user-class", "iPXE", "--file", "menu"))
                    .contains(
                            "machine: " + MAC + " (boot loader)",
                            "access: granted (by http, which calls it node1, which gives it the file node1.cfg)",
                            "filter: menu = {filename} ({filename} is node1.cfg)");
        } finally {
            authority.stop(0);
        }
        assertThat(explain("--mac", MAC, "--user-class", "iPXE"))
                .anyMatch(line -> line.startsWith("access: no verdict (of http: the authority http://localhost:"))
                .anyMatch(line -> line.startsWith("answer: none: NO_VERDICT ("))
                .contains("status 0");
    }

    @Test
    void whoIsNotAskedIsSaidAndWhatTheShadowWouldSay() throws IOException {
        lab.write(POOL + "\naccess = mac, uuid\nshadow = uuid", "[mac]\n" + MAC + " = on\n[uuid]\n");

        assertThat(explain("--mac", MAC, "--arch", "bios"))
                .startsWith(
                        "machine: " + MAC + " (firmware, architecture 0)",
                        "access: granted (by mac)",
                        "shadow: denied (and access control has it granted)",
                        "access: not asked (uuid)",
                        "answer: OFFER (for 86400 s)");
        assertThat(explain("--mac", MAC))
                .containsExactly(
                        "machine: " + MAC + " (operating system)",
                        "access: not asked (mac, uuid)",
                        "answer: none: SIMPLE_CLIENT (it never booted over the network here; [bootp] allow_simple_dhcp = on serves such machines, too)",
                        "status 0");
    }

    @Test
    void nothingIsChangedWhereTheLeasesAre() throws IOException, InterruptedException {
        try (Child child = lab.daemon(POOL, "")) {
            boot(lab.machine(1), FIRMWARE);
            child.signal("TERM");
            assertThat(child.exitStatus()).isZero();
        }
        Map<Path, String> before = contents();
        assertThat(before).isNotEmpty();

        assertThat(explain("--mac", MAC)).contains("address: 127.0.0.100 (the one it has or last had)");
        assertThat(contents()).isEqualTo(before);
    }

    private Map<Path, String> contents() throws IOException {
        Map<Path, String> contents = new HashMap<>();
        try (Stream<Path> files = Files.walk(directory.resolve("leases"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(file, Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return contents;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--mac 02-00-00-00-00-01                    | answer: none: SIMPLE_CLIENT (it never booted over the network here; [bootp] allow_simple_dhcp = on serves such machines, too)",
                "--mac 02-00-00-00-00-01 --giaddr 10.9.9.9   | answer: none: NO_SUBNET (relay 10.9.9.9 is on no subnet served here)",
                "--mac 03-00-00-00-00-01                    | answer: none: MALFORMED (its hardware address is not one machine's)",
                "--mac 02-00-00-00-00-01 --arch bios        | boot file: a ([bootfile] default)",
                "--mac 02-00-00-00-00-01 --arch bios --interface lo | address: 127.0.0.100 (the next of the pool)",
                "--mac 02-00-00-00-00-01 --arch bios-http   | boot file: none (it boots by HTTP, and no key of [bootfile] has a URL for its architecture)",
                "--mac 02-00-00-00-00-01 --arch uefi-x64-http | file: not looked for (the machine fetches the URL by itself)",
            })
    void everyAnswerHasItsReason(String arguments, String line) throws IOException {
        lab.write(POOL, "[bootfile]\nuefi-x64-http = http://192.0.2.1/a.efi\n");

        assertThat(explain(arguments.split(" "))).contains(line, "status 0");
    }

    @Test
    void programsReadJson() throws IOException {
        lab.write(POOL, "[filters]\n\"a\" = b\n");

        assertThat(String.join("\n", explain("--mac", MAC, "--arch", "bios", "--file", "\"a\"", "--json")))
                .isEqualTo("""
                        {
                          "machine": [{"what": "02-00-00-00-00-01", "why": "firmware, architecture 0"}],
                          "access": [{"what": "granted", "why": "no [bootp] access, so everybody is served"}],
                          "answer": [{"what": "OFFER", "why": "for 86400 s"}],
                          "address": [{"what": "127.0.0.100", "why": "the next of the pool"}],
                          "boot file": [{"what": "a", "why": "[bootfile] default"}],
                          "filter": [{"what": "\\"a\\" = b", "why": ""}],
                          "file": [{"what": "none: NOT_FOUND", "why": "no such file: b under %s"}]
                        }
                        status 0""".formatted(directory.resolve("files")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--arch bios              | Missing required option: '--mac=MAC'",
                "--mac x                  | --mac: 'x' is not a MAC address: write AA-BB-CC-DD-EE-FF or aa:bb:cc:dd:ee:ff",
                "--mac 02-00-00-00-00-01 --uuid 1-2-3-4-5 | --uuid: '1-2-3-4-5' is not a UUID: write it as in 12345678-1234-5678-8123-456789abcdef",
                "--mac 02-00-00-00-00-01 --arch vax | --arch: unknown architecture; write its IANA number, or one of ",
                "--mac 02-00-00-00-00-01 --giaddr 1 | --giaddr: '1' is not an IPv4 address: write four numbers of 0 to 255, as in 10.0.0.1",
                "--mac 02-00-00-00-00-01 --interface eth9 | --interface: requests that come in by 'eth9' are not taken; those of these interfaces are: lo",
                "--mac 02-00-00-00-00-01 -t | -t leaves out what there is to explain",
            })
    void aWrongCommandLineIsSaid(String arguments, String line) throws IOException {
        lab.write(POOL, "");

        List<String> said = explain(arguments.split(" "));

        assertThat(said.get(0)).startsWith(line);
        assertThat(said).last().isEqualTo("status 2");
    }
}

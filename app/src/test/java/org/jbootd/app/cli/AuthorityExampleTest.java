package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.app.cli.DaemonLab.SHORT;
import static org.jbootd.app.cli.DaemonLab.boot;
import static org.jbootd.app.demo.SimulatedMachine.Program.FIRMWARE;
import static org.jbootd.app.demo.SimulatedMachine.Program.OPERATING_SYSTEM;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jbootd.app.demo.Reply;
import org.jbootd.app.demo.SimulatedMachine;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/authority} does what its README says: its program, its two files and the real daemon. */
class AuthorityExampleTest {

    private static final Path EXAMPLE = Path.of("../examples/authority").toAbsolutePath();
    private static final String ANNAS_UUID = "12345678-abcd-ef00-1111-abcdefabcdef";
    private static final String LISTENING = "listening on ";

    @TempDir
    private Path directory;

    private DaemonLab lab;
    private Child authority;
    private String url;

    @BeforeEach
    void furnish() throws IOException, InterruptedException {
        lab = new DaemonLab(directory);
        Files.createDirectory(lab.file("preseed"));
        for (String name : List.of("preseed/plain.cfg", "preseed/web.cfg")) {
            Files.copy(EXAMPLE.resolve("files").resolve(name), lab.file(name));
        }
        writeAuthority(ANNAS_UUID + " = on", 0);
        authority = startAuthority();
        String line = authority.await(LISTENING);
        url = line.substring(line.indexOf(LISTENING) + LISTENING.length());
        lab.writeExample(Files.readString(EXAMPLE.resolve("jbootd.ini"))
                .replace("location = http://127.0.0.1:13400", "location = " + url));
    }

    @AfterEach
    void stop() {
        authority.close();
        lab.close();
    }

    /** The example's file. @param anna her line @param port 0 for any */
    private void writeAuthority(String anna, int port) throws IOException {
        String example = Files.readString(EXAMPLE.resolve("authority.ini"));
        assertThat(example).contains("port = 13400", ANNAS_UUID + " = on");
        Files.writeString(
                directory.resolve("authority.ini"),
                example.replace("port = 13400", "port = " + port).replace(ANNAS_UUID + " = on", anna));
    }

    private Child startAuthority() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Child.run(
                directory, List.of(java, EXAMPLE.resolve("Authority.java").toString(), "-c", "authority.ini"));
    }

    private HttpResponse<String> ask(String method, String question) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + question))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aMachineBootsAsLongAsTheAuthorityLetsIt() throws IOException, InterruptedException {
        SimulatedMachine anna = lab.machine(1, UUID.fromString(ANNAS_UUID));
        try (Child child = lab.daemon()) {
            Ipv4 address = boot(anna, FIRMWARE).address();
            authority.await("GET /boot?mac=02-00-00-00-00-01&uuid=" + ANNAS_UUID.toUpperCase() + " 200");
            Reply ack = boot(anna, OPERATING_SYSTEM);
            authority.await("&ip=" + address + " 200");
            assertThat(ack.address()).isEqualTo(address);
            assertThat(ack.packet().options().text(12)).contains("Tester-069");
            assertThat(lab.firstBlock("preseed.cfg", address))
                    .isEqualTo(Files.readString(EXAMPLE.resolve("files/preseed/web.cfg")));

            Reply plain = boot(lab.machine("52-54-00-12-34-56", new UUID(7, 7), 0), FIRMWARE);
            assertThat(plain.address()).isNotEqualTo(address);
            assertThat(lab.machine(3).discover(FIRMWARE, SHORT)).isEmpty();
            child.await("from 02-00-00-00-00-03 on lo: no answer: DENIED (the authority answered 401)");

            writeAuthority(ANNAS_UUID + " = off", 0);
            assertThat(anna.discover(FIRMWARE, SHORT)).isEmpty();
            assertThat(anna.reboot(OPERATING_SYSTEM, address, SHORT)).isEmpty();
            child.await("from 02-00-00-00-00-01 on lo: no answer: DENIED (the authority answered 401)");

            writeAuthority(ANNAS_UUID + " = sometimes", 0);
            assertThat(anna.discover(FIRMWARE, SHORT)).isEmpty();
            authority.await("[uuid] " + ANNAS_UUID + ": 'sometimes' is not right; write on or off");
            authority.await("the machines stay as they were");

            writeAuthority(ANNAS_UUID + " = on", 0);
            assertThat(boot(anna, OPERATING_SYSTEM).address()).isEqualTo(address);
        }
    }

    @Test
    void anAuthorityThatIsKilledIsMissedOnceAndWelcomedOnce() throws IOException, InterruptedException {
        SimulatedMachine anna = lab.machine(1, UUID.fromString(ANNAS_UUID));
        try (Child child = lab.daemon()) {
            boot(anna, FIRMWARE);
            authority.kill();
            // five failures, then a rest of a second, and more trials that fail
            for (int i = 0; i < 6; i++) {
                assertThat(anna.discover(FIRMWARE, SHORT)).isEmpty();
            }
            child.await("does not answer; nobody who needs it gets in");

            writeAuthority(ANNAS_UUID + " = on", URI.create(url).getPort());
            authority = startAuthority();
            authority.await(LISTENING);
            boot(anna, FIRMWARE);
            boot(anna, OPERATING_SYSTEM);
            child.signal("TERM");
            assertThat(child.output())
                    .filteredOn(line -> line.contains("nobody who needs it") || line.contains("answers again"))
                    .satisfiesExactly(
                            lost -> assertThat(lost)
                                    .contains("ERROR access: the authority " + url + " does not answer"),
                            back -> assertThat(back).contains("INFO  access: the authority " + url + " answers again"));
        }
    }

    @Test
    void explainTellsWhatTheAuthoritySays() throws IOException, InterruptedException {
        String[] known = {
            "explain", "-c", "jbootd.ini", "--mac", "02-00-00-00-00-01", "--uuid", ANNAS_UUID, "--arch", "bios"
        };
        try (Child explain = Child.start(directory, known)) {
            assertThat(explain.output()).anyMatch(line -> line.contains("granted"));
            assertThat(explain.exitStatus()).isZero();
        }
        try (Child explain =
                Child.start(directory, "explain", "-c", "jbootd.ini", "--mac", "02-00-00-00-00-03", "--arch", "bios")) {
            assertThat(explain.output()).anyMatch(line -> line.contains("the authority answered 401"));
        }
    }

    /** @param question of the authority alone */
    private record Row(String question, int status, String body) {}

    @Test
    void theAuthorityAnswers() throws IOException, InterruptedException {
        String denied = "This machine may not boot.\n";
        List<Row> rows = List.of(
                new Row("GET /boot?uuid=12345678-abcd-ef00-1111-abcdefabcdef", 200, "Client: Tester-069\n"),
                new Row(
                        "GET /boot?mac=00-00-00-00-00-00&uuid=12345678-ABCD-EF00-1111-ABCDEFABCDEF",
                        200,
                        "Client: Tester-069\n"),
                new Row("GET /boot?uuid=78563412-cdab-00ef-1111-abcdefabcdef", 200, "Client: Tester-069\n"),
                new Row(
                        "GET /linux?uuid=12345678-abcd-ef00-1111-abcdefabcdef&ip=10.0.0.1",
                        200,
                        "Client: Tester-069\nFile: web\n"),
                new Row("GET /linux?mac=52-54-00-12-34-56", 200, "Client: Tester-066\nFile: plain\n"),
                new Row("GET /boot?mac=52%3A54%3A00%3a12%3A34%3A56", 200, "Client: Tester-066\n"),
                new Row("GET /boot?mac=52-54-00-12-34-57", 401, denied),
                new Row("GET /boot?uuid=12345678-abcd-ef00-1111-abcdefabcde0", 401, denied),
                new Row("GET /boot?mac=52-54-00-12-34-56&uuid=12345678-abcd-ef00-1111-abcdefabcde0", 401, denied),
                new Row("GET /boot?uuid=%2e%2e&mac", 401, denied),
                new Row("GET /boot", 401, denied),
                new Row("GET /boots?uuid=12345678-abcd-ef00-1111-abcdefabcdef", 401, denied),
                new Row("POST /boot?uuid=12345678-abcd-ef00-1111-abcdefabcdef", 401, denied));
        for (Row row : rows) {
            String[] words = row.question().split(" ");
            HttpResponse<String> answer = ask(words[0], words[1]);

            assertThat(new Row(row.question(), answer.statusCode(), answer.body()))
                    .isEqualTo(row);
        }
    }

    @Test
    void everyMistakeOfItsFileIsNamedAtOnce() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("authority.ini"), """
                [http]
                port = 1
                [httpd]
                port = 65536
                host = here
                [uuid]
                1234 = on
                [mac]
                02:00:00:00:00:01 = perhaps
                02-00-00-00-00-02
                [files]
                anna = web
                """);
        try (Child wrong = startAuthority()) {
            assertThat(wrong.output())
                    .containsExactly(
                            "authority.ini:1: [http] there is no section [http]: write [logger], [httpd], [uuid], [mac] or [files]",
                            "authority.ini:4: [httpd] port: '65536' is not right; write a number from 1 to 65535",
                            "authority.ini:5: [httpd] host: unknown key; write address or port",
                            "authority.ini:7: [uuid] '1234' is not a UUID: write 12345678-abcd-ef00-1111-abcdefabcdef",
                            "authority.ini:9: [mac] 02:00:00:00:00:01: 'perhaps' is not right; write on or off",
                            "authority.ini:10: [mac] the line has no value: write key = value",
                            "authority.ini:12: [files] 'anna' is no machine: write its UUID, its MAC address, or default");
            assertThat(wrong.exitStatus()).isEqualTo(1);
        }
    }

    @Test
    void aPortThatIsTakenIsSaid() throws IOException, InterruptedException {
        int taken = URI.create(url).getPort();
        writeAuthority(ANNAS_UUID + " = on", taken);
        try (Child second = startAuthority()) {
            assertThat(second.output())
                    .containsExactly("the authority cannot start: nobody can listen at port " + taken
                            + " of 127.0.0.1 (Address already in use); end what does, or change [httpd]");
            assertThat(second.exitStatus()).isEqualTo(1);
        }
    }
}

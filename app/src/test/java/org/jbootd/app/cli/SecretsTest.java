package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.app.cli.DaemonLab.SHORT;
import static org.jbootd.app.cli.DaemonLab.boot;
import static org.jbootd.app.demo.SimulatedMachine.Program.FIRMWARE;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jbootd.app.demo.SimulatedMachine;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords of the configuration are in nothing that the program says, whatever happens, at the level that says the most. */
class SecretsTest {

    /** Every password here, right and wrong, has it in it. */
    private static final String MARK = "hunter2";

    private static final String AUTHORITY_USER = "jo:" + MARK + "-authority";
    private static final String MIRROR_USER = "ann:" + MARK + "-mirror";

    @TempDir
    private Path directory;

    private final List<String> said = new ArrayList<>();
    private DaemonLab lab;
    private HttpServer authority;
    private HttpServer mirror;

    @BeforeEach
    void furnish() throws IOException {
        lab = new DaemonLab(directory);
        authority = server(AUTHORITY_USER, "");
        mirror = server(MIRROR_USER, "a boot file");
    }

    private static HttpServer server(String user, String content) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> answer(exchange, user, content));
        // as a server would that was set up carelessly
        server.createContext("/moved/", exchange -> {
            exchange.getResponseHeaders()
                    .set(
                            "Location",
                            "http://" + user + "@localhost:1/?"
                                    + exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static void answer(HttpExchange exchange, String user, String content) throws IOException {
        boolean known =
                ("Basic " + base64(user)).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        byte[] body = content.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(known ? 200 : 401, known && body.length > 0 ? body.length : -1);
        exchange.getResponseBody().write(known ? body : new byte[0]);
        exchange.close();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        authority.stop(0);
        mirror.stop(0);
        lab.close();
    }

    private void write(String location, String root, String leases) throws IOException {
        lab.writeExample("""
                [logger]
                level = debug
                [bootp]
                pool_start = 127.0.0.100
                boot_file = a
                access = http
                [http]
                location = %s
                pxe = boot
                dhcp = linux
                [tftp]
                root = %s
                [leases]
                data_dir = leases
                %s
                """.formatted(location, root, leases));
    }

    private String at(HttpServer server, String user) {
        return "http://" + user + "@localhost:" + server.getAddress().getPort();
    }

    private void writeRight() throws IOException {
        write(at(authority, AUTHORITY_USER), at(mirror, MIRROR_USER), "");
    }

    /** Keeps what another command says of the same file. */
    private void ask(String command, String... more) throws IOException, InterruptedException {
        List<String> arguments =
                new ArrayList<>(List.of(command, "-c", lab.configuration().toString()));
        arguments.addAll(List.of(more));
        try (Child child = Child.start(directory, arguments.toArray(String[]::new))) {
            said.addAll(child.output());
        }
    }

    private void askAll() throws IOException, InterruptedException {
        ask("check");
        ask("explain", "--mac", "02-00-00-00-00-01", "--arch", "bios");
        ask("explain", "--mac", "02-00-00-00-00-01", "--arch", "bios", "--json");
    }

    private static void reload(Child child, String outcome) throws IOException, InterruptedException {
        child.signal("HUP");
        child.await(outcome);
    }

    @Test
    void passwordsAreNeverSaid() throws IOException, InterruptedException {
        writeRight();
        SimulatedMachine anna = lab.machine(1);
        Ipv4 address;
        try (Child child = lab.daemon()) {
            askAll();
            address = boot(anna, FIRMWARE).address();
            assertThat(lab.firstBlock("a", address)).isEqualTo("a boot file");

            write(at(authority, "jo:" + MARK + "-wrong"), at(mirror, "ann:" + MARK + "-wrong"), "");
            reload(child, "the configuration was taken over");
            askAll();
            assertThat(anna.discover(FIRMWARE, SHORT)).isEmpty();
            child.await("DENIED (the authority answered 401)");
            assertThat(lab.firstBlock("b", address)).contains("cannot be read");

            write(at(authority, AUTHORITY_USER) + "/moved", at(mirror, MIRROR_USER) + "/moved", "");
            reload(child, "the configuration was taken over");
            askAll();
            assertThat(anna.discover(FIRMWARE, SHORT)).isEmpty();
            child.await("DENIED (the authority answered 302 to http://localhost:1/, and redirects are not followed");
            assertThat(lab.firstBlock("c", address)).contains("cannot be read");

            for (String location : List.of(
                    "http:/jo:hunter2@localhost",
                    "http://jo:hunter2/x@localhost",
                    "http://jo:80/hunter2@localhost",
                    "http://jo:hunter2@",
                    "http//jo:hunter2@localhost",
                    "ftp://jo:hunter2@localhost",
                    "http://jo:hunter2 #@localhost")) {
                write(location, location, "password = " + MARK + "\nuser = jo\npassword " + MARK + "\n" + MARK);
                reload(child, "the one in force stays");
                ask("check");
            }

            writeRight();
            reload(child, "the configuration was taken over");
            authority.stop(0);
            mirror.stop(0);
            for (int i = 0; i < 3; i++) {
                assertThat(anna.discover(FIRMWARE, SHORT)).isEmpty();
            }
            child.await("does not answer; nobody who needs it gets in");
            assertThat(lab.firstBlock("d", address)).contains("cannot be read");
            askAll();
            child.signal("TERM");
            said.addAll(child.output());
        }

        assertThat(said)
                .as("it does speak of them")
                .anyMatch(line -> line.contains(
                        "http://localhost:" + authority.getAddress().getPort()))
                .anyMatch(line ->
                        line.contains("http://localhost:" + mirror.getAddress().getPort()))
                .anyMatch(line -> line.contains("…@localhost"))
                .as("and says no password")
                .noneMatch(line -> line.contains(MARK))
                .noneMatch(line -> line.contains(base64(AUTHORITY_USER)) || line.contains(base64(MIRROR_USER)));
    }
}

package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.app.cli.DaemonLab.SHORT;
import static org.jbootd.app.cli.DaemonLab.boot;
import static org.jbootd.app.cli.FaultyAuthority.redirect;
import static org.jbootd.app.cli.FaultyAuthority.status;
import static org.jbootd.app.demo.SimulatedMachine.Program.FIRMWARE;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jbootd.app.demo.SimulatedMachine;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever an authority does, the machine that needs it gets in by status 200 and by nothing else, and another one that does not need it
 * notices nothing. Real packets, the real daemon, and an authority on bare sockets.
 */
class AuthorityFaultsTest {

    static final FaultyAuthority.Behaviour GRANT = status(200, "");
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String NO_VERDICT = "no answer: NO_VERDICT (the authority ";
    static final Ipv4 BERTS = Ipv4.parse("127.0.0.222");

    @TempDir
    private Path directory;

    private DaemonLab lab;
    private FaultyAuthority authority;

    /** Needs the authority. */
    private SimulatedMachine anna;

    /** Is listed, with an address of his own. */
    private SimulatedMachine bert;

    @BeforeEach
    void furnish() throws IOException {
        lab = new DaemonLab(directory);
        authority = new FaultyAuthority(GRANT);
        anna = lab.machine(1);
        bert = lab.machine(2);
    }

    @AfterEach
    void stop() throws IOException {
        authority.close();
        lab.close();
    }

    /** Anna has to be granted by the authority, and Bert is listed. @param http further lines of its section */
    static void write(DaemonLab lab, String http) throws IOException {
        lab.write("pool_start = 127.0.0.100\naccess = mac, http", """
                [mac]
                02-00-00-00-00-02 = on
                [static_dhcp]
                02-00-00-00-00-02 = %s
                [filters]
                startup = startup.{filename}
                [http]
                pxe = boot
                dhcp = linux
                %s
                """.formatted(BERTS, http));
    }

    private Child daemon(String http) throws IOException, InterruptedException {
        write(lab, http);
        return lab.daemon();
    }

    private String here() {
        return "location = http://localhost:" + authority.port() + "\n";
    }

    /** @param said in the log, about the machine that was not let in */
    private record Fault(String name, FaultyAuthority.Behaviour behaviour, String said) {}

    private List<Fault> faults(int otherPort) {
        String origin = "http://localhost:" + authority.port();
        String other = "http://localhost:" + otherPort;
        String notFollowed = ", and redirects are not followed; write that place in [http])";
        String broken = NO_VERDICT + origin + " gave no verdict: java.io.IOException: unexpected end of stream on ";
        byte[] noise = new byte[10_000];
        new Random(47).nextBytes(noise);
        return List.of(
                new Fault("401", status(401, "Client: anna"), "DENIED (the authority answered 401)"),
                new Fault("403", status(403, ""), "DENIED (the authority answered 403)"),
                new Fault("404", status(404, "no such thing"), "DENIED (the authority answered 404)"),
                new Fault(
                        "204",
                        exchange -> exchange.say("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"),
                        "DENIED (the authority answered 204)"),
                new Fault("500", status(500, ""), "DENIED (the authority answered 500)"),
                new Fault(
                        "an endless refusal",
                        exchange -> {
                            exchange.say("HTTP/1.1 401 No\r\n\r\n");
                            exchange.sayForEver("no ".repeat(1_000));
                        },
                        "DENIED (the authority answered 401)"),
                new Fault(
                        "a redirect to itself",
                        redirect(origin + "/boot?mac=02-00-00-00-00-01"),
                        "DENIED (the authority answered 302 to " + origin + "/boot, which is where it was asked)"),
                new Fault(
                        "a redirect within the origin, to where it would grant",
                        exchange -> (exchange.path().equals("/boot") ? redirect("/granted") : GRANT).answer(exchange),
                        "DENIED (the authority answered 302 to " + origin + "/granted" + notFollowed),
                new Fault(
                        "a redirect to another port that would grant",
                        redirect(other + "/boot"),
                        "DENIED (the authority answered 302 to " + other + "/boot" + notFollowed),
                new Fault(
                        "an endless body",
                        exchange -> {
                            exchange.say(OK + "\r\n");
                            exchange.sayForEver("Client: anna\r\n".repeat(100));
                        },
                        "gave no verdict: java.io.IOException: the body is longer than 65536 bytes)"),
                new Fault(
                        "endless chunks",
                        exchange -> {
                            exchange.say(OK + "Transfer-Encoding: chunked\r\n\r\n");
                            exchange.sayForEver("4\r\nevil\r\n".repeat(100));
                        },
                        "the body is longer than 65536 bytes)"),
                new Fault(
                        "a head of 300 KB",
                        exchange ->
                                exchange.say(OK + "X-Evil: " + "x".repeat(300_000) + "\r\nContent-Length: 0\r\n\r\n"),
                        broken),
                new Fault(
                        "endless headers",
                        exchange -> {
                            exchange.say(OK);
                            exchange.sayForEver("X-Evil: evil\r\n".repeat(100));
                        },
                        broken),
                new Fault(
                        "an endless header",
                        exchange -> {
                            exchange.say(OK + "X-Evil: ");
                            exchange.sayForEver("evil".repeat(100));
                        },
                        broken),
                new Fault(
                        "endless news that it goes on",
                        exchange -> exchange.sayForEver("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(10)),
                        NO_VERDICT + origin + " gave no verdict"),
                new Fault("noise", exchange -> exchange.say(noise), NO_VERDICT + origin + " gave no verdict"),
                new Fault(
                        "another protocol",
                        exchange -> exchange.say("SSH-2.0-OpenSSH_9.2p1\r\n"),
                        "gave no verdict: java.net.ProtocolException: Unexpected status line: SSH-2.0-OpenSSH_9.2p1)"),
                new Fault("a hang-up", exchange -> {}, NO_VERDICT + origin + " gave no verdict"),
                new Fault(
                        "half a status line",
                        exchange -> exchange.say("HTTP/1.1 20"),
                        NO_VERDICT + origin + " gave no verdict"),
                new Fault(
                        "half the headers",
                        exchange -> exchange.say(OK + "Content-Length: 0\r\n"),
                        NO_VERDICT + origin + " gave no verdict"),
                new Fault(
                        "half a body",
                        exchange -> exchange.say(OK + "Content-Length: 100\r\n\r\nClient: ann"),
                        NO_VERDICT + origin + " gave no verdict"));
    }

    private List<Fault> lateOnes() {
        String late = NO_VERDICT + "http://localhost:" + authority.port() + " gave no verdict within 1000 ms)";
        return List.of(
                new Fault("hangs", FaultyAuthority.Exchange::hang, late),
                new Fault(
                        "two seconds late",
                        exchange -> {
                            exchange.pause(2_000);
                            GRANT.answer(exchange);
                        },
                        late),
                new Fault(
                        "a body that drips",
                        exchange -> {
                            exchange.say(OK + "Content-Length: 1000\r\n\r\n");
                            for (int i = 0; i < 1_000; i++) {
                                exchange.say("x");
                                exchange.pause(100);
                            }
                        },
                        late));
    }

    @Test
    void whatIsNoStatus200LetsNobodyInAndHoldsUpNobody() throws IOException, InterruptedException {
        try (FaultyAuthority other = new FaultyAuthority(GRANT);
                Child child = daemon(here())) {
            for (Fault fault : faults(other.port())) {
                keepsOut(fault, child);
            }
            assertThat(other.questions()).isEmpty();
            assertThat(authority.questions())
                    .allMatch(line -> line.matches(
                            "GET /boot\\?mac=02-00-00-00-00-01&uuid=00000000-0000-0001-0000-000000000001 HTTP/1.1"));
            child.signal("TERM");
            assertThat(child.output()).as("it was never lost").noneMatch(line -> line.contains("nobody who needs it"));
            assertThat(child.exitStatus()).isZero();
        }
    }

    @Test
    void whoIsLateLetsNobodyInAndHoldsUpNobody() throws IOException, InterruptedException {
        try (Child child = daemon(here() + "timeout = 1s")) {
            for (Fault fault : lateOnes()) {
                keepsOut(fault, child);
            }
        }
    }

    /** And lets Anna in again once the authority is as it should be. */
    private void keepsOut(Fault fault, Child child) throws IOException, InterruptedException {
        authority.does(fault.behaviour());
        assertThat(anna.discover(FIRMWARE, SHORT)).as(fault.name()).isEmpty();
        assertThat(boot(bert, FIRMWARE).address()).as(fault.name()).isEqualTo(BERTS);
        child.await(fault.said());

        authority.does(GRANT);
        assertThat(boot(anna, FIRMWARE).address()).as("after " + fault.name()).isEqualTo(Ipv4.parse("127.0.0.100"));
        child.await("ACK 127.0.0.100");
    }

    @Test
    void whoAnswersInTimeGrantsHoweverLate() throws IOException, InterruptedException {
        authority.does(exchange -> {
            exchange.pause(2_000);
            GRANT.answer(exchange);
        });
        try (Child child = daemon(here() + "timeout = 30s")) {
            assertThat(anna.discover(FIRMWARE, SHORT)).isEmpty();
            assertThat(boot(bert, FIRMWARE).address()).isEqualTo(BERTS);

            assertThat(boot(anna, FIRMWARE).address()).isEqualTo(Ipv4.parse("127.0.0.100"));
            child.await("ACK 127.0.0.100");
        }
    }
}

package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.app.cli.DaemonLab.PATIENCE;
import static org.jbootd.app.cli.DaemonLab.SHORT;
import static org.jbootd.app.cli.DaemonLab.boot;
import static org.jbootd.app.cli.FaultyAuthority.redirect;
import static org.jbootd.app.cli.FaultyAuthority.status;
import static org.jbootd.app.demo.SimulatedMachine.Program.FIRMWARE;
import static org.jbootd.app.demo.SimulatedMachine.Program.OPERATING_SYSTEM;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import okhttp3.CertificatePinner;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jbootd.app.demo.Reply;
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

    private static final FaultyAuthority.Behaviour GRANT = status(200, "");
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String NO_VERDICT = "no answer: NO_VERDICT (the authority ";
    private static final Ipv4 BERTS = Ipv4.parse("127.0.0.222");

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

    private void write(String http) throws IOException {
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
        write(http);
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
        String late = NO_VERDICT + origin + " gave no verdict within 1000 ms)";
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
                        late),
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

    @Test
    void whatIsNoStatus200LetsNobodyInAndHoldsUpNobody() throws IOException, InterruptedException {
        try (FaultyAuthority other = new FaultyAuthority(GRANT);
                Child child = daemon(here() + "timeout = 1s")) {
            for (Fault fault : faults(other.port())) {
                authority.does(fault.behaviour());
                assertThat(anna.discover(FIRMWARE, SHORT)).as(fault.name()).isEmpty();
                assertThat(boot(bert, FIRMWARE).address()).as(fault.name()).isEqualTo(BERTS);
                child.await(fault.said());

                authority.does(GRANT);
                assertThat(boot(anna, FIRMWARE).address())
                        .as("after " + fault.name())
                        .isEqualTo(Ipv4.parse("127.0.0.100"));
                child.await("ACK 127.0.0.100");
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

    private static final List<String> STUFFED = List.of(
            "Router: 10.9.9.9\nOption-3: 0a090909\n43: 0104deadbeef\nyiaddr: 10.9.9.9\nsiaddr: 10.9.9.9\n",
            "Client: \r\n\r\nOption-6: 10.9.9.9\r\n",
            "\r\nHTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\n\r\n",
            "Client: two words\nClient: third\n",
            "Client: -x",
            "Client: x\u0000y",
            "Client: caf\u00e9",
            "Client: a:b",
            "Client: " + "a".repeat(64),
            "Client: " + "a.".repeat(30_000) + "a",
            "\ufeffClient: anna",
            "\u001f\u008b\u0008\u0000\u0000",
            "\u0000\u0001\u0002\u00ff".repeat(1_000),
            "File: ../../etc/passwd",
            "File: /../../../../etc/passwd",
            "File: C:\\windows",
            "File: \u0000",
            "File: " + "x".repeat(60_000),
            "x".repeat(65_536));

    @Test
    void nothingElseOfABodyReachesTheWire() throws IOException, InterruptedException {
        Files.writeString(lab.file("startup.startup"), "for everybody");
        Files.writeString(lab.file("startup.node1"), "for node1");
        try (Child child = daemon(here())) {
            List<byte[]> plain = replies();
            for (String body : STUFFED) {
                authority.does(status(200, body));
                String as = body.substring(0, Math.min(40, body.length()));
                assertThat(replies())
                        .as(as)
                        .usingElementComparator(Arrays::compare)
                        .containsExactlyElementsOf(plain);
                assertThat(lab.firstBlock("startup", Ipv4.parse("127.0.0.100")))
                        .as(as)
                        .isEqualTo("for everybody");
            }

            authority.does(status(200, "CLIENT: node1\r\nFile: node1\r\nRouter: 10.9.9.9\r\n"));
            Reply ack = boot(anna, OPERATING_SYSTEM);
            assertThat(ack.packet().options().text(12)).contains("node1");
            assertThat(lab.firstBlock("startup", ack.address())).isEqualTo("for node1");
            child.await("ACK 127.0.0.100 (node1)");
        }
    }

    /** OFFER and ACK, to firmware and to an operating system, octet by octet but for their transaction numbers. */
    private List<byte[]> replies() throws IOException {
        List<byte[]> all = new ArrayList<>();
        for (SimulatedMachine.Program program : SimulatedMachine.Program.values()) {
            Reply offer = anna.discover(program, PATIENCE).orElseThrow();
            for (Reply reply :
                    List.of(offer, anna.select(program, offer, PATIENCE).orElseThrow())) {
                byte[] octets = reply.packet().encode();
                Arrays.fill(octets, 4, 8, (byte) 0);
                all.add(octets);
            }
        }
        return all;
    }

    private static final HeldCertificate ISSUER =
            new HeldCertificate.Builder().certificateAuthority(0).build();
    private static final HeldCertificate STRANGER =
            new HeldCertificate.Builder().certificateAuthority(0).build();

    private static HeldCertificate.Builder certificate(String name) {
        return new HeldCertificate.Builder().addSubjectAlternativeName(name).signedBy(ISSUER);
    }

    /** @param shown the authority's certificate @param said in the log; empty when it grants */
    private record Proof(String name, HeldCertificate shown, String trust, Optional<String> said) {}

    private static List<Proof> proofs() {
        HeldCertificate right = certificate("localhost").build();
        Instant now = Instant.now();
        HeldCertificate expired = certificate("localhost")
                .validityInterval(
                        now.minus(Duration.ofDays(9)).toEpochMilli(),
                        now.minus(Duration.ofDays(2)).toEpochMilli())
                .build();
        String stranger = CertificatePinner.pin(STRANGER.certificate());
        return List.of(
                new Proof("unknown issuer", right, "ca = stranger.pem", Optional.of("PKIX path building failed")),
                new Proof("issuer that Java does not know", right, "", Optional.of("PKIX path building failed")),
                new Proof(
                        "another name",
                        certificate("authority.example.org").build(),
                        "ca = ca.pem",
                        Optional.of("Hostname localhost not verified")),
                new Proof("expired", expired, "ca = ca.pem", Optional.of("validity check failed")),
                new Proof(
                        "another key",
                        right,
                        "ca = ca.pem\npin = " + stranger,
                        Optional.of("Certificate pinning failure!")),
                new Proof("right", right, "ca = ca.pem", Optional.empty()),
                new Proof(
                        "right, and its key",
                        right,
                        "ca = ca.pem\npin = " + CertificatePinner.pin(right.certificate()),
                        Optional.empty()));
    }

    @Test
    void whoCannotProveWhoItIsIsNotBelieved() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("ca.pem"), ISSUER.certificatePem());
        Files.writeString(directory.resolve("stranger.pem"), STRANGER.certificatePem());
        try (Child child = daemon(here())) {
            for (Proof proof : proofs()) {
                HandshakeCertificates shown = new HandshakeCertificates.Builder()
                        .heldCertificate(proof.shown())
                        .build();
                try (FaultyAuthority secured =
                        new FaultyAuthority(GRANT, shown.sslContext().getServerSocketFactory())) {
                    write("location = https://localhost:" + secured.port() + "\n" + proof.trust());
                    child.signal("HUP");
                    child.await("the configuration was taken over");
                    if (proof.said().isPresent()) {
                        assertThat(anna.discover(FIRMWARE, SHORT))
                                .as(proof.name())
                                .isEmpty();
                        child.await(proof.said().get());
                        assertThat(secured.questions()).as(proof.name()).isEmpty();
                    } else {
                        assertThat(boot(anna, FIRMWARE).address())
                                .as(proof.name())
                                .isEqualTo(Ipv4.parse("127.0.0.100"));
                    }
                    assertThat(boot(bert, FIRMWARE).address()).as(proof.name()).isEqualTo(BERTS);
                }
            }
        }
    }
}

package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.app.cli.DaemonLab.SHORT;
import static org.jbootd.app.cli.DaemonLab.boot;
import static org.jbootd.app.demo.SimulatedMachine.Program.FIRMWARE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import okhttp3.CertificatePinner;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jbootd.app.demo.SimulatedMachine;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An authority that is asked by https says who it is before it is asked anything, and the real daemon takes it at its word only then. */
class AuthorityProofTest {

    private static final HeldCertificate ISSUER =
            new HeldCertificate.Builder().certificateAuthority(0).build();
    private static final HeldCertificate STRANGER =
            new HeldCertificate.Builder().certificateAuthority(0).build();

    private static HeldCertificate.Builder certificate(String name) {
        return new HeldCertificate.Builder().addSubjectAlternativeName(name).signedBy(ISSUER);
    }

    @TempDir
    private Path directory;

    private DaemonLab lab;
    private SimulatedMachine anna;
    private SimulatedMachine bert;

    @BeforeEach
    void furnish() throws IOException {
        lab = new DaemonLab(directory);
        anna = lab.machine(1);
        bert = lab.machine(2);
    }

    @AfterEach
    void stop() {
        lab.close();
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
        AuthorityFaultsTest.write(lab, "location = localhost:1");
        try (Child child = lab.daemon()) {
            for (Proof proof : proofs()) {
                HandshakeCertificates shown = new HandshakeCertificates.Builder()
                        .heldCertificate(proof.shown())
                        .build();
                try (FaultyAuthority secured = new FaultyAuthority(
                        AuthorityFaultsTest.GRANT, shown.sslContext().getServerSocketFactory())) {
                    AuthorityFaultsTest.write(
                            lab, "location = https://localhost:" + secured.port() + "\n" + proof.trust());
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
                    assertThat(boot(bert, FIRMWARE).address()).as(proof.name()).isEqualTo(AuthorityFaultsTest.BERTS);
                }
            }
        }
    }
}

package org.jbootd.acl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.CertificatePinner;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.http.Trust;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustTest {

    private static final HeldCertificate ISSUER = new HeldCertificate.Builder()
            .certificateAuthority(0)
            .commonName("ours")
            .build();
    private static final HeldCertificate STRANGER = new HeldCertificate.Builder()
            .certificateAuthority(0)
            .commonName("theirs")
            .build();

    @TempDir
    private Path directory;

    private final MockWebServer authority = new MockWebServer();

    @BeforeEach
    void start() throws IOException {
        serve(certificate("localhost"));
        authority.enqueue(new MockResponse.Builder().code(200).build());
        authority.start();
    }

    private static HeldCertificate certificate(String name) {
        return new HeldCertificate.Builder()
                .addSubjectAlternativeName(name)
                .signedBy(ISSUER)
                .build();
    }

    private void serve(HeldCertificate certificate) {
        authority.useHttps(new HandshakeCertificates.Builder()
                .heldCertificate(certificate)
                .build()
                .sslSocketFactory());
    }

    @AfterEach
    void stop() {
        authority.close();
    }

    @Test
    void whoShowsACertificateOfOurIssuerIsBelieved() throws IOException {
        assertThat(decide(new Trust(issuedBy(ISSUER), List.of()))).isCompletedWithValue(Verdict.GRANTED);
    }

    @Test
    void aCertificateOfAnotherIssuerIsNoVerdict() throws IOException {
        assertThat(decide(new Trust(issuedBy(STRANGER), List.of()))).isCompletedExceptionally();
        assertThat(decide(Trust.USUAL)).isCompletedExceptionally();
        assertThat(authority.getRequestCount()).isZero();
    }

    @Test
    void aCertificateForAnotherNameIsNoVerdict() throws IOException {
        serve(certificate("another.example"));

        assertThat(decide(new Trust(issuedBy(ISSUER), List.of()))).isCompletedExceptionally();
    }

    @Test
    void aPinnedKeyMustBeInTheChain() throws IOException {
        String ours = Trust.pin(CertificatePinner.pin(ISSUER.certificate()));
        String theirs = Trust.pin(CertificatePinner.pin(STRANGER.certificate()));

        assertThat(decide(new Trust(issuedBy(ISSUER), List.of(theirs)))).isCompletedExceptionally();
        assertThat(decide(new Trust(issuedBy(ISSUER), List.of(theirs, ours)))).isCompletedWithValue(Verdict.GRANTED);
    }

    private List<X509Certificate> issuedBy(HeldCertificate issuer) throws IOException {
        return Trust.authorities(Files.writeString(directory.resolve("ca.pem"), issuer.certificatePem()));
    }

    @Test
    void aFileWithoutCertificatesIsRefusedByName() throws IOException {
        Path empty = Files.createFile(directory.resolve("empty.pem"));
        Path other = Files.writeString(directory.resolve("other.pem"), "-----BEGIN CERTIFICATE-----\nno\n");

        assertThatThrownBy(() -> Trust.authorities(empty)).hasMessageContaining("'" + empty + "' holds no certificate");
        assertThatThrownBy(() -> Trust.authorities(other)).hasMessageContaining("'" + other + "' is no file of");
        assertThatThrownBy(() -> Trust.authorities(directory.resolve("none")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sha256/", "sha256/AAAA", "sha1/AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "sha256/!"})
    void whatIsNoPinIsRefusedByName(String text) {
        assertThatThrownBy(() -> Trust.pin(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }

    private CompletableFuture<Verdict> decide(Trust trust) {
        Authority where = Authority.of("https://localhost:" + authority.getPort(), "boot", "linux");
        Request request = new Request(
                1,
                ClientIdentity.of(HardwareAddress.parse("02-00-00-00-00-01")),
                BootStage.FIRMWARE,
                "lan",
                Ipv4.UNSPECIFIED,
                List.of(),
                Optional.empty(),
                Optional.empty());
        try (HttpAccess access = new HttpAccess(
                new HttpAccess.Settings(where, trust, Duration.ofSeconds(20), Optional.empty(), false))) {
            CompletableFuture<Verdict> verdict = access.decide(request).toCompletableFuture();
            verdict.handle((given, failure) -> given)
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join();
            return verdict;
        }
    }
}

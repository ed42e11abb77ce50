package org.jbootd.acl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okio.Buffer;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpAccessTest {

    private static final UUID MACHINE = UUID.fromString("12345678-abcd-ef00-1111-abcdefabcdef");
    private static final Duration LONG = Duration.ofSeconds(20);

    private MockWebServer authority;
    private HttpAccess access;

    @BeforeEach
    void start() throws IOException {
        authority = new MockWebServer();
        authority.start();
        access = asking(LONG);
    }

    private HttpAccess asking(Duration timeout) {
        return new HttpAccess(
                Authority.of(authority.getHostName() + ":" + authority.getPort(), "/boot", "linux"), timeout);
    }

    @AfterEach
    void stop() {
        access.close();
        authority.close();
    }

    @Test
    void status200Grants() throws Exception {
        authority.enqueue(status(200));

        assertThat(decide(firmware(1))).isEqualTo(Verdict.GRANTED);
        assertThat(target()).isEqualTo("/boot?mac=02-00-00-00-00-01&uuid=12345678-ABCD-EF00-1111-ABCDEFABCDEF");
    }

    @Test
    void theOperatingSystemIsAskedForByTheOtherPath() throws Exception {
        authority.enqueue(status(200));
        decide(from(1, BootStage.OPERATING_SYSTEM, Optional.empty()));

        assertThat(target()).isEqualTo("/linux?mac=02-00-00-00-00-01");
    }

    @Test
    void theBodyNamesHostAndFileAndNothingElse() throws Exception {
        authority.enqueue(new MockResponse.Builder()
                .code(200)
                .body("Client: Tester-069\nFILE: images/node.cfg\nOption-121: 0a000000\nRouter: 10.0.0.9\n")
                .build());

        assertThat(decide(firmware(1)))
                .isEqualTo(new Verdict.Granted(Optional.of("Tester-069"), Optional.of("images/node.cfg")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Client: a b", "Client: -x", "File: ../etc/passwd", "Client: x:y", "garbage", ":", "Client:"})
    void whatIsNoNameIsLeftOut(String body) throws Exception {
        authority.enqueue(new MockResponse.Builder().code(200).body(body).build());

        assertThat(decide(firmware(1))).isEqualTo(Verdict.GRANTED);
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 301, 302, 307, 401, 403, 404, 500, 503})
    void everyOtherStatusDenies(int status) throws Exception {
        authority.enqueue(new MockResponse.Builder()
                .code(status)
                .addHeader("Location", authority.url("/elsewhere"))
                .build());
        authority.enqueue(status(200));

        assertThat(decide(firmware(1))).isEqualTo(new Verdict.Denied("the authority answered " + status));
        assertThat(authority.getRequestCount()).isEqualTo(1);
    }

    @Test
    void anOverlongBodyIsNoVerdict() {
        authority.enqueue(new MockResponse.Builder()
                .code(200)
                .body(new Buffer().write(new byte[Reply.BODY_BYTES + 1]))
                .build());

        assertThatThrownBy(() -> decide(firmware(1))).hasMessageContaining("longer than 65536 bytes");
    }

    @Test
    void anAuthorityThatHangsIsNoVerdict() throws IOException {
        access.close();
        try (ServerSocket deaf = new ServerSocket()) {
            deaf.bind(new InetSocketAddress("127.0.0.1", 0));
            access = new HttpAccess(
                    Authority.of("127.0.0.1:" + deaf.getLocalPort(), "boot", "linux"), Duration.ofMillis(200));

            assertThatThrownBy(() -> decide(firmware(1))).hasMessageContaining("gave no verdict");
        }
    }

    @Test
    void aConnectionCutInTheBodyIsNoVerdict() {
        authority.enqueue(new MockResponse.Builder()
                .code(200)
                .body("Client: half of a line that never")
                .onResponseBody(new SocketEffect.CloseSocket())
                .build());

        assertThatThrownBy(() -> decide(firmware(1))).hasMessageContaining("gave no verdict");
    }

    @Test
    void whoAsksTheSameMeanwhileJoins() throws Exception {
        authority.enqueue(new MockResponse.Builder()
                .code(200)
                .headersDelay(200, TimeUnit.MILLISECONDS)
                .build());

        CompletableFuture<Verdict> first = access.decide(firmware(1)).toCompletableFuture();
        CompletableFuture<Verdict> second = access.decide(firmware(1)).toCompletableFuture();

        assertThat(second).isSameAs(first);
        assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(Verdict.GRANTED);
        assertThat(authority.getRequestCount()).isEqualTo(1);
    }

    @Test
    void anAuthorityThatKeepsFailingIsLeftAlone() {
        for (int i = 0; i < 5; i++) {
            authority.enqueue(status(500));
        }
        for (int i = 0; i < 5; i++) {
            int machine = i;
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> decide(firmware(machine))))
                    .isNull();
        }

        assertThatThrownBy(() -> decide(firmware(9))).hasMessageContaining("does not answer");
        assertThat(authority.getRequestCount()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://", "http://a b", "ht tp://x", ""})
    void aLocationThatIsNoUrlIsRefused(String location) {
        assertThatThrownBy(() -> Authority.of(location, "boot", "linux"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("location = http://server");
    }

    private static MockResponse status(int code) {
        return new MockResponse.Builder().code(code).build();
    }

    private String target() throws InterruptedException {
        RecordedRequest request = authority.takeRequest(5, TimeUnit.SECONDS);
        return request.getTarget();
    }

    private Verdict decide(Request request) throws Exception {
        try {
            return access.decide(request).toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    private static Request firmware(int machine) {
        return from(machine, BootStage.FIRMWARE, Optional.of(MACHINE));
    }

    private static Request from(int machine, BootStage stage, Optional<UUID> uuid) {
        HardwareAddress mac = HardwareAddress.parse("02-00-00-00-00-0" + machine);
        return new Request(
                1,
                new ClientIdentity(mac, Optional.empty(), uuid),
                stage,
                "lan",
                Ipv4.UNSPECIFIED,
                List.of(),
                Optional.empty(),
                Optional.empty());
    }
}

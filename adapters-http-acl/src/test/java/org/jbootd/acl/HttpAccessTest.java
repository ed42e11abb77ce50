package org.jbootd.acl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okio.Buffer;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.client.UuidOrder;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.http.Trust;
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
        return new HttpAccess(settings(authority.getHostName() + ":" + authority.getPort(), timeout));
    }

    private static HttpAccess.Settings settings(String location, Duration timeout) {
        return new HttpAccess.Settings(
                Authority.of(location, "/boot", "linux"), Trust.USUAL, timeout, Optional.empty(), false);
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
    void anAuthorityFilledByPybootdIsAskedByTheUuidsThatItKnows() throws Exception {
        access.close();
        access = new HttpAccess(
                new HttpAccess.Settings(here().telling(UuidOrder.WIRE), Trust.USUAL, LONG, Optional.empty(), false));
        authority.enqueue(status(200));
        decide(firmware(1));

        assertThat(target()).isEqualTo("/boot?mac=02-00-00-00-00-01&uuid=78563412-CDAB-00EF-1111-ABCDEFABCDEF");
    }

    @Test
    void theOperatingSystemIsAskedForByTheOtherPath() throws Exception {
        authority.enqueue(status(200));
        decide(from(1, BootStage.OPERATING_SYSTEM, Optional.empty()));

        assertThat(target()).isEqualTo("/linux?mac=02-00-00-00-00-01");
    }

    @Test
    void theAddressOfAMachineIsToldForItsOperatingSystemOnly() throws Exception {
        authority.enqueue(status(200));
        authority.enqueue(status(200));
        decide(known(BootStage.OPERATING_SYSTEM));
        decide(known(BootStage.FIRMWARE));

        assertThat(target()).isEqualTo("/linux?mac=02-00-00-00-00-01&ip=10.0.0.100");
        assertThat(target()).isEqualTo("/boot?mac=02-00-00-00-00-01");
    }

    @Test
    void userAndPasswordAreSentAndNeverShown() throws Exception {
        access.close();
        HttpAccess.Settings settings =
                settings("http://jo:secret@" + authority.getHostName() + ":" + authority.getPort(), LONG);
        access = new HttpAccess(settings);
        authority.enqueue(status(200));
        decide(firmware(1));

        assertThat(authority.takeRequest(5, TimeUnit.SECONDS).getHeaders().get("Authorization"))
                .isEqualTo("Basic am86c2VjcmV0");
        assertThat(settings.authority().toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 301, 302, 307, 401, 403, 404, 500, 503})
    void everyOtherStatusDenies(int status) throws Exception {
        authority.enqueue(new MockResponse.Builder()
                .code(status)
                .addHeader("Location", authority.url("/elsewhere"))
                .build());
        authority.enqueue(status(200));

        assertThat(decide(firmware(1)))
                .isInstanceOfSatisfying(
                        Verdict.Denied.class,
                        denied -> assertThat(denied.why()).startsWith("the authority answered " + status));
        assertThat(authority.getRequestCount()).isEqualTo(1);
    }

    @Test
    void whatIsNoHttpIsShownWithinBounds() throws Exception {
        access.close();
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            access = new HttpAccess(settings("127.0.0.1:" + other.getLocalPort(), LONG));
            CompletableFuture<Verdict> verdict = access.decide(firmware(1)).toCompletableFuture();
            try (Socket socket = other.accept()) {
                socket.getOutputStream()
                        .write(("SSH-2.0-\u001b[2J\u202e" + "x".repeat(1_000) + "\r\n\r\n")
                                .getBytes(StandardCharsets.UTF_8));
                assertThatThrownBy(() -> verdict.get(20, TimeUnit.SECONDS))
                        .cause()
                        .hasMessageContaining("gave no verdict: ")
                        .hasMessageContaining("SSH-2.0-?[2J?xxx")
                        .hasMessageMatching("[ -~…]{1,300}");
            }
        }
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
            access = new HttpAccess(settings("127.0.0.1:" + deaf.getLocalPort(), Duration.ofMillis(200)));

            assertThatThrownBy(() -> decide(firmware(1))).hasMessageEndingWith("gave no verdict within 200 ms");
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
    void whoWaitsForAFreeCallWaitsNoLongerThanTheTimeout() throws Exception {
        access.close();
        try (ServerSocket deaf = new ServerSocket()) {
            deaf.bind(new InetSocketAddress("127.0.0.1", 0));
            access = new HttpAccess(settings("127.0.0.1:" + deaf.getLocalPort(), Duration.ofSeconds(1)));
            CompletableFuture<?>[] verdicts = IntStream.range(0, 10 * HttpAccess.CALLS_IN_FLIGHT)
                    .mapToObj(machine -> access.decide(
                                    firmware(String.format("02-00-00-00-%02X-%02X", machine >> 8, machine & 0xff)))
                            .toCompletableFuture())
                    .toArray(CompletableFuture<?>[]::new);

            // one after the other, 64 at a time, they would take ten seconds
            assertThat(CompletableFuture.allOf(verdicts)).failsWithin(Duration.ofSeconds(6));
            assertThat(verdicts).allMatch(CompletableFuture::isCompletedExceptionally);
        }
    }

    @Test
    void moreQuestionsThanTheQueueHoldsGetNoVerdictAtOnce() throws Exception {
        access.close();
        try (ServerSocket deaf = new ServerSocket()) {
            deaf.bind(new InetSocketAddress("127.0.0.1", 0));
            access = new HttpAccess(settings("127.0.0.1:" + deaf.getLocalPort(), LONG));
            for (int i = 0; i < HttpAccess.CALLS_IN_FLIGHT + HttpAccess.CALLS_WAITING; i++) {
                assertThat(access.decide(firmware(String.format("02-00-00-00-%02X-%02X", i >> 8, i & 0xff)))
                                .toCompletableFuture())
                        .isNotDone();
            }

            assertThatThrownBy(() -> decide(firmware("02-00-00-01-00-00"))).hasMessageContaining("questions wait");
        }
    }

    @Test
    void aGrantHoldsForItsExchangeAndForNoOther() throws Exception {
        authority.enqueue(status(200));
        authority.enqueue(status(401));
        decide(firmware(1));

        assertThat(decide(firmware(1))).isEqualTo(Verdict.GRANTED);
        assertThat(decide(firmware("02-00-00-00-00-01", 2)))
                .isEqualTo(new Verdict.Denied("the authority answered 401"));
    }

    @Test
    void aGrantHoldsForTheOtherStageOfNobody() throws Exception {
        authority.enqueue(status(200));
        authority.enqueue(status(401));
        decide(firmware(1));

        assertThat(decide(from(1, BootStage.OPERATING_SYSTEM, Optional.of(MACHINE))))
                .isInstanceOf(Verdict.Denied.class);
    }

    @Test
    void aDenialHoldsForNothing() throws Exception {
        authority.enqueue(status(401));
        authority.enqueue(status(200));
        decide(firmware(1));

        assertThat(decide(firmware(1))).isEqualTo(Verdict.GRANTED);
    }

    @Test
    void whereEachMessageIsCheckedNoGrantHolds() throws Exception {
        access.close();
        access = new HttpAccess(new HttpAccess.Settings(here(), Trust.USUAL, LONG, Optional.empty(), true));
        authority.enqueue(status(200));
        authority.enqueue(status(401));
        decide(firmware(1));

        assertThat(decide(firmware(1))).isInstanceOf(Verdict.Denied.class);
    }

    @Test
    void aKeptGrantHoldsForEveryExchangeUntilItIsOver() throws Exception {
        access.close();
        AtomicLong nanoTime = new AtomicLong(-1_000_000_000L);
        access = new HttpAccess(
                new HttpAccess.Settings(here(), Trust.USUAL, LONG, Optional.of(Duration.ofMinutes(10)), false),
                nanoTime::get);
        authority.enqueue(
                new MockResponse.Builder().code(200).body("Client: node1").build());
        authority.enqueue(status(401));
        Verdict first = decide(firmware("02-00-00-00-00-01", 1));

        nanoTime.addAndGet(Duration.ofMinutes(10).toNanos() - 1);
        assertThat(decide(firmware("02-00-00-00-00-01", 2))).isEqualTo(first);
        nanoTime.incrementAndGet();
        assertThat(decide(firmware("02-00-00-00-00-01", 3))).isInstanceOf(Verdict.Denied.class);
    }

    @Test
    void theOldestGrantsGo() {
        AtomicLong nanoTime = new AtomicLong();
        Grants grants = new Grants(Optional.empty(), nanoTime::get);
        okhttp3.HttpUrl question = here().question(firmware(1));
        for (int xid = 0; xid <= Grants.MAX; xid++) {
            grants.add(
                    question,
                    firmware("02-00-00-00-00-01", xid),
                    new Verdict.Granted(Optional.empty(), Optional.empty()));
        }

        assertThat(grants.find(question, firmware("02-00-00-00-00-01", 0))).isEmpty();
        assertThat(grants.find(question, firmware("02-00-00-00-00-01", 1))).isPresent();
        nanoTime.set(Grants.EXCHANGE.toNanos());
        assertThat(grants.find(question, firmware("02-00-00-00-00-01", 1))).isEmpty();
    }

    private Authority here() {
        return Authority.of(authority.getHostName() + ":" + authority.getPort(), "boot", "linux");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://",
                "http://a b",
                "ht tp://x",
                "",
                "ftp://a",
                "htps://a",
                "http://a?b",
                "a#b",
                "jo:secret@a b",
                "http://jo:se/secret@a"
            })
    void aLocationThatIsNoUrlIsRefused(String location) {
        assertThatThrownBy(() -> Authority.of(location, "boot", "linux"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("location = http://server")
                .message()
                .doesNotContain("secret");
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

    private static Request firmware(String mac) {
        return firmware(mac, 1);
    }

    private static Request firmware(String mac, int xid) {
        return from(mac, xid, BootStage.FIRMWARE, Optional.of(MACHINE), Optional.empty());
    }

    private static Request known(BootStage stage) {
        return from("02-00-00-00-00-01", 1, stage, Optional.empty(), Optional.of(Ipv4.parse("10.0.0.100")));
    }

    private static Request from(int machine, BootStage stage, Optional<UUID> uuid) {
        return from("02-00-00-00-00-0" + machine, 1, stage, uuid, Optional.empty());
    }

    private static Request from(String mac, int xid, BootStage stage, Optional<UUID> uuid, Optional<Ipv4> address) {
        return new Request(
                xid,
                new ClientIdentity(HardwareAddress.parse(mac), Optional.empty(), uuid),
                stage,
                "lan",
                Ipv4.UNSPECIFIED,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                address,
                false);
    }
}

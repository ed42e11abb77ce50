package org.jbootd.acl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
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

/** When an authority is left alone, and when it is only busy. */
class LostAuthorityTest {

    /** Enough for an answer on a machine that has much else to do. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final int ANSWERED = 9;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger xids = new AtomicInteger();
    private MockWebServer authority;
    private HttpAccess access;

    @BeforeEach
    void start() throws IOException {
        authority = new MockWebServer();
        authority.start();
        access = asking(Duration.ofSeconds(20));
    }

    private HttpAccess asking(Duration timeout) {
        return new HttpAccess(
                new HttpAccess.Settings(
                        Authority.of(authority.getHostName() + ":" + authority.getPort(), "boot", "linux"),
                        Trust.USUAL,
                        timeout,
                        Optional.empty(),
                        false),
                nanos::get);
    }

    @AfterEach
    void stop() {
        access.close();
        authority.close();
    }

    @Test
    void anAuthorityThatKeepsFailingIsLeftAlone() throws Exception {
        failFiveTimes();

        assertThatThrownBy(() -> decide(9)).hasMessageContaining("does not answer");
        assertThat(authority.getRequestCount()).isEqualTo(5);
    }

    @Test
    void anAuthorityThatHasRestedIsAskedAgain() throws Exception {
        failFiveTimes();
        authority.enqueue(status(200));

        await().ignoreExceptions().until(() -> decide(9).equals(Verdict.GRANTED));
        assertThat(authority.getRequestCount()).isEqualTo(6);
    }

    private void failFiveTimes() throws Exception {
        for (int machine = 0; machine < 5; machine++) {
            authority.enqueue(status(500));
            assertThat(decide(machine)).isInstanceOf(Verdict.Denied.class);
        }
    }

    /** Of thousands that ask at once, many wait for their turn until little of their time is left. */
    @Test
    void anAuthorityThatAnswersOthersIsNotLeftAloneForAnswersThatAreLate() throws Exception {
        answerOneMachineOnly();

        assertThat(decide(ANSWERED)).isEqualTo(Verdict.GRANTED);
        fiveGetNoVerdict();

        assertThat(decide(ANSWERED)).isEqualTo(Verdict.GRANTED);
        assertThat(authority.getRequestCount()).isEqualTo(7);
    }

    @Test
    void anAuthorityThatHasAnsweredNobodyForLongIsLeftAloneForAnswersThatAreLate() throws Exception {
        answerOneMachineOnly();

        assertThat(decide(ANSWERED)).isEqualTo(Verdict.GRANTED);
        nanos.addAndGet(TIMEOUT.toNanos());
        fiveGetNoVerdict();

        // a verdict that is late may be noticed by its machine before it is counted
        await().untilAsserted(() -> assertThatThrownBy(() -> decide(0)).hasMessageContaining("does not answer"));
    }

    private void answerOneMachineOnly() {
        access.close();
        access = asking(TIMEOUT);
        authority.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return request.getTarget().contains("mac=" + mac(ANSWERED)) ? status(200) : silence();
            }
        });
    }

    private void fiveGetNoVerdict() {
        CompletableFuture<?>[] late = IntStream.range(0, 5)
                .mapToObj(machine -> access.decide(firmware(machine)).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        assertThat(CompletableFuture.allOf(late)).failsWithin(Duration.ofSeconds(20));
        assertThat(late).allMatch(CompletableFuture::isCompletedExceptionally);
    }

    private static MockResponse status(int code) {
        return new MockResponse.Builder().code(code).build();
    }

    private static MockResponse silence() {
        return new MockResponse.Builder()
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build();
    }

    private Verdict decide(int machine) throws Exception {
        try {
            return access.decide(firmware(machine)).toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    /** In an exchange of its own, so that no grant holds. */
    private Request firmware(int machine) {
        return new Request(
                xids.incrementAndGet(),
                ClientIdentity.of(HardwareAddress.parse(mac(machine))),
                BootStage.FIRMWARE,
                "lan",
                Ipv4.UNSPECIFIED,
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    private static String mac(int machine) {
        return "02-00-00-00-00-0" + machine;
    }
}

package org.jbootd.acl;

import dev.failsafe.CircuitBreaker;
import java.io.IOException;
import java.net.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.client.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks an HTTP authority who may boot: {@code GET location/path?mac=AA-BB-…&uuid=…}. Status 200 grants, everything else
 * ignores the client. Fails closed: no answer within the timeout, no connection, a redirect, a broken certificate or an
 * overlong body are no grant.
 *
 * <p>Calls run on OkHttp's threads, at most {@value #CALLS_IN_FLIGHT} at once and {@value #CALLS_WAITING} waiting; one for a
 * client and path at a time, joined by whoever asks the same meanwhile. An authority that keeps failing is left alone for
 * {@link #REST}, so that it is noticed once and not for each packet. May be shared by threads.
 */
public final class HttpAccess implements AccessControl, AutoCloseable {

    static final int CALLS_IN_FLIGHT = 64;
    static final int CALLS_WAITING = 4_096;

    private static final int FAILURES_BEFORE_REST = 5;
    private static final Duration REST = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger("jbootd.access");

    private final Authority authority;
    private final OkHttpClient http;
    private final ConcurrentMap<HttpUrl, CompletableFuture<Verdict>> inFlight = new ConcurrentHashMap<>();
    private final CircuitBreaker<Object> breaker;

    /** @param timeout for a whole call: connection, request, answer, body */
    public HttpAccess(Authority authority, Duration timeout) {
        this.authority = authority;
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(CALLS_IN_FLIGHT);
        dispatcher.setMaxRequestsPerHost(CALLS_IN_FLIGHT);
        this.http = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .proxy(Proxy.NO_PROXY)
                .followRedirects(false)
                .followSslRedirects(false)
                .callTimeout(timeout)
                .connectTimeout(timeout)
                .readTimeout(timeout)
                .writeTimeout(timeout)
                .build();
        this.breaker = CircuitBreaker.builder()
                .withFailureThreshold(FAILURES_BEFORE_REST)
                .withSuccessThreshold(1)
                .withDelay(REST)
                .onOpen(event -> LOG.error("the authority {} does not answer; nobody who needs it gets in", authority))
                .onClose(event -> LOG.info("the authority {} answers again", authority))
                .build();
    }

    @Override
    public CompletionStage<Verdict> decide(Request request) {
        HttpUrl url = authority.question(request);
        CompletableFuture<Verdict> mine = new CompletableFuture<>();
        CompletableFuture<Verdict> first = inFlight.putIfAbsent(url, mine);
        if (first != null) {
            return first;
        }
        mine.whenComplete((verdict, failure) -> inFlight.remove(url, mine));
        ask(url, mine);
        return mine;
    }

    private void ask(HttpUrl url, CompletableFuture<Verdict> answer) {
        if (http.dispatcher().queuedCallsCount() >= CALLS_WAITING) {
            answer.completeExceptionally(
                    new IOException("more than " + CALLS_WAITING + " questions wait for " + authority));
            return;
        }
        if (!breaker.tryAcquirePermit()) {
            answer.completeExceptionally(new IOException("the authority " + authority + " does not answer"));
            return;
        }
        http.newCall(new okhttp3.Request.Builder().url(url).build()).enqueue(new Listener(answer));
    }

    private final class Listener implements Callback {

        private final CompletableFuture<Verdict> answer;

        Listener(CompletableFuture<Verdict> answer) {
            this.answer = answer;
        }

        @Override
        public void onResponse(Call call, Response response) {
            try (response) {
                Verdict verdict = Reply.read(response);
                count(response.code() < 500);
                answer.complete(verdict);
            } catch (IOException | RuntimeException e) {
                fail(e);
            }
        }

        @Override
        public void onFailure(Call call, IOException e) {
            fail(e);
        }

        private void count(boolean healthy) {
            if (healthy) {
                breaker.recordSuccess();
            } else {
                breaker.recordFailure();
            }
        }

        private void fail(Exception e) {
            breaker.recordFailure();
            answer.completeExceptionally(new IOException("the authority " + authority + " gave no verdict: " + e, e));
        }
    }

    /** Ends calls and threads. */
    @Override
    public void close() {
        http.dispatcher().cancelAll();
        http.dispatcher().executorService().shutdownNow();
        http.connectionPool().evictAll();
        try {
            http.dispatcher().executorService().awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

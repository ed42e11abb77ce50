package org.jbootd.acl;

import dev.failsafe.CircuitBreaker;
import dev.failsafe.event.CircuitBreakerStateChangedEvent;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.client.Request;
import org.jbootd.http.Trust;
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

    /**
     * The {@code [http]} section.
     *
     * @param timeout from the question to its verdict: waiting for a free call, connection, request, answer, body
     * @param cacheGrant how long a grant holds for its client; empty for its own exchange only
     * @param alwaysCheck whether each message is asked about, even those of one exchange
     */
    public record Settings(
            Authority authority, Trust trust, Duration timeout, Optional<Duration> cacheGrant, boolean alwaysCheck) {

        public Settings {
            if (alwaysCheck && cacheGrant.isPresent()) {
                throw new IllegalArgumentException("a grant cannot both hold and be asked for always");
            }
        }
    }

    static final int CALLS_IN_FLIGHT = 64;
    static final int CALLS_WAITING = 4_096;

    /** The longest text of another's that a message holds, in characters. */
    private static final int SHOWN = 200;

    private static final int FAILURES_BEFORE_REST = 5;
    private static final Duration REST = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger("jbootd.access");

    private final Settings settings;
    private final Authority authority;
    private final OkHttpClient http;
    private final ConcurrentMap<HttpUrl, CompletableFuture<Verdict>> inFlight = new ConcurrentHashMap<>();
    private final Grants grants;
    private final CircuitBreaker<Object> breaker;
    private final LongSupplier nanoTime;

    /** When the authority answered last, by {@link #nanoTime}. */
    private volatile long answered;

    public HttpAccess(Settings settings) {
        this(settings, System::nanoTime);
    }

    HttpAccess(Settings settings, LongSupplier nanoTime) {
        this.settings = settings;
        this.authority = settings.authority();
        this.nanoTime = nanoTime;
        this.answered = nanoTime.getAsLong() - settings.timeout().toNanos();
        this.grants = new Grants(settings.cacheGrant(), nanoTime);
        this.http = client();
        this.breaker = CircuitBreaker.builder()
                .withFailureThreshold(FAILURES_BEFORE_REST)
                .withSuccessThreshold(1)
                .withDelay(REST)
                .onOpen(this::lost)
                .onClose(event -> LOG.info("the authority {} answers again", authority))
                .build();
    }

    private OkHttpClient client() {
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(CALLS_IN_FLIGHT);
        dispatcher.setMaxRequestsPerHost(CALLS_IN_FLIGHT);
        OkHttpClient.Builder client = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .proxy(Proxy.NO_PROXY)
                .followRedirects(false)
                .followSslRedirects(false)
                .callTimeout(settings.timeout())
                .connectTimeout(settings.timeout())
                .readTimeout(settings.timeout())
                .writeTimeout(settings.timeout())
                .addInterceptor(this::admit);
        settings.trust().apply(client, authority.host());
        return client.build();
    }

    /** A trial that failed only shows that it is still lost. */
    private void lost(CircuitBreakerStateChangedEvent event) {
        if (event.getPreviousState() == CircuitBreaker.State.CLOSED) {
            LOG.error("the authority {} does not answer; nobody who needs it gets in", authority);
        }
    }

    @Override
    public CompletionStage<Verdict> decide(Request request) {
        HttpUrl url = authority.question(request);
        Optional<Verdict.Granted> held = settings.alwaysCheck() ? Optional.empty() : grants.find(url, request);
        if (held.isPresent()) {
            return CompletableFuture.completedStage(held.get());
        }
        CompletableFuture<Verdict> answer = new CompletableFuture<>();
        CompletableFuture<Verdict> verdict = answer.exceptionallyCompose(this::inWords);
        CompletableFuture<Verdict> first = inFlight.putIfAbsent(url, verdict);
        if (first != null) {
            return first;
        }
        answer.whenComplete((given, failure) -> {
            inFlight.remove(url, verdict);
            if (given instanceof Verdict.Granted granted) {
                grants.add(url, request, granted);
            }
        });
        ask(url, answer);
        return verdict;
    }

    private CompletionStage<Verdict> inWords(Throwable failure) {
        return CompletableFuture.failedStage(
                failure instanceof TimeoutException
                        ? new IOException("the authority " + authority + " gave no verdict within "
                                + settings.timeout().toMillis() + " ms")
                        : failure);
    }

    private void ask(HttpUrl url, CompletableFuture<Verdict> answer) {
        if (http.dispatcher().queuedCallsCount() >= CALLS_WAITING) {
            answer.completeExceptionally(
                    new IOException("more than " + CALLS_WAITING + " questions wait for " + authority));
            return;
        }
        if (breaker.isOpen() && !breaker.getRemainingDelay().isZero()) {
            answer.completeExceptionally(resting());
            return;
        }
        okhttp3.Request.Builder question =
                new okhttp3.Request.Builder().url(url).header("Accept-Encoding", "identity");
        authority.credentials().ifPresent(credentials -> question.header("Authorization", credentials));
        Call call = http.newCall(question.build());
        answer.orTimeout(settings.timeout().toMillis(), TimeUnit.MILLISECONDS).whenComplete((verdict, failure) -> {
            if (failure != null) {
                call.cancel();
            }
        });
        call.enqueue(new Listener(answer));
    }

    private NotAsked resting() {
        return new NotAsked("the authority " + authority + " does not answer");
    }

    /** A call's turn has come: it is made unless nobody waits for it any more, or the authority rests. */
    private Response admit(Interceptor.Chain chain) throws IOException {
        if (chain.call().isCanceled()) {
            throw new NotAsked("nobody waits for the verdict of " + authority);
        }
        if (!breaker.tryAcquirePermit()) {
            throw resting();
        }
        return chain.proceed(chain.request());
    }

    /** The authority has no part in this failure. */
    private static final class NotAsked extends IOException {

        private static final long serialVersionUID = 1L;

        NotAsked(String message) {
            super(message);
        }
    }

    private final class Listener implements Callback {

        private final CompletableFuture<Verdict> answer;

        Listener(CompletableFuture<Verdict> answer) {
            this.answer = answer;
        }

        @Override
        public void onResponse(Call call, Response response) {
            Verdict verdict;
            try (response) {
                verdict = Reply.read(response);
            } catch (IOException | RuntimeException e) {
                fail(call, e);
                return;
            }
            count(response.code() < 500);
            answer.complete(verdict);
        }

        @Override
        public void onFailure(Call call, IOException e) {
            if (e instanceof NotAsked) {
                answer.completeExceptionally(e);
            } else {
                fail(call, e);
            }
        }

        private void count(boolean healthy) {
            if (healthy) {
                answered = nanoTime.getAsLong();
                breaker.recordSuccess();
            } else {
                breaker.recordFailure();
            }
        }

        private void fail(Call call, Exception e) {
            if (!isOnlyBusy(call)) {
                breaker.recordFailure();
            }
            answer.completeExceptionally(
                    isOutOfTime(e)
                            ? new TimeoutException()
                            : new IOException(
                                    "the authority " + authority + " gave no verdict: " + printable(e.toString()), e));
        }

        /** OkHttp's own clocks may be the first to notice; each of them is set to the timeout of the whole. */
        private static boolean isOutOfTime(Exception e) {
            return e instanceof InterruptedIOException
                    && !Thread.currentThread().isInterrupted();
        }
    }

    /** What is shown of a text that the other side may have put its own words into. */
    static String printable(String text) {
        String cut = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
        return cut.replaceAll("[^ -~…]", "?");
    }

    /**
     * A call may be late because it waited long for its turn: that is no failure of an authority that answers others
     * meanwhile. While it rests, the outcome of the trial counts whatever it is.
     */
    private boolean isOnlyBusy(Call call) {
        return call.isCanceled()
                && breaker.isClosed()
                && nanoTime.getAsLong() - answered < settings.timeout().toNanos() / 2;
    }

    /** Ends calls and threads; whoever waits for a verdict gets none. */
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

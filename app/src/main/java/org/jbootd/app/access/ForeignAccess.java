package org.jbootd.app.access;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.access.BadSetting;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.client.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A backend from outside, kept at arm's length: it is asked on threads of its own, {@value #THREADS} at most, and given up
 * after a timeout, so that one that blocks or fails costs its own machines a verdict and nobody else anything. May be
 * shared by threads.
 */
public final class ForeignAccess implements AccessControl, AutoCloseable {

    static final int THREADS = 8;
    static final int QUESTIONS_WAITING = 4_096;

    /**
     * Where the backend is, and what its section says.
     *
     * @param directory of the jars
     * @param timeout from the question to its verdict
     */
    public record Settings(String name, Path directory, Map<String, String> lines, Duration timeout) {}

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.access");

    private final Settings settings;
    private final ForeignBackends jars;
    private final AccessControl backend;
    private final ThreadPoolExecutor threads;

    private ForeignAccess(Settings settings, ForeignBackends jars, AccessControl backend) {
        this.settings = settings;
        this.jars = jars;
        this.backend = backend;
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUESTIONS_WAITING), task -> {
                    Thread thread = new Thread(task, "access-" + settings.name());
                    thread.setDaemon(true);
                    thread.setContextClassLoader(backend.getClass().getClassLoader());
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Loads the backend and opens it.
     *
     * @throws IllegalArgumentException when it cannot be had; its message is for the operator
     * @throws BadSetting when its section will not do
     */
    public static ForeignAccess open(Settings settings) throws BadSetting {
        ForeignBackends jars = ForeignBackends.in(settings.directory());
        boolean complete = false;
        try {
            AccessControl backend = opened(settings, jars);
            complete = true;
            return new ForeignAccess(settings, jars, backend);
        } finally {
            if (!complete) {
                jars.close();
            }
        }
    }

    private static AccessControl opened(Settings settings, ForeignBackends jars) throws BadSetting {
        try {
            return Objects.requireNonNull(
                    jars.named(settings.name())
                            .orElseThrow(() -> new IllegalArgumentException(
                                    "no jar in '" + settings.directory() + "' has it any more"))
                            .open(settings.lines()),
                    "it opened nothing");
        } catch (RuntimeException | LinkageError problem) {
            throw new IllegalArgumentException(
                    "the backend '" + settings.name() + "' cannot be opened: " + problem.getMessage(), problem);
        }
    }

    @Override
    public CompletionStage<Verdict> decide(Request request) {
        try {
            return CompletableFuture.supplyAsync(() -> backend.decide(request), threads)
                    .thenCompose(stage -> Objects.requireNonNull(stage, "no stage"))
                    .orTimeout(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)
                    .exceptionallyCompose(this::inWords);
        } catch (RejectedExecutionException full) {
            return CompletableFuture.failedStage(new IllegalStateException(
                    "more than " + QUESTIONS_WAITING + " questions wait for the backend " + settings.name(), full));
        }
    }

    private CompletionStage<Verdict> inWords(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        String what = cause instanceof TimeoutException
                ? "gave no verdict within " + settings.timeout().toMillis() + " ms"
                : "failed: " + cause;
        return CompletableFuture.failedStage(
                new IllegalStateException("the backend " + settings.name() + " " + what, cause));
    }

    /** Ends its threads and the backend; whoever waits for a verdict gets none. */
    @Override
    public void close() {
        threads.shutdownNow();
        if (backend instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception problem) {
                LOG.warn("the backend {} did not close as it should", settings.name(), problem);
            }
        }
        jars.close();
    }
}

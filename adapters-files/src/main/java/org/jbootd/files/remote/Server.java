package org.jbootd.files.remote;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jbootd.domain.files.Printable;
import org.jbootd.http.Trust;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The web server that has the files. Says once when it is lost, and once when it is back. Threads may share it. */
final class Server {

    /** One file asked for, by one request after another. Can be cancelled by any thread. */
    static final class Asking {

        private long deadline;
        private Call call;
        private boolean cancelled;

        synchronized void endsAfter(Duration total) {
            deadline = System.nanoTime() + total.toNanos();
        }

        private synchronized void by(Call next) {
            call = next;
            call.timeout().timeout(Math.max(1, left()), TimeUnit.NANOSECONDS);
            if (cancelled) {
                call.cancel();
            }
        }

        private long left() {
            return deadline - System.nanoTime();
        }

        synchronized void cancel() {
            cancelled = true;
            if (call != null) {
                call.cancel();
            }
        }

        synchronized boolean isOver() {
            return cancelled || left() <= 0;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.files");
    private static final int FIRST_OF_ITS_OWN_FAULTS = 500;

    private final RemoteRoot root;
    private final OkHttpClient http;
    private final AtomicBoolean failing = new AtomicBoolean();

    Server(RemoteRoot root, Trust trust, RemoteLimits limits) {
        this.root = root;
        OkHttpClient.Builder client = new OkHttpClient.Builder()
                .protocols(List.of(Protocol.HTTP_1_1))
                .proxy(Proxy.NO_PROXY)
                .followRedirects(false)
                .followSslRedirects(false)
                .connectTimeout(limits.connect())
                .readTimeout(limits.idle())
                .writeTimeout(limits.idle());
        trust.apply(client, root.url().host());
        this.http = client.build();
    }

    RemoteRoot root() {
        return root;
    }

    /** A request for the very octets of a file. */
    Request.Builder request(HttpUrl url) {
        Request.Builder request =
                new Request.Builder().url(url).header("User-Agent", "jbootd").header("Accept-Encoding", "identity");
        root.credentials().ifPresent(credentials -> request.header("Authorization", credentials));
        return request;
    }

    Response ask(Request request, Asking asking) throws IOException {
        try {
            Response response = answer(request, asking);
            if (response.code() < FIRST_OF_ITS_OWN_FAULTS) {
                answers();
            } else {
                fails("answers " + response.code());
            }
            return response;
        } catch (IOException e) {
            fails("does not answer: " + reason(e));
            throw e;
        }
    }

    /**
     * What a server sends beyond the length that it told is found in front of the next answer on that connection, so that
     * is asked for again on another one.
     */
    private Response answer(Request request, Asking asking) throws IOException {
        try {
            return execute(request, asking);
        } catch (ProtocolException e) {
            http.connectionPool().evictAll();
            return execute(request, asking);
        }
    }

    private Response execute(Request request, Asking asking) throws IOException {
        Call call = http.newCall(request);
        asking.by(call);
        return call.execute();
    }

    private void answers() {
        if (failing.getAndSet(false)) {
            LOG.info("the server {} answers again", root);
        }
    }

    /** For the log. It may quote what the server sent. */
    static String reason(IOException e) {
        return Printable.of(e.getMessage() == null ? e.toString() : e.getMessage());
    }

    void fails(String how) {
        if (!failing.getAndSet(true)) {
            LOG.warn("the server {} {}; files that were loaded before are served from the copies here", root, how);
        }
    }

    void close() {
        http.connectionPool().evictAll();
    }
}

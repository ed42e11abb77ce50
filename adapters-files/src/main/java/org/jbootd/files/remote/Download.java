package org.jbootd.files.remote;

import static org.jbootd.domain.files.FileUnavailable.Why.BROKEN;
import static org.jbootd.domain.files.FileUnavailable.Why.NOT_A_FILE;
import static org.jbootd.domain.files.FileUnavailable.Why.NOT_FOUND;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;
import org.jbootd.domain.files.FileUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file asked for once, on a thread of its own: found to be the version that is here already, or copied. A connection
 * that breaks is mended by asking for the rest, where the server can tell that it is of the same version.
 */
final class Download {

    /** Hears what becomes of it: perhaps the first, at most one of the next three, then always the last. */
    interface Listener {

        /** There is a version here that was not known, be it the newest or not. */
        void found(Download from, Copy copy);

        /** There is another version than the known one, on its way or complete. */
        void has(Download from, Copy copy);

        /** The known version is the newest. */
        void unchanged(Download from);

        /** May be told on any thread. */
        void failed(Download from, FileUnavailable why);

        /** Nothing more will come. @param copy what {@link #has} told of, if it did */
        void over(Download from, Optional<Copy> copy);
    }

    /** Whether the content of one more file may be loaded now. */
    interface Turns {

        /** False when it has to wait: then {@code download} is run again when it is its turn. */
        boolean take(Download download) throws FileUnavailable;
    }

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.files");
    private static final int REDIRECTS = 5;
    private static final int CONTINUATIONS = 5;
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int UNCHANGED = 304;
    private static final Set<Integer> ELSEWHERE = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> GONE = Set.of(404, 410);
    private static final int PIECE_OCTETS = 64 << 10;

    private final Server server;
    private final HttpUrl url;
    private final Cache cache;
    private final RemoteLimits limits;
    private final Turns turns;
    private final Listener listener;
    private final String origin;
    private final CompletableFuture<Void> answered = new CompletableFuture<>();
    private final Server.Asking asking = new Server.Asking();

    /** The newest version that is here. */
    private Optional<Copy> known;

    /** What was found in the cache directory, in use until the end. */
    private Optional<Copy> found = Optional.empty();

    private Optional<Copy> told = Optional.empty();
    private volatile boolean waitsForItsTurn;

    /** @param known the version that is here */
    Download(
            Server server,
            HttpUrl url,
            Optional<Copy> known,
            Cache cache,
            RemoteLimits limits,
            Turns turns,
            Listener listener) {
        this.server = server;
        this.url = url;
        this.known = known;
        this.cache = cache;
        this.limits = limits;
        this.turns = turns;
        this.listener = listener;
        this.origin = RemoteRoot.shown(url);
    }

    /** From now on there has to be an answer in time, even if no thread is free. */
    void await() {
        answered.orTimeout(limits.answer().toMillis(), TimeUnit.MILLISECONDS).whenComplete((done, failure) -> {
            if (failure != null) {
                listener.failed(this, late());
                asking.cancel();
            }
        });
    }

    private FileUnavailable late() {
        long millis = limits.answer().toMillis();
        if (waitsForItsTurn) {
            return new FileUnavailable(
                    BROKEN,
                    origin + ": " + limits.downloads() + " other files were being loaded for " + millis + " ms");
        }
        server.fails("did not answer within " + millis + " ms");
        return new FileUnavailable(BROKEN, origin + ": no answer within " + millis + " ms");
    }

    /** To its end, unless it is not its turn yet. @return false when it has to be run again */
    boolean run() {
        boolean over = true;
        try {
            if (answered.isDone()) {
                listener.failed(this, late()); // the alarm has gone off, and may not have come to say so yet
            } else {
                waitsForItsTurn = false;
                asking.endsAfter(limits.total());
                look();
                over = download();
            }
        } catch (FileUnavailable e) {
            fail(e);
        } catch (IOException e) {
            fail(new FileUnavailable(BROKEN, origin + " cannot be had: " + Server.reason(e), e));
        } catch (RuntimeException e) {
            LOG.error("cannot load {}", origin, e);
            fail(new FileUnavailable(BROKEN, origin + " cannot be had: " + e, e));
        } finally {
            if (over) {
                found.ifPresent(cache::release);
                listener.over(this, told);
            }
        }
        return over;
    }

    private void fail(FileUnavailable why) {
        answered.complete(null);
        listener.failed(this, why);
    }

    /** Another process may have loaded it. */
    private void look() throws FileUnavailable {
        if (found.isEmpty()) {
            found = cache.find(origin, RemoteRoot.kept(url), known);
            found.ifPresent(copy -> {
                known = found;
                listener.found(this, copy);
            });
        }
    }

    /** False when it has to wait for its turn; then another thread may have begun with it already. */
    private boolean download() throws IOException, FileUnavailable {
        Request.Builder request = server.request(url);
        known.ifPresent(copy -> copy.validator().askForAnother(request));
        try (Response response = ask(request)) {
            if (response.code() == OK) {
                return copyInTurn(response);
            }
            answered.complete(null);
            if (response.code() != UNCHANGED || known.isEmpty()) {
                throw new FileUnavailable(
                        GONE.contains(response.code()) ? NOT_FOUND : BROKEN,
                        origin + ": the server answered " + response.code());
            }
            known.get().file().touch(System.currentTimeMillis());
            listener.unchanged(this);
            return true;
        }
    }

    private boolean copyInTurn(Response response) throws IOException, FileUnavailable {
        waitsForItsTurn = true;
        if (!turns.take(this)) {
            return false;
        }
        waitsForItsTurn = false;
        answered.complete(null);
        copy(response);
        return true;
    }

    /** Follows redirects. */
    private Response ask(Request.Builder first) throws IOException, FileUnavailable {
        Request request = first.build();
        for (int redirects = 0; ; redirects++) {
            Response response = server.ask(request, asking);
            if (!ELSEWHERE.contains(response.code())) {
                return response;
            }
            try (response) {
                if (redirects == REDIRECTS) {
                    throw new FileUnavailable(BROKEN, origin + ": more than " + REDIRECTS + " redirects");
                }
                request = request.newBuilder().url(target(response)).build();
            }
        }
    }

    private HttpUrl target(Response response) throws FileUnavailable {
        HttpUrl target = response.request().url().resolve(response.header("Location", ""));
        if (target == null || !server.root().isOrigin(target)) {
            throw new FileUnavailable(
                    BROKEN,
                    origin + ": the server sends on to another one, "
                            + (target == null ? "which is none" : RemoteRoot.shown(target))
                            + "; name the right one in [tftp] root");
        }
        if (target.encodedPath().endsWith("/")) {
            throw new FileUnavailable(NOT_A_FILE, origin + " is a directory");
        }
        return target;
    }

    private void copy(Response response) throws IOException, FileUnavailable {
        long length = response.body().contentLength();
        Copy copy = cache.create(
                origin, Validator.of(response), length < 0 ? OptionalLong.empty() : OptionalLong.of(length));
        try {
            if (copy.announced().isPresent()) {
                tell(copy);
            }
            fill(copy, response);
            copy.finish();
            if (told.isEmpty()) {
                tell(copy); // its size is known only now
            }
            copy.keptIs(cache.keep(copy, RemoteRoot.kept(url)));
        } catch (IOException e) {
            copy.breakOff(e);
            server.fails("broke off: " + Server.reason(e));
            if (told.isEmpty()) {
                cache.retire(copy);
                throw e;
            }
        } catch (FileUnavailable | RuntimeException e) {
            if (told.isPresent()) {
                LOG.warn("{} breaks off: {}", origin, e.getMessage()); // its readers are told that much, and not why
            }
            copy.breakOff(new IOException(e.getMessage(), e));
            cache.retire(copy);
            throw e;
        } finally {
            cache.release(copy);
        }
    }

    private void tell(Copy copy) {
        told = Optional.of(copy);
        listener.has(this, copy);
    }

    private void fill(Copy copy, Response first) throws IOException, FileUnavailable {
        Response response = first;
        for (int continuations = 0; ; continuations++) {
            try (BufferedSource content = response.body().source()) {
                pour(content, copy);
                return;
            } catch (IOException e) {
                if (continuations == CONTINUATIONS || !canContinue(copy, first)) {
                    throw e;
                }
                LOG.info("{}: {} after {} octets, asking for the rest", origin, Server.reason(e), copy.arrived());
            }
            response = rest(copy);
        }
    }

    private void pour(BufferedSource content, Copy copy) throws IOException, FileUnavailable {
        ByteBuffer piece = ByteBuffer.allocate(PIECE_OCTETS);
        while (content.read(piece) >= 0) {
            cache.grow(copy, piece.flip().remaining());
            store(piece, copy);
            piece.clear();
        }
    }

    private void store(ByteBuffer piece, Copy copy) throws FileUnavailable {
        try {
            copy.append(piece);
        } catch (IOException e) {
            throw new FileUnavailable(BROKEN, "cannot write into [tftp] cache_dir: " + Server.reason(e), e);
        }
    }

    private boolean canContinue(Copy copy, Response first) {
        return copy.announced().isPresent()
                && copy.validator().isStrong()
                && "bytes".equalsIgnoreCase(first.header("Accept-Ranges"))
                && !asking.isOver();
    }

    private Response rest(Copy copy) throws IOException, FileUnavailable {
        Request.Builder request = server.request(url);
        copy.validator().askForRest(request, copy.arrived());
        Response response = ask(request);
        String expected = "bytes " + copy.arrived() + "-" + (copy.size() - 1) + "/" + copy.size();
        if (response.code() != PARTIAL || !expected.equals(response.header("Content-Range"))) {
            response.close();
            throw new IOException("it changed meanwhile, or the server does not send the rest of it");
        }
        return response;
    }
}

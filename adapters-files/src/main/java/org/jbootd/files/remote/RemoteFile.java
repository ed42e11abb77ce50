package org.jbootd.files.remote;

import static org.jbootd.domain.files.FileUnavailable.Why.BROKEN;
import static org.jbootd.domain.files.FileUnavailable.Why.NOT_FOUND;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import okhttp3.HttpUrl;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.OpenFile;

/**
 * One file of a server: which version of it is here, and who waits for what. The server is asked once for all who want the
 * file at the same time, and for those who come shortly after. While it has no answer, the version here is served.
 * Threads may share it.
 */
final class RemoteFile implements Download.Listener {

    /** How a file is asked for. */
    interface Downloads {

        /** As {@link DownloadThreads#begin}. */
        boolean begin(Download download);

        Download of(HttpUrl url, Optional<Copy> known, Download.Listener listener);
    }

    private final HttpUrl url;
    private final Cache cache;
    private final RemoteLimits limits;
    private final Downloads downloads;
    private final LongSupplier nanoTime;

    /** The newest version known, or null. */
    private Copy current;

    /** The one before, whole, while the newest is on its way; or null. */
    private Copy former;

    private long checkedAt;

    /** Why there is no file, as the server said at {@link #checkedAt}; null otherwise. */
    private FileUnavailable absent;

    /** Null when the server is not being asked. */
    private Download download;

    /** What those get who wait for the server's answer. Null when nobody has to. */
    private CompletableFuture<Copy> opening;

    RemoteFile(HttpUrl url, Cache cache, RemoteLimits limits, Downloads downloads, LongSupplier nanoTime) {
        this.url = url;
        this.cache = cache;
        this.limits = limits;
        this.downloads = downloads;
        this.nanoTime = nanoTime;
    }

    /** @param content what it has to be; then the file is promised only when it is whole, and has that content */
    CompletionStage<OpenFile> request(Optional<Sha256> content) {
        if (content.isEmpty()) {
            return request();
        }
        return openIfItIs(content.get())
                .<CompletionStage<OpenFile>>map(CompletableFuture::completedStage)
                .orElseGet(() -> request().thenCompose(file -> verified(file, content.get())));
    }

    /** What has the right content cannot be out of date. */
    private synchronized Optional<OpenFile> openIfItIs(Sha256 content) {
        return current != null && current.isWhole(content) ? cache.open(current) : Optional.empty();
    }

    private CompletionStage<OpenFile> verified(OpenFile file, Sha256 content) {
        Copy copy = Cache.copyOf(file).orElseThrow();
        return copy.ended().thenCompose(ended -> {
            if (copy.isWhole(content)) {
                copy.confirm();
                return CompletableFuture.completedStage(file);
            }
            file.close();
            return CompletableFuture.failedStage(new FileUnavailable(BROKEN, copy.complaint()));
        });
    }

    private CompletionStage<OpenFile> request() {
        CompletionStage<OpenFile> promised;
        Download begun = null;
        boolean hasOlder = false;
        synchronized (this) {
            forgetWhatIsLost();
            Optional<OpenFile> here = isServedUnasked() ? cache.open(current) : Optional.empty();
            if (here.isPresent()) {
                return CompletableFuture.completedStage(here.get());
            }
            if (absent != null && isFresh()) {
                return CompletableFuture.failedStage(absent);
            }
            if (opening == null) {
                opening = new CompletableFuture<>();
                hasOlder = current != null;
                begun = downloads.of(url, Optional.ofNullable(current), this);
                download = begun;
            }
            promised = opening.thenCompose(this::open);
        }
        if (begun != null) {
            ask(begun, hasOlder);
        }
        return promised;
    }

    private void forgetWhatIsLost() {
        if (current != null && current.isBroken()) {
            cache.retire(current);
            current = former;
            former = null;
        }
        if (current != null && !cache.has(current)) {
            current = null; // it made room for others
        }
    }

    private boolean isServedUnasked() {
        return current != null && (!current.isWhole() || isFresh() || download != null && opening == null);
    }

    private boolean isFresh() {
        return nanoTime.getAsLong() - checkedAt < limits.known().toNanos();
    }

    private CompletionStage<OpenFile> open(Copy copy) {
        return cache.open(copy)
                .map(CompletableFuture::completedStage)
                .orElseGet(() -> CompletableFuture.failedStage(
                        new FileUnavailable(BROKEN, copy.origin() + " had to make room for others just now")));
    }

    private void ask(Download begun, boolean hasOlder) {
        if (!downloads.begin(begun)) {
            failed(
                    begun,
                    new FileUnavailable(
                            BROKEN, RemoteRoot.shown(url) + ": " + limits.waiting() + " files wait for the server"));
            over(begun, Optional.empty());
            return;
        }
        begun.await();
        if (hasOlder) {
            serveOlderSoon(begun);
        }
    }

    private void serveOlderSoon(Download from) {
        CompletableFuture.delayedExecutor(limits.patience().toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
                .execute(() -> serveOlder(from));
    }

    /** The server takes its time. */
    private void serveOlder(Download from) {
        Copy older = null;
        synchronized (this) {
            if (download == from && opening != null) {
                older = current;
            }
        }
        if (older != null) {
            settle(older);
        }
    }

    /** Also when it is late: then it is here for those who ask next. */
    @Override
    public void found(Download from, Copy copy) {
        synchronized (this) {
            if (current == copy || current != null && download != from) {
                return;
            }
            if (current != null) {
                cache.retire(current);
            }
            current = copy;
            absent = null;
            checkedAt = nanoTime.getAsLong() - limits.known().toNanos();
        }
        serveOlderSoon(from);
    }

    @Override
    public void has(Download from, Copy copy) {
        synchronized (this) {
            if (download != from) {
                cache.retire(copy); // given up already
                return;
            }
            former = current;
            current = copy;
            absent = null;
            checkedAt = nanoTime.getAsLong();
        }
        settle(copy);
    }

    @Override
    public void unchanged(Download from) {
        Copy confirmed;
        synchronized (this) {
            if (download != from) {
                return;
            }
            checkedAt = nanoTime.getAsLong();
            confirmed = current;
        }
        confirmed.confirm();
        settle(confirmed);
    }

    @Override
    public void failed(Download from, FileUnavailable why) {
        Copy older;
        synchronized (this) {
            if (download != from) {
                return;
            }
            download = null;
            absent = why.why() == NOT_FOUND ? why : null;
            if (current != null && absent != null) {
                cache.retire(current);
                current = null;
            }
            older = current;
            checkedAt = nanoTime.getAsLong();
        }
        if (older != null) {
            settle(older);
        } else {
            settle(why);
        }
    }

    private void settle(Copy copy) {
        CompletableFuture<Copy> waiting = takeOpening();
        if (waiting != null) {
            waiting.complete(copy);
        }
    }

    private void settle(FileUnavailable why) {
        CompletableFuture<Copy> waiting = takeOpening();
        if (waiting != null) {
            waiting.completeExceptionally(why);
        }
    }

    private synchronized CompletableFuture<Copy> takeOpening() {
        CompletableFuture<Copy> waiting = opening;
        opening = null;
        return waiting;
    }

    @Override
    public synchronized void over(Download from, Optional<Copy> copy) {
        if (download == from) {
            download = null;
        }
        if (copy.isEmpty() || current != copy.get()) {
            return;
        }
        if (current.isWhole()) {
            if (former != null) {
                cache.retire(former);
            }
        } else {
            cache.retire(current);
            current = former;
            checkedAt = nanoTime.getAsLong() - limits.known().toNanos();
        }
        former = null;
    }

    /** Whether nothing is lost by forgetting it. */
    synchronized boolean isIdle() {
        return download == null && opening == null && (current == null || !cache.has(current));
    }
}

package org.jbootd.files.remote;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import okhttp3.HttpUrl;
import org.jbootd.domain.files.FileSource;
import org.jbootd.domain.files.FileTarget;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.OpenFile;
import org.jbootd.http.Trust;

/**
 * Boot files from below a URL. A file is downloaded once for all who want it, into a copy without a name on this machine's
 * disk, and is served while it arrives; later the server is asked whether it has another version. Files that the operator
 * named with their absolute path come from this machine. Threads may share it; {@link #request} never waits for the server.
 */
public final class RemoteFileSource implements FileSource, AutoCloseable {

    /**
     * {@code [tftp] root} as a URL, and what belongs to it.
     *
     * @param cacheDirectory where copies are
     * @param cacheOctets of all copies together
     */
    public record Settings(RemoteRoot root, Trust trust, Path cacheDirectory, long cacheOctets) {}

    private static final int FILES_KNOWN = 4_096;
    private static final long IDLE_SECONDS = 30;

    private final Settings settings;
    private final FileSource local;
    private final RemoteLimits limits;
    private final LongSupplier nanoTime;
    private final Server server;
    private final Cache cache;
    private final ThreadPoolExecutor threads;
    private final Map<HttpUrl, RemoteFile> files = new ConcurrentHashMap<>();

    /** @param local has the files of this machine */
    public RemoteFileSource(Settings settings, FileSource local) {
        this(settings, local, RemoteLimits.USUAL, System::nanoTime);
    }

    RemoteFileSource(Settings settings, FileSource local, RemoteLimits limits, LongSupplier nanoTime) {
        this.settings = settings;
        this.local = local;
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.server = new Server(settings.root(), settings.trust(), limits);
        this.cache = new Cache(settings.cacheDirectory(), settings.cacheOctets(), limits.copies());
        this.threads = threads(limits);
    }

    private static ThreadPoolExecutor threads(RemoteLimits limits) {
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                limits.downloads(),
                limits.downloads(),
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(limits.waiting()),
                task -> {
                    Thread thread = new Thread(task, "remote-files-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    public Settings settings() {
        return settings;
    }

    @Override
    public OpenFile open(FileTarget target) throws FileUnavailable {
        return FileSource.await(request(target));
    }

    @Override
    public CompletionStage<OpenFile> request(FileTarget target) {
        if (target instanceof FileTarget.UnderRoot file) {
            return file(settings.root().file(file.path())).request();
        }
        return local.request(target);
    }

    private RemoteFile file(HttpUrl url) {
        if (files.size() > FILES_KNOWN) {
            files.values().removeIf(RemoteFile::isIdle);
        }
        return files.computeIfAbsent(url, name -> new RemoteFile(name, cache, limits, new Pool(), nanoTime));
    }

    private final class Pool implements RemoteFile.Downloads {

        @Override
        public Download of(HttpUrl url, Optional<Copy> known, Download.Listener listener) {
            return new Download(server, url, known, cache, limits, listener);
        }

        @Override
        public boolean begin(Download download) {
            try {
                threads.execute(download);
                return true;
            } catch (RejectedExecutionException e) {
                return false;
            }
        }
    }

    /** Why the server cannot be reached; empty when it answers, whatever it says. Waits for it. */
    public Optional<String> trouble() {
        Server.Asking asking = new Server.Asking();
        asking.endsAfter(limits.answer());
        try {
            server.ask(server.request(settings.root().url()).head().build(), asking)
                    .close();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Octets on this machine's disk. */
    long copiedOctets() {
        return cache.reservedOctets();
    }

    /** Downloads and asks no more; what is being read can be read to its end. */
    @Override
    public void close() {
        cache.close();
        threads.shutdown();
        server.close();
    }
}

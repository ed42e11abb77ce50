package org.jbootd.files.remote;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import okhttp3.HttpUrl;
import org.jbootd.domain.files.FileSource;
import org.jbootd.domain.files.FileTarget;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.OpenFile;
import org.jbootd.http.Trust;

/**
 * Boot files from below a URL. A file is downloaded once for all who want it, into a copy on this machine's disk, and is served
 * while it arrives; later the server is asked whether it has another version. Files that the operator named with their absolute
 * path come from this machine. Construction tidies up among the copies of former runs. Threads may share it; {@link #request}
 * never waits for the server.
 */
public final class RemoteFileSource implements FileSource, AutoCloseable {

    /**
     * {@code [tftp] root} as a URL, and what belongs to it.
     *
     * @param cacheDirectory where copies are
     * @param keeping which of them stay there
     * @param cacheOctets of all copies together
     */
    public record Settings(RemoteRoot root, Trust trust, Path cacheDirectory, Keeping keeping, long cacheOctets) {

        /** Why copies cannot be kept in a directory, for the operator; empty when they can. */
        public static Optional<String> trouble(Path directory) {
            return CopyDirectory.trouble(directory);
        }

        /** For who leaves the directory as it is. */
        public Settings forLooks() {
            return keeping == Keeping.NOTHING
                    ? this
                    : new Settings(root, trust, cacheDirectory, Keeping.FOUND, cacheOctets);
        }
    }

    /** What became of a file that was asked for. */
    public enum Arrival {
        /** It was loaded, and is kept. */
        FETCHED,
        /** The copy here is the newest. */
        UNCHANGED,
        /** The server gave no answer; the copy here may be old. */
        UNCONFIRMED,
        /** It was loaded, and will be gone when this process ends. */
        NOT_KEPT
    }

    private static final int FILES_KNOWN = 4_096;

    private final Settings settings;
    private final FileSource local;
    private final RemoteLimits limits;
    private final LongSupplier nanoTime;
    private final Server server;
    private final Cache cache;
    private final DownloadThreads threads;
    private final Map<HttpUrl, RemoteFile> files = new ConcurrentHashMap<>();

    /** @param local has the files of this machine */
    public RemoteFileSource(Settings settings, FileSource local) {
        this(settings, local, RemoteLimits.USUAL, System::nanoTime);
    }

    /** For who loads files before they are needed: an old copy does not do until it is certain that there is no answer. */
    public static RemoteFileSource fetching(Settings settings, FileSource local) {
        return new RemoteFileSource(settings, local, RemoteLimits.USUAL.patient(), System::nanoTime);
    }

    RemoteFileSource(Settings settings, FileSource local, RemoteLimits limits, LongSupplier nanoTime) {
        this.settings = settings;
        this.local = local;
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.server = new Server(settings.root(), settings.trust(), limits);
        this.cache = new Cache(
                new CopyDirectory(settings.cacheDirectory(), settings.keeping()),
                settings.cacheOctets(),
                limits.copies());
        this.threads = new DownloadThreads(limits);
        cache.tidy();
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
        return request(target, Checksums.NONE);
    }

    private CompletionStage<OpenFile> request(FileTarget target, Checksums checksums) {
        if (target instanceof FileTarget.UnderRoot file) {
            return file(settings.root().file(file.path())).request(checksums.of(file.path()));
        }
        return local.request(target);
    }

    /** The same files, those of which that have to have a certain content only with that. */
    public FileSource verifying(Checksums checksums) {
        return new FileSource() {
            @Override
            public OpenFile open(FileTarget target) throws FileUnavailable {
                return FileSource.await(request(target));
            }

            @Override
            public CompletionStage<OpenFile> request(FileTarget target) {
                return RemoteFileSource.this.request(target, checksums);
            }
        };
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
            return new Download(server, url, known, cache, limits, threads, listener);
        }

        @Override
        public boolean begin(Download download) {
            return threads.begin(download);
        }
    }

    /**
     * Waits until a file is here completely.
     *
     * @return empty for a file of this machine
     * @throws IOException when it broke off
     */
    public static Optional<Arrival> arrival(OpenFile file) throws IOException {
        Optional<Copy> copy = Cache.copyOf(file);
        return copy.isPresent() ? Optional.of(arrival(copy.get())) : Optional.empty();
    }

    private static Arrival arrival(Copy copy) throws IOException {
        copy.ended().toCompletableFuture().join();
        if (copy.isBroken()) {
            throw new IOException(copy.complaint());
        }
        boolean kept = copy.kept().toCompletableFuture().join();
        if (!copy.wasFound()) {
            return kept ? Arrival.FETCHED : Arrival.NOT_KEPT;
        }
        return copy.isConfirmed() ? Arrival.UNCHANGED : Arrival.UNCONFIRMED;
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
            return Optional.of(Server.reason(e));
        }
    }

    /** True while the server is not being asked for anything. */
    boolean isIdle() {
        return threads.isIdle();
    }

    /** Octets on this machine's disk. */
    long copiedOctets() {
        return cache.reservedOctets();
    }

    /** Names remembered, of files that are here and of those that are not. */
    int filesKnown() {
        return files.size();
    }

    /** Downloads and asks no more; what is being read can be read to its end. */
    @Override
    public void close() {
        cache.close();
        threads.close();
        server.close();
    }
}

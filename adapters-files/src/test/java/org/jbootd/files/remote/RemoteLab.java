package org.jbootd.files.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jbootd.domain.files.FileSource;
import org.jbootd.domain.files.FileTarget;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.FileUnavailable.Why;
import org.jbootd.domain.files.OpenFile;
import org.jbootd.domain.files.RequestedPath;
import org.jbootd.files.DirectoryFileSource;
import org.jbootd.http.Trust;

/** A real web server on the loopback, a directory for copies, and sources that come and go as processes do. */
final class RemoteLab implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(30);
    static final RemoteLimits LIMITS =
            new RemoteLimits(4, 2, 16, 8, LONG, LONG, LONG, LONG, Duration.ofSeconds(3), LONG);
    private static final long ROOM = 8 << 20;

    final Origin origin = new Origin();
    final Path directory;
    private final Keeping keeping;
    private final AtomicLong now = new AtomicLong();
    private final List<RemoteFileSource> all = new ArrayList<>();
    private RemoteFileSource source;

    RemoteLab(Path directory) throws IOException {
        this(directory, Keeping.ALL);
    }

    /** @param keeping of the sources that {@link #restart} makes */
    RemoteLab(Path directory, Keeping keeping) throws IOException {
        this.directory = directory;
        this.keeping = keeping;
        restart();
    }

    /** Another process, in the place of the former. */
    void restart() {
        restart(LIMITS, ROOM);
    }

    void restart(RemoteLimits limits, long octets) {
        if (source != null) {
            source.close();
        }
        source = another(keeping, limits, octets);
    }

    /** Another process, beside the others. */
    RemoteFileSource another(Keeping keeping, RemoteLimits limits, long octets) {
        RemoteFileSource another = new RemoteFileSource(
                new RemoteFileSource.Settings(
                        RemoteRoot.of(origin.url() + "/r"), Trust.USUAL, directory, keeping, octets),
                new DirectoryFileSource(directory),
                limits,
                now::get);
        all.add(another);
        return another;
    }

    RemoteFileSource another(Keeping keeping) {
        return another(keeping, LIMITS, ROOM);
    }

    RemoteFileSource source() {
        return source;
    }

    static FileTarget under(String name) {
        return new FileTarget.UnderRoot(RequestedPath.parse(name).orElseThrow());
    }

    byte[] read(String name) throws IOException, FileUnavailable {
        return read(source, name);
    }

    static byte[] read(FileSource from, String name) throws IOException, FileUnavailable {
        try (OpenFile file = from.open(under(name))) {
            return read(file);
        }
    }

    static byte[] read(OpenFile file) throws IOException {
        ByteBuffer content = ByteBuffer.allocate((int) file.size());
        file.read(0, content);
        return content.array();
    }

    /** Reads a file and waits until its copy is kept. */
    byte[] keep(String name) throws IOException, FileUnavailable {
        try (OpenFile file = source.open(under(name))) {
            assertThat(RemoteFileSource.arrival(file)).contains(RemoteFileSource.Arrival.FETCHED);
            return read(file);
        }
    }

    /** Waits until whatever has been loaded has its name for good; that is after it has been promised. */
    void settle() {
        await().untilAsserted(() -> assertThat(names())
                .isNotEmpty()
                .allMatch(name -> name.toString().endsWith(".copy")));
    }

    /** Waits until nothing of a file is under way. */
    void arrived(String name) {
        await().until(() -> {
            try (OpenFile file = source.open(under(name))) {
                return file.ready(file.size()).toCompletableFuture().isDone();
            }
        });
    }

    void refused(String name, Why why, String message) {
        assertThatThrownBy(() -> source.open(under(name)))
                .isInstanceOfSatisfying(
                        FileUnavailable.class, e -> assertThat(e.why()).isEqualTo(why))
                .hasMessageContaining(message);
    }

    void refused(String name, String message) {
        refused(source, name, message);
    }

    static void refused(FileSource from, String name, String message) {
        assertThatThrownBy(() -> from.open(under(name)))
                .isInstanceOf(FileUnavailable.class)
                .hasMessageContaining(message);
    }

    /** What the server said is no longer taken as still true; all that was promised is here. */
    void later() {
        await().until(() -> all.stream().allMatch(RemoteFileSource::isIdle));
        now.addAndGet(LIMITS.known().toNanos());
    }

    /** Names in the directory. */
    List<Path> names() throws IOException {
        List<Path> names = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory)) {
            found.forEach(names::add);
        }
        return names;
    }

    Path onlyName() throws IOException {
        assertThat(names()).hasSize(1);
        return names().get(0);
    }

    static void pass(CountDownLatch gate) throws IOException {
        try {
            gate.await(LONG.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Whoever has read has given everything back. */
    @Override
    public void close() throws IOException {
        all.forEach(RemoteFileSource::close);
        origin.close();
        await().untilAsserted(() -> assertThat(all)
                .allSatisfy(each -> assertThat(each.copiedOctets()).isZero()));
        assertThat(names())
                .as("unfinished copies")
                .noneMatch(name -> name.toString().endsWith(".part"));
        if (keeping == Keeping.NOTHING) {
            assertThat(names()).as("names in the directory").isEmpty();
        }
    }
}

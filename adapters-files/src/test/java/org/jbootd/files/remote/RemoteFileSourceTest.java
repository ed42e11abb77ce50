package org.jbootd.files.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jbootd.domain.files.FileDesk;
import org.jbootd.domain.files.FileSource;
import org.jbootd.domain.files.FileTarget;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.FileUnavailable.Why;
import org.jbootd.domain.files.FilenameTranslator;
import org.jbootd.domain.files.Filter;
import org.jbootd.domain.files.OpenFile;
import org.jbootd.domain.files.RequestedPath;
import org.jbootd.files.DirectoryFileSource;
import org.jbootd.http.Trust;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real web server on the loopback. */
@Timeout(60)
class RemoteFileSourceTest {

    private static final RemoteLimits LIMITS = RemoteLimits.USUAL;
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofSeconds(2);

    @TempDir
    private Path cache;

    @TempDir
    private Path local;

    private final AtomicLong now = new AtomicLong();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private Origin origin;
    private RemoteFileSource source;

    @BeforeEach
    void start() throws IOException {
        origin = new Origin();
        source = source(patient(), 8 << 20);
    }

    @AfterEach
    void stop() throws Exception {
        source.close();
        origin.close();
        for (AutoCloseable file : opened) {
            file.close();
        }
        assertThat(Files.list(cache)).as("names in the cache directory").isEmpty();
        await().untilAsserted(() ->
                assertThat(source.copiedOctets()).as("octets on disk").isZero());
    }

    private static RemoteLimits patient() {
        return new RemoteLimits(
                LIMITS.downloads(),
                LIMITS.asking(),
                LIMITS.waiting(),
                LIMITS.copies(),
                LONG,
                LONG,
                LONG,
                LONG,
                LIMITS.known(),
                LONG);
    }

    private RemoteFileSource source(RemoteLimits limits, long octets) {
        return new RemoteFileSource(
                new RemoteFileSource.Settings(
                        RemoteRoot.of(origin.url() + "/r"), Trust.USUAL, cache, Keeping.NOTHING, octets),
                new DirectoryFileSource(local),
                limits,
                now::get);
    }

    private void renew(RemoteLimits limits, long octets) {
        source.close();
        source = source(limits, octets);
    }

    private static FileTarget under(String name) {
        return new FileTarget.UnderRoot(RequestedPath.parse(name).orElseThrow());
    }

    private byte[] read(String name) throws IOException, FileUnavailable {
        try (OpenFile file = source.open(under(name))) {
            return read(file);
        }
    }

    private static byte[] read(OpenFile file) throws IOException {
        ByteBuffer content = ByteBuffer.allocate((int) file.size());
        file.read(0, content);
        return content.array();
    }

    /** What the server said is no longer taken as still true; all that was promised is here. */
    private void later() {
        await().until(source::isIdle);
        now.addAndGet(LIMITS.known().toNanos());
    }

    private void refused(String name, Why why, String message) {
        assertThatThrownBy(() -> source.open(under(name)))
                .isInstanceOfSatisfying(
                        FileUnavailable.class, e -> assertThat(e.why()).isEqualTo(why))
                .hasMessageContaining(message);
    }

    @Test
    void aFileIsServedAsItIs() throws Exception {
        byte[] content = Origin.content(1 << 20);
        origin.serve("/r/a%20b/linux", content, "\"1\"");

        try (OpenFile file = source.open(under("/a b/linux"))) {
            assertThat(file.size()).isEqualTo(content.length);
            assertThat(file.origin()).isEqualTo(origin.url() + "/r/a%20b/linux");
            assertThat(read(file)).isEqualTo(content);
            ByteBuffer end = ByteBuffer.allocate(1000);
            file.read(content.length - 10, end);
            assertThat(end.position()).isEqualTo(10);
        }
        origin.serve("/r/empty", new byte[0], "\"1\"");
        assertThat(read("empty")).isEmpty();
    }

    @Test
    void filesOfThisMachineDoNotNeedTheServer() throws Exception {
        Files.writeString(local.resolve("menu"), "local");
        origin.goAway();

        try (OpenFile file =
                source.open(new FileTarget.Absolute(local.resolve("menu").toString()))) {
            assertThat(read(file)).isEqualTo("local".getBytes(UTF_8));
        }
        assertThat(origin.asked()).isEmpty();
    }

    @Test
    void allWhoWantAFileAtOnceCauseOneDownload() throws Exception {
        byte[] content = Origin.content(3_000_000);
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger downloads = new AtomicInteger();
        origin.serve("/r/initrd", exchange -> {
            downloads.incrementAndGet();
            pass(gate);
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        });
        List<CompletableFuture<OpenFile>> readers = Stream.generate(
                        () -> source.request(under("initrd")).toCompletableFuture())
                .limit(500)
                .toList();
        assertThat(readers).noneMatch(CompletableFuture::isDone);
        gate.countDown();

        for (CompletableFuture<OpenFile> reader : readers) {
            try (OpenFile file = reader.join()) {
                assertThat(file.version()).isEqualTo(readers.get(0).join().version());
                assertThat(Arrays.equals(read(file), content)).isTrue();
            }
        }
        assertThat(downloads).hasValue(1);
    }

    @Test
    void aFileIsServedWhileItArrives() throws Exception {
        byte[] content = Origin.content(2_000_000);
        CountDownLatch gate = new CountDownLatch(1);
        origin.serve("/r/slow", exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, 1_000_000);
            exchange.getResponseBody().flush();
            pass(gate);
            exchange.getResponseBody().write(content, 1_000_000, 1_000_000);
        });
        try (OpenFile file = source.open(under("slow"))) {
            assertThat(file.size()).isEqualTo(content.length);
            file.ready(900_000).toCompletableFuture().join();
            CompletableFuture<Void> rest = file.ready(1_500_000).toCompletableFuture();
            assertThat(rest).isNotDone();
            try (OpenFile second = source.open(under("slow"))) {
                assertThat(second.version()).isEqualTo(file.version());
            }
            ByteBuffer first = ByteBuffer.allocate(900_000);
            file.read(0, first);
            assertThat(first.array()).isEqualTo(Arrays.copyOf(content, 900_000));
            gate.countDown();
            rest.join();
            assertThat(read(file)).isEqualTo(content);
        } finally {
            gate.countDown();
        }
    }

    @Test
    void withoutALengthAFileIsServedOnceItIsWhole() throws Exception {
        byte[] content = Origin.content(500_000);
        origin.serve("/r/chunked", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(content);
        });
        try (OpenFile file = source.open(under("chunked"))) {
            assertThat(file.size()).isEqualTo(content.length);
            assertThat(read(file)).isEqualTo(content);
        }
    }

    @Test
    void theServerIsAskedAgainOnlyAfterAWhileAndSendsOnlyWhatIsNew() throws Exception {
        origin.serve("/r/a", "one".getBytes(UTF_8), "\"1\"");
        assertThat(read("a")).isEqualTo("one".getBytes(UTF_8));
        settled("a");
        assertThat(read("a")).isEqualTo("one".getBytes(UTF_8));
        assertThat(origin.asked()).hasSize(1);

        OpenFile older = source.open(under("a"));
        opened.add(older);
        later();
        assertThat(read("a")).isEqualTo("one".getBytes(UTF_8));
        assertThat(origin.asked()).hasSize(2);
        settled("a");

        origin.serve("/r/a", "two!".getBytes(UTF_8), "\"2\"");
        later();
        assertThat(read("a")).isEqualTo("two!".getBytes(UTF_8));
        assertThat(read(older)).as("a reader keeps its version").isEqualTo("one".getBytes(UTF_8));
        settled("a");

        origin.remove("/r/a");
        later();
        refused("a", Why.NOT_FOUND, "the server answered 404");
    }

    /** Waits until nothing of the file is under way. */
    private void settled(String name) {
        await().until(() -> {
            try (OpenFile file = source.open(under(name))) {
                return file.ready(file.size()).toCompletableFuture().isDone();
            }
        });
    }

    @Test
    void whileTheServerIsAwayTheCopiesHereAreServed() throws Exception {
        origin.serve("/r/a", "one".getBytes(UTF_8), "\"1\"");
        read("a");
        origin.goAway();
        later();
        assertThat(read("a")).isEqualTo("one".getBytes(UTF_8));
        refused("b", Why.BROKEN, "cannot be had");
        assertThat(source.trouble()).isPresent();

        origin.comeBack();
        origin.serve("/r/a", "two!".getBytes(UTF_8), "\"2\"");
        later();
        assertThat(read("a")).isEqualTo("two!".getBytes(UTF_8));
        assertThat(source.trouble()).isEmpty();
    }

    @Test
    void aServerThatTakesItsTimeIsNotWaitedForWhenACopyIsHere() throws Exception {
        renew(new RemoteLimits(4, 1, 4, 4, LONG, LONG, LONG, LONG, LIMITS.known(), SHORT), 1 << 20);
        origin.serve("/r/a", "one".getBytes(UTF_8), "\"1\"");
        read("a");
        settled("a");
        CountDownLatch gate = new CountDownLatch(1);
        origin.serve("/r/a", exchange -> {
            pass(gate);
            byte[] content = "two!".getBytes(UTF_8);
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        });
        later();
        assertThat(read("a")).isEqualTo("one".getBytes(UTF_8));
        assertThat(read("a")).isEqualTo("one".getBytes(UTF_8));
        gate.countDown();
        await().untilAsserted(() -> assertThat(read("a")).isEqualTo("two!".getBytes(UTF_8)));
        assertThat(origin.asked()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 416, 500, 503, 206, 204})
    void otherAnswersAreNoFile(int status) {
        origin.serve("/r/a", exchange -> exchange.sendResponseHeaders(status, -1));

        refused("a", Why.BROKEN, "/r/a: the server answered " + status);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        refused("none", Why.NOT_FOUND, "/r/none: the server answered 404");
        origin.serve("/r/gone", exchange -> exchange.sendResponseHeaders(410, -1));
        refused("gone", Why.NOT_FOUND, "410");
    }

    private static HttpHandler redirect(String target) {
        return exchange -> {
            exchange.getResponseHeaders().set("Location", target);
            exchange.sendResponseHeaders(302, -1);
        };
    }

    @Test
    void redirectsAreFollowedOnlyOnTheSameServer() throws Exception {
        origin.serve("/r/here", redirect("/other/place"));
        origin.serve("/other/place", "moved".getBytes(UTF_8), "\"1\"");
        assertThat(read("here")).isEqualTo("moved".getBytes(UTF_8));

        origin.serve("/r/loop", redirect("loop"));
        refused("loop", Why.BROKEN, "more than 5 redirects");
        origin.serve("/r/directory", redirect("directory/"));
        refused("directory", Why.NOT_A_FILE, "is a directory");
        try (Origin other = new Origin()) {
            for (String target : List.of(
                    other.url() + "/x", "https://localhost:" + origin.port() + "/r/here", "file:///etc/passwd", "")) {
                origin.serve("/r/away", redirect(target));
                assertThatThrownBy(() -> source.open(under("away"))).isInstanceOf(FileUnavailable.class);
            }
            refused("away", Why.BROKEN, "redirects");
            origin.serve("/r/away", redirect(other.url() + "/x"));
            refused("away", Why.BROKEN, "sends on to another one, " + other.url() + "/x; name the right one in");
            assertThat(other.asked()).isEmpty();
        }
    }

    @Test
    void aConnectionThatBreaksIsMendedByAskingForTheRest() throws Exception {
        byte[] content = Origin.content(1_000_000);
        AtomicInteger requests = new AtomicInteger();
        origin.serve("/r/whole", content, "\"1\"");
        origin.serve("/r/a", exchange -> {
            if (requests.incrementAndGet() == 1) {
                breakOff(exchange, content, "\"1\"");
            } else {
                exchange.getResponseHeaders().set("ETag", "\"1\"");
                int from = Integer.parseInt(
                        exchange.getRequestHeaders().getFirst("Range").replaceAll("\\D", ""));
                assertThat(exchange.getRequestHeaders().getFirst("If-Range")).isEqualTo("\"1\"");
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
                exchange.sendResponseHeaders(206, content.length - from);
                exchange.getResponseBody().write(content, from, content.length - from);
            }
        });
        assertThat(read("a")).isEqualTo(content);
        assertThat(origin.asked()).hasSize(2).last().asString().contains(" bytes=");
    }

    private static void breakOff(com.sun.net.httpserver.HttpExchange exchange, byte[] content, String etag)
            throws IOException {
        exchange.getResponseHeaders().set("ETag", etag);
        exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content, 0, content.length / 2);
        exchange.getResponseBody().flush();
    }

    @Test
    void aFileIsNeverShortNorOfTwoVersions() throws Exception {
        byte[] content = Origin.content(1_000_000);
        origin.serve("/r/cut", exchange -> breakOff(exchange, content, "W/\"weak\""));
        AtomicInteger requests = new AtomicInteger();
        origin.serve("/r/changed", exchange -> {
            if (requests.incrementAndGet() == 1) {
                breakOff(exchange, content, "\"1\"");
            } else {
                exchange.sendResponseHeaders(200, content.length);
                exchange.getResponseBody().write(new byte[content.length]);
            }
        });
        for (String name : List.of("cut", "changed")) {
            try (OpenFile file = source.open(under(name))) {
                file.ready(file.size()).toCompletableFuture().join();
                assertThatThrownBy(() -> read(file))
                        .isInstanceOf(IOException.class)
                        .hasMessageMatching(".*/r/" + name + " broke off after \\d+ of 1000000 octets");
            }
        }
        assertThat(read("changed")).as("the next one begins anew").isEqualTo(new byte[content.length]);
    }

    @Test
    void aFileCutShortLeavesTheOlderOneInPlace() throws Exception {
        byte[] content = Origin.content(1_000_000);
        origin.serve("/r/a", "one".getBytes(UTF_8), "\"1\"");
        read("a");
        settled("a");
        origin.serve("/r/a", exchange -> breakOff(exchange, content, "W/\"2\""));
        later();
        assertThatThrownBy(() -> read("a")).isInstanceOf(IOException.class);
        origin.goAway();
        await().untilAsserted(() -> assertThat(read("a")).isEqualTo("one".getBytes(UTF_8)));
    }

    @Test
    void aServerThatNeverAnswersCostsATimeAndHoldsUpNobody() throws Exception {
        renew(new RemoteLimits(1, 1, 3, 4, LONG, SHORT, LONG, LONG, LIMITS.known(), LONG), 1 << 20);
        Files.writeString(local.resolve("menu"), "local");
        CountDownLatch gate = new CountDownLatch(1);
        origin.serve("/r/hangs", exchange -> pass(gate));
        List<CompletableFuture<OpenFile>> asked = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            origin.serve("/r/hangs" + i, exchange -> pass(gate));
            asked.add(source.request(under("hangs" + i)).toCompletableFuture());
        }
        try (OpenFile file =
                source.open(new FileTarget.Absolute(local.resolve("menu").toString()))) {
            assertThat(read(file)).isEqualTo("local".getBytes(UTF_8));
        }
        assertThat(asked.get(5))
                .as("two are asked for, three wait")
                .isCompletedExceptionally()
                .failsWithin(LONG)
                .withThrowableThat()
                .withMessageContaining("3 files wait for the server");
        for (CompletableFuture<OpenFile> file : asked.subList(0, 5)) {
            assertThat(file)
                    .failsWithin(LONG)
                    .withThrowableThat()
                    .withMessageContaining("no answer within " + SHORT.toMillis() + " ms");
        }
        gate.countDown();
        origin.serve("/r/a", "well".getBytes(UTF_8), "\"1\"");
        await().untilAsserted(() -> assertThat(read("a")).isEqualTo("well".getBytes(UTF_8)));
    }

    @Test
    void aServerThatStopsInTheMiddleCostsATime() throws Exception {
        renew(new RemoteLimits(4, 1, 4, 4, LONG, LONG, SHORT, LONG, LIMITS.known(), LONG), 1 << 20);
        CountDownLatch gate = new CountDownLatch(1);
        byte[] content = Origin.content(100_000);
        origin.serve("/r/stops", exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, 50_000);
            exchange.getResponseBody().flush();
            pass(gate);
        });
        try (OpenFile file = source.open(under("stops"))) {
            assertThatThrownBy(() -> read(file)).hasMessageContaining("broke off after 50000 of 100000 octets");
        }
        gate.countDown();
    }

    @Test
    void aServerThatDripsCostsATime() throws Exception {
        renew(new RemoteLimits(4, 1, 4, 4, LONG, LONG, LONG, SHORT, LIMITS.known(), LONG), 1 << 20);
        CountDownLatch gate = new CountDownLatch(1);
        origin.serve("/r/drips", exchange -> {
            exchange.sendResponseHeaders(200, 1_000_000);
            while (!passedWithin(gate, Duration.ofMillis(10))) {
                exchange.getResponseBody().write(1);
                exchange.getResponseBody().flush();
            }
        });
        try (OpenFile file = source.open(under("drips"))) {
            assertThatThrownBy(() -> read(file)).hasMessageContaining("broke off after ");
        }
        gate.countDown();
    }

    @Test
    void copiesTakeOnlySoMuchRoom() throws Exception {
        renew(patient(), 1_000_000);
        for (String name : List.of("a", "b", "c")) {
            origin.serve("/r/" + name, Origin.content(400_000), "\"1\"");
        }
        origin.serve("/r/huge", Origin.content(1_000_001), "\"1\"");
        origin.serve("/r/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] piece = new byte[64 << 10];
            for (int i = 0; i < 100; i++) {
                exchange.getResponseBody().write(piece);
            }
        });
        OpenFile a = source.open(under("a"));
        read("b");
        settled("b");
        read("c");
        settled("c");
        assertThat(source.copiedOctets()).isEqualTo(800_000);
        assertThat(read(a)).as("what is read stays").isEqualTo(Origin.content(400_000));
        refused("huge", Why.BROKEN, "/r/huge needs room for 1000001 octets, and files in use leave 600000 of");
        assertThat(source.copiedOctets()).as("nothing goes in vain").isEqualTo(800_000);
        refused("endless", Why.BROKEN, "that [tftp] cache_size allows");
        a.close();
        assertThat(read("b")).as("is loaded again").isEqualTo(Origin.content(400_000));
    }

    @Test
    void aCacheThatCannotBeWrittenIsNamed() {
        source.close();
        source = new RemoteFileSource(
                new RemoteFileSource.Settings(
                        RemoteRoot.of(origin.url() + "/r"),
                        Trust.USUAL,
                        cache.resolve("none"),
                        Keeping.NOTHING,
                        1 << 20),
                new DirectoryFileSource(local));
        origin.serve("/r/a", "one".getBytes(UTF_8), "\"1\"");

        refused("a", Why.BROKEN, "no file can be made in [tftp] cache_dir " + cache.resolve("none"));
    }

    @Test
    void theServerIsToldWhoAsks() throws Exception {
        source.close();
        String url = origin.url().replace("//", "//anna:secret@") + "/r";
        source = new RemoteFileSource(
                new RemoteFileSource.Settings(RemoteRoot.of(url), Trust.USUAL, cache, Keeping.NOTHING, 1 << 20),
                new DirectoryFileSource(local));
        origin.serve("/r/a", exchange -> {
            String who = exchange.getRequestHeaders().getFirst("Authorization");
            byte[] content = (who + " " + exchange.getRequestHeaders().getFirst("Accept-Encoding")).getBytes(UTF_8);
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        });

        assertThat(new String(read("a"), UTF_8)).isEqualTo("Basic YW5uYTpzZWNyZXQ= identity");
        assertThatThrownBy(() -> source.open(under("none"))).hasMessageNotContaining("secret");
    }

    @Test
    void filtersLeadToFilesOfTheServerAndTheNamesInThem() throws Exception {
        FileDesk desk = new FileDesk(
                new FilenameTranslator(
                        List.of(Filter.parse("startup", "[d/{filename}.cfg]"), Filter.parse("x/*", "y/{filename}"))),
                source);
        origin.serve("/r/d/startup.cfg", "\n images/a kernel \nother\n".getBytes(UTF_8), "\"1\"");
        origin.serve("/r/images/a%20kernel", "kernel".getBytes(UTF_8), "\"1\"");
        origin.serve("/r/y/x/1", "one".getBytes(UTF_8), "\"1\"");

        try (OpenFile kernel = desk.open("startup");
                OpenFile one = desk.open("x/1")) {
            assertThat(read(kernel)).isEqualTo("kernel".getBytes(UTF_8));
            assertThat(read(one)).isEqualTo("one".getBytes(UTF_8));
        }
        origin.serve("/r/d/startup.cfg", "/etc/passwd".getBytes(UTF_8), "\"2\"");
        later();
        assertThatThrownBy(() -> desk.open("startup"))
                .as("a server names no files of this machine")
                .hasMessageContaining("/r/etc/passwd: the server answered 404");
        origin.serve("/r/d/startup.cfg", Origin.content(5000), "\"3\"");
        later();
        assertThatThrownBy(() -> desk.open("startup")).hasMessageContaining("has 5000 octets");
    }

    @Test
    void aServerThatIsNotTheRightOneHasNoFiles() throws Exception {
        HeldCertificate ours =
                new HeldCertificate.Builder().certificateAuthority(0).build();
        HeldCertificate shown = new HeldCertificate.Builder()
                .addSubjectAlternativeName("localhost")
                .signedBy(ours)
                .build();
        try (MockWebServer secure = new MockWebServer()) {
            secure.useHttps(new HandshakeCertificates.Builder()
                    .heldCertificate(shown)
                    .build()
                    .sslSocketFactory());
            secure.enqueue(new MockResponse.Builder().code(200).body("well").build());
            secure.start();
            RemoteRoot root = RemoteRoot.of("https://localhost:" + secure.getPort() + "/r");
            FileSource none = new DirectoryFileSource(local);

            try (RemoteFileSource usual = new RemoteFileSource(
                    new RemoteFileSource.Settings(root, Trust.USUAL, cache, Keeping.NOTHING, 1 << 20), none)) {
                assertThatThrownBy(() -> usual.open(under("a"))).isInstanceOf(FileUnavailable.class);
            }
            assertThat(secure.getRequestCount()).isZero();
            Trust trust = new Trust(List.of(ours.certificate()), List.of());
            try (RemoteFileSource right = new RemoteFileSource(
                            new RemoteFileSource.Settings(root, trust, cache, Keeping.NOTHING, 1 << 20), none);
                    OpenFile file = right.open(under("a"))) {
                assertThat(read(file)).isEqualTo("well".getBytes(UTF_8));
            }
        }
    }

    @Test
    void onceClosedNothingMoreIsLoadedAndReadersGoOn() throws Exception {
        origin.serve("/r/a", "one".getBytes(UTF_8), "\"1\"");
        origin.serve("/r/b", "two".getBytes(UTF_8), "\"1\"");
        OpenFile reader = source.open(under("a"));
        opened.add(reader);
        source.close();

        assertThat(read(reader)).isEqualTo("one".getBytes(UTF_8));
        assertThatThrownBy(() -> source.open(under("b"))).isInstanceOf(FileUnavailable.class);
    }

    private static void pass(CountDownLatch gate) throws IOException {
        passedWithin(gate, LONG);
    }

    private static boolean passedWithin(CountDownLatch gate, Duration patience) throws IOException {
        try {
            return gate.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}

package org.jbootd.files.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.jbootd.files.remote.RemoteLab.LIMITS;
import static org.jbootd.files.remote.RemoteLab.LONG;
import static org.jbootd.files.remote.RemoteLab.pass;
import static org.jbootd.files.remote.RemoteLab.read;
import static org.jbootd.files.remote.RemoteLab.under;

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
import java.util.concurrent.atomic.AtomicInteger;
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
import org.jbootd.files.DirectoryFileSource;
import org.jbootd.http.Trust;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a real web server on the loopback. */
@Timeout(60)
class RemoteFileSourceTest {

    private static final Duration SHORT = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    @TempDir
    private Path local;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private RemoteLab lab;
    private Origin origin;

    @BeforeEach
    void start() throws IOException {
        lab = new RemoteLab(directory, Keeping.NOTHING);
        origin = lab.origin;
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable file : opened) {
            file.close();
        }
        lab.close();
    }

    @Test
    void aFileIsServedAsItIs() throws Exception {
        byte[] content = Origin.content(1 << 20);
        origin.serve("/r/a%20b/linux", content, "\"1\"");

        try (OpenFile file = lab.source().open(under("/a b/linux"))) {
            assertThat(file.size()).isEqualTo(content.length);
            assertThat(file.origin()).isEqualTo(origin.url() + "/r/a%20b/linux");
            assertThat(read(file)).isEqualTo(content);
            ByteBuffer end = ByteBuffer.allocate(1000);
            file.read(content.length - 10, end);
            assertThat(end.position()).isEqualTo(10);
        }
        origin.serve("/r/empty", new byte[0], "\"1\"");
        assertThat(lab.read("empty")).isEmpty();
    }

    @Test
    void filesOfThisMachineDoNotNeedTheServer() throws Exception {
        Files.writeString(local.resolve("menu"), "local");
        origin.goAway();

        try (OpenFile file =
                lab.source().open(new FileTarget.Absolute(local.resolve("menu").toString()))) {
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
                        () -> lab.source().request(under("initrd")).toCompletableFuture())
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
        try (OpenFile file = lab.source().open(under("slow"))) {
            assertThat(file.size()).isEqualTo(content.length);
            file.ready(900_000).toCompletableFuture().join();
            CompletableFuture<Void> rest = file.ready(1_500_000).toCompletableFuture();
            assertThat(rest).isNotDone();
            try (OpenFile second = lab.source().open(under("slow"))) {
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
        try (OpenFile file = lab.source().open(under("chunked"))) {
            assertThat(file.size()).isEqualTo(content.length);
            assertThat(read(file)).isEqualTo(content);
        }
    }

    @Test
    void theServerIsAskedAgainOnlyAfterAWhileAndSendsOnlyWhatIsNew() throws Exception {
        origin.serve("/r/a", "one".getBytes(UTF_8), "\"1\"");
        assertThat(lab.read("a")).isEqualTo("one".getBytes(UTF_8));
        lab.arrived("a");
        assertThat(lab.read("a")).isEqualTo("one".getBytes(UTF_8));
        assertThat(origin.asked()).hasSize(1);

        OpenFile older = lab.source().open(under("a"));
        opened.add(older);
        lab.later();
        assertThat(lab.read("a")).isEqualTo("one".getBytes(UTF_8));
        assertThat(origin.asked()).hasSize(2);
        lab.arrived("a");

        origin.serve("/r/a", "two!".getBytes(UTF_8), "\"2\"");
        lab.later();
        assertThat(lab.read("a")).isEqualTo("two!".getBytes(UTF_8));
        assertThat(read(older)).as("a reader keeps its version").isEqualTo("one".getBytes(UTF_8));
        lab.arrived("a");

        origin.remove("/r/a");
        lab.later();
        lab.refused("a", Why.NOT_FOUND, "the server answered 404");
    }

    @Test
    void whileTheServerIsAwayTheCopiesHereAreServed() throws Exception {
        origin.serve("/r/a", "one".getBytes(UTF_8), "\"1\"");
        lab.read("a");
        origin.goAway();
        lab.later();
        assertThat(lab.read("a")).isEqualTo("one".getBytes(UTF_8));
        lab.refused("b", Why.BROKEN, "cannot be had");
        assertThat(lab.source().trouble()).isPresent();

        origin.comeBack();
        origin.serve("/r/a", "two!".getBytes(UTF_8), "\"2\"");
        lab.later();
        assertThat(lab.read("a")).isEqualTo("two!".getBytes(UTF_8));
        assertThat(lab.source().trouble()).isEmpty();
    }

    @Test
    void aServerThatTakesItsTimeIsNotWaitedForWhenACopyIsHere() throws Exception {
        lab.restart(new RemoteLimits(4, 1, 4, 4, LONG, LONG, LONG, LONG, LIMITS.known(), SHORT), 1 << 20);
        origin.serve("/r/a", "one".getBytes(UTF_8), "\"1\"");
        lab.read("a");
        lab.arrived("a");
        CountDownLatch gate = new CountDownLatch(1);
        origin.serve("/r/a", exchange -> {
            pass(gate);
            byte[] content = "two!".getBytes(UTF_8);
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        });
        lab.later();
        assertThat(lab.read("a")).isEqualTo("one".getBytes(UTF_8));
        assertThat(lab.read("a")).isEqualTo("one".getBytes(UTF_8));
        gate.countDown();
        await().untilAsserted(() -> assertThat(lab.read("a")).isEqualTo("two!".getBytes(UTF_8)));
        assertThat(origin.asked()).hasSize(2);
    }

    @Test
    void copiesTakeOnlySoMuchRoom() throws Exception {
        lab.restart(LIMITS, 1_000_000);
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
        OpenFile a = lab.source().open(under("a"));
        lab.read("b");
        lab.arrived("b");
        lab.read("c");
        lab.arrived("c");
        assertThat(lab.source().copiedOctets()).isEqualTo(800_000);
        assertThat(read(a)).as("what is read stays").isEqualTo(Origin.content(400_000));
        lab.refused("huge", Why.BROKEN, "/r/huge needs room for 1000001 octets, and files in use leave 600000 of");
        assertThat(lab.source().copiedOctets()).as("nothing goes in vain").isEqualTo(800_000);
        lab.refused("endless", Why.BROKEN, "that [tftp] cache_size allows");
        a.close();
        assertThat(lab.read("b")).as("is loaded again").isEqualTo(Origin.content(400_000));
    }

    @Test
    void aCacheThatCannotBeWrittenIsNamed() {
        Path none = directory.resolve("none");
        origin.serve("/r/a", "one".getBytes(UTF_8), "\"1\"");
        try (RemoteFileSource source = new RemoteFileSource(
                new RemoteFileSource.Settings(
                        RemoteRoot.of(origin.url() + "/r"), Trust.USUAL, none, Keeping.NOTHING, 1 << 20),
                new DirectoryFileSource(local))) {
            assertThatThrownBy(() -> source.open(under("a")))
                    .isInstanceOfSatisfying(
                            FileUnavailable.class, e -> assertThat(e.why()).isEqualTo(Why.BROKEN))
                    .hasMessageContaining("no file can be made in [tftp] cache_dir " + none);
        }
    }

    @Test
    void theServerIsToldWhoAsks() throws Exception {
        String url = origin.url().replace("//", "//anna:secret@") + "/r";
        origin.serve("/r/a", exchange -> {
            String who = exchange.getRequestHeaders().getFirst("Authorization");
            byte[] content = (who + " " + exchange.getRequestHeaders().getFirst("Accept-Encoding")).getBytes(UTF_8);
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        });

        try (RemoteFileSource source = new RemoteFileSource(
                new RemoteFileSource.Settings(RemoteRoot.of(url), Trust.USUAL, directory, Keeping.NOTHING, 1 << 20),
                new DirectoryFileSource(local))) {
            assertThat(new String(RemoteLab.read(source, "a"), UTF_8)).isEqualTo("Basic YW5uYTpzZWNyZXQ= identity");
            assertThatThrownBy(() -> source.open(under("none"))).hasMessageNotContaining("secret");
        }
    }

    @Test
    void filtersLeadToFilesOfTheServerAndTheNamesInThem() throws Exception {
        FileDesk desk = new FileDesk(
                new FilenameTranslator(
                        List.of(Filter.parse("startup", "[d/{filename}.cfg]"), Filter.parse("x/*", "y/{filename}"))),
                lab.source());
        origin.serve("/r/d/startup.cfg", "\n images/a kernel \nother\n".getBytes(UTF_8), "\"1\"");
        origin.serve("/r/images/a%20kernel", "kernel".getBytes(UTF_8), "\"1\"");
        origin.serve("/r/y/x/1", "one".getBytes(UTF_8), "\"1\"");

        try (OpenFile kernel = desk.open("startup");
                OpenFile one = desk.open("x/1")) {
            assertThat(read(kernel)).isEqualTo("kernel".getBytes(UTF_8));
            assertThat(read(one)).isEqualTo("one".getBytes(UTF_8));
        }
        origin.serve("/r/d/startup.cfg", "/etc/passwd".getBytes(UTF_8), "\"2\"");
        lab.later();
        assertThatThrownBy(() -> desk.open("startup"))
                .as("a server names no files of this machine")
                .hasMessageContaining("/r/etc/passwd: the server answered 404");
        origin.serve("/r/d/startup.cfg", Origin.content(5000), "\"3\"");
        lab.later();
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
                    new RemoteFileSource.Settings(root, Trust.USUAL, directory, Keeping.NOTHING, 1 << 20), none)) {
                assertThatThrownBy(() -> usual.open(under("a"))).isInstanceOf(FileUnavailable.class);
            }
            assertThat(secure.getRequestCount()).isZero();
            Trust trust = new Trust(List.of(ours.certificate()), List.of());
            try (RemoteFileSource right = new RemoteFileSource(
                            new RemoteFileSource.Settings(root, trust, directory, Keeping.NOTHING, 1 << 20), none);
                    OpenFile file = right.open(under("a"))) {
                assertThat(read(file)).isEqualTo("well".getBytes(UTF_8));
            }
        }
    }

    @Test
    void onceClosedNothingMoreIsLoadedAndReadersGoOn() throws Exception {
        origin.serve("/r/a", "one".getBytes(UTF_8), "\"1\"");
        origin.serve("/r/b", "two".getBytes(UTF_8), "\"1\"");
        OpenFile reader = lab.source().open(under("a"));
        opened.add(reader);
        lab.source().close();

        assertThat(read(reader)).isEqualTo("one".getBytes(UTF_8));
        assertThatThrownBy(() -> lab.source().open(under("b"))).isInstanceOf(FileUnavailable.class);
    }
}

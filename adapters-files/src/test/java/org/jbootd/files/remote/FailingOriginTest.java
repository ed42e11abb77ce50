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

import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jbootd.domain.files.FileTarget;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.FileUnavailable.Why;
import org.jbootd.domain.files.OpenFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that have no file, break off, or take too long. */
@Timeout(60)
class FailingOriginTest {

    private static final Duration SHORT = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    @TempDir
    private Path local;

    private RemoteLab lab;
    private Origin origin;

    @BeforeEach
    void start() throws IOException {
        lab = new RemoteLab(directory, Keeping.NOTHING);
        origin = lab.origin;
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 416, 500, 503, 206, 204})
    void otherAnswersAreNoFile(int status) {
        origin.serve("/r/a", exchange -> exchange.sendResponseHeaders(status, -1));

        lab.refused("a", Why.BROKEN, "/r/a: the server answered " + status);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        lab.refused("none", Why.NOT_FOUND, "/r/none: the server answered 404");
        origin.serve("/r/gone", exchange -> exchange.sendResponseHeaders(410, -1));
        lab.refused("gone", Why.NOT_FOUND, "410");
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
        assertThat(lab.read("here")).isEqualTo("moved".getBytes(UTF_8));

        origin.serve("/r/loop", redirect("loop"));
        lab.refused("loop", Why.BROKEN, "more than 5 redirects");
        origin.serve("/r/directory", redirect("directory/"));
        lab.refused("directory", Why.NOT_A_FILE, "is a directory");
        try (Origin other = new Origin()) {
            for (String target : List.of(
                    other.url() + "/x", "https://localhost:" + origin.port() + "/r/here", "file:///etc/passwd", "")) {
                origin.serve("/r/away", redirect(target));
                assertThatThrownBy(() -> lab.source().open(under("away"))).isInstanceOf(FileUnavailable.class);
            }
            lab.refused("away", Why.BROKEN, "redirects");
            origin.serve("/r/away", redirect(other.url() + "/x"));
            lab.refused("away", Why.BROKEN, "sends on to another one, " + other.url() + "/x; name the right one in");
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
        assertThat(lab.read("a")).isEqualTo(content);
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
            try (OpenFile file = lab.source().open(under(name))) {
                file.ready(file.size()).toCompletableFuture().join();
                assertThatThrownBy(() -> read(file))
                        .isInstanceOf(IOException.class)
                        .hasMessageMatching(".*/r/" + name + " broke off after \\d+ of 1000000 octets");
            }
        }
        assertThat(lab.read("changed")).as("the next one begins anew").isEqualTo(new byte[content.length]);
    }

    @Test
    void aFileCutShortLeavesTheOlderOneInPlace() throws Exception {
        byte[] content = Origin.content(1_000_000);
        origin.serve("/r/a", "one".getBytes(UTF_8), "\"1\"");
        lab.read("a");
        lab.arrived("a");
        origin.serve("/r/a", exchange -> breakOff(exchange, content, "W/\"2\""));
        lab.later();
        assertThatThrownBy(() -> lab.read("a")).isInstanceOf(IOException.class);
        origin.goAway();
        await().untilAsserted(() -> assertThat(lab.read("a")).isEqualTo("one".getBytes(UTF_8)));
    }

    @Test
    void aServerThatNeverAnswersCostsATimeAndHoldsUpNobody() throws Exception {
        lab.restart(new RemoteLimits(1, 1, 3, 4, LONG, SHORT, LONG, LONG, LIMITS.known(), LONG), 1 << 20);
        Files.writeString(local.resolve("menu"), "local");
        CountDownLatch gate = new CountDownLatch(1);
        origin.serve("/r/hangs", exchange -> pass(gate));
        List<CompletableFuture<OpenFile>> asked = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            origin.serve("/r/hangs" + i, exchange -> pass(gate));
            asked.add(lab.source().request(under("hangs" + i)).toCompletableFuture());
        }
        try (OpenFile file =
                lab.source().open(new FileTarget.Absolute(local.resolve("menu").toString()))) {
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
        await().untilAsserted(() -> assertThat(lab.read("a")).isEqualTo("well".getBytes(UTF_8)));
    }

    @Test
    void aServerThatStopsInTheMiddleCostsATime() throws Exception {
        lab.restart(new RemoteLimits(4, 1, 4, 4, LONG, LONG, SHORT, LONG, LIMITS.known(), LONG), 1 << 20);
        CountDownLatch gate = new CountDownLatch(1);
        byte[] content = Origin.content(100_000);
        origin.serve("/r/stops", exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, 50_000);
            exchange.getResponseBody().flush();
            pass(gate);
        });
        try (OpenFile file = lab.source().open(under("stops"))) {
            assertThatThrownBy(() -> read(file)).hasMessageContaining("broke off after 50000 of 100000 octets");
        }
        gate.countDown();
    }

    @Test
    void aServerThatDripsCostsATime() throws Exception {
        lab.restart(new RemoteLimits(4, 1, 4, 4, LONG, LONG, LONG, SHORT, LIMITS.known(), LONG), 1 << 20);
        CountDownLatch gate = new CountDownLatch(1);
        origin.serve("/r/drips", exchange -> {
            exchange.sendResponseHeaders(200, 1_000_000);
            while (!passedWithin(gate, Duration.ofMillis(10))) {
                exchange.getResponseBody().write(1);
                exchange.getResponseBody().flush();
            }
        });
        try (OpenFile file = lab.source().open(under("drips"))) {
            assertThatThrownBy(() -> read(file)).hasMessageContaining("broke off after ");
        }
        gate.countDown();
    }

    private static boolean passedWithin(CountDownLatch gate, Duration patience) throws IOException {
        try {
            return gate.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}

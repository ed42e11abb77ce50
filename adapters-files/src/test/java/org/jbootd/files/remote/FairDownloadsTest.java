package org.jbootd.files.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jbootd.domain.files.OpenFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who waits for whom when many files are wanted at once. */
@Timeout(60)
class FairDownloadsTest {

    private static final Duration LONG = RemoteLab.LONG;
    private static final Duration SHORT = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    private final CountDownLatch gate = new CountDownLatch(1);
    private final List<CompletableFuture<OpenFile>> promised = new ArrayList<>();
    private RemoteLab lab;

    @BeforeEach
    void start() throws IOException {
        lab = new RemoteLab(directory);
    }

    @AfterEach
    void stop() throws IOException {
        gate.countDown();
        promised.forEach(file -> file.whenComplete((open, failure) -> {
            if (open != null) {
                open.close();
            }
        }));
        lab.close();
    }

    /** Two are loaded at once, and one thread more asks. */
    private void twoAtOnce(Duration answer) {
        lab.restart(new RemoteLimits(2, 1, 3, 8, LONG, answer, LONG, LONG, Duration.ofSeconds(3), LONG), 8 << 20);
    }

    private static byte[] content(int number) {
        return Origin.content(100_000 + number);
    }

    /** Files that begin, and go on when the gate opens. */
    private void request(int first, int count) {
        IntStream.range(first, first + count).forEach(number -> {
            lab.origin.serve("/r/slow" + number, exchange -> {
                exchange.sendResponseHeaders(200, content(number).length);
                exchange.getResponseBody().write(content(number), 0, 1000);
                exchange.getResponseBody().flush();
                RemoteLab.pass(gate);
                exchange.getResponseBody().write(content(number), 1000, content(number).length - 1000);
            });
            promised.add(lab.source().request(RemoteLab.under("slow" + number)).toCompletableFuture());
        });
    }

    @Test
    void slowFilesDoNotHoldUpAnswersWithoutContent() throws Exception {
        lab.origin.serve("/r/kept", "one".getBytes(UTF_8), "\"1\"");
        lab.keep("kept");
        twoAtOnce(LONG);
        request(0, 2);
        promised.forEach(CompletableFuture::join);
        request(2, 2);

        assertThat(lab.read("kept")).isEqualTo("one".getBytes(UTF_8));
        lab.refused("none", "answered 404");
        assertThat(promised.subList(2, 4)).noneMatch(CompletableFuture::isDone);
        gate.countDown();
        for (int number = 0; number < promised.size(); number++) {
            try (OpenFile file = promised.get(number).join()) {
                assertThat(RemoteLab.read(file)).isEqualTo(content(number));
            }
        }
    }

    @Test
    void whoGetsNoTurnInTimeIsToldSoAndTheTurnIsNotLost() throws Exception {
        twoAtOnce(SHORT);
        request(0, 2);
        promised.forEach(CompletableFuture::join);
        request(2, 2);

        for (CompletableFuture<OpenFile> late : promised.subList(2, 4)) {
            assertThat(late)
                    .failsWithin(LONG)
                    .withThrowableThat()
                    .withMessageContaining("2 other files were being loaded for " + SHORT.toMillis() + " ms");
        }
        gate.countDown();
        for (int number = 0; number < 2; number++) {
            assertThat(RemoteLab.read(promised.get(number).join())).isEqualTo(content(number));
        }
        lab.origin.serve("/r/next", content(7), "\"1\"");
        lab.origin.serve("/r/last", content(8), "\"1\"");
        assertThat(lab.read("next")).isEqualTo(content(7));
        assertThat(lab.read("last")).isEqualTo(content(8));
    }

    @Test
    void tooManyWhoWaitAreTurnedAway() {
        twoAtOnce(LONG);
        request(0, 2);
        promised.forEach(CompletableFuture::join);
        request(2, 4);

        assertThat(promised.stream().filter(CompletableFuture::isCompletedExceptionally))
                .as("three wait, for a turn or to be asked about")
                .hasSizeLessThanOrEqualTo(1);
        CompletableFuture<?> anyFailed =
                CompletableFuture.anyOf(promised.subList(2, 6).toArray(CompletableFuture[]::new));
        assertThat(anyFailed)
                .failsWithin(LONG)
                .withThrowableThat()
                .withMessageContaining("3 remote files wait to be loaded");
    }

    @Test
    void whatIsNotThereIsAskedForOnceInAWhile() throws Exception {
        for (int i = 0; i < 100; i++) {
            lab.refused("pxelinux.cfg/default", "answered 404");
        }
        assertThat(lab.origin.asked()).hasSize(1);
        lab.origin.serve("/r/pxelinux.cfg/default", "menu".getBytes(UTF_8), "\"1\"");
        lab.refused("pxelinux.cfg/default", "answered 404");
        lab.later();
        assertThat(lab.read("pxelinux.cfg/default")).isEqualTo("menu".getBytes(UTF_8));
        assertThat(lab.origin.asked()).hasSize(2);
    }

    @Test
    void aStormOfAbsentNamesIsRememberedWithinBounds() {
        int names = 5_000;
        for (int i = 0; i < names; i++) {
            lab.refused("pxelinux.cfg/01-52-54-00-00-" + i, "answered 404");
        }
        assertThat(lab.origin.asked()).hasSize(names);
        assertThat(lab.source().filesKnown()).isLessThanOrEqualTo(4_097);
    }
}

package org.jbootd.files.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jbootd.domain.files.FileSource;
import org.jbootd.domain.files.FileTarget;
import org.jbootd.domain.files.NamePattern;
import org.jbootd.domain.files.OpenFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code [sha256]}: files of a certain content, or none. */
@Timeout(60)
class VerifiedFilesTest {

    private static final byte[] CONTENT = Origin.content(500_000);

    @TempDir
    private Path directory;

    private RemoteLab lab;

    @BeforeEach
    void start() throws IOException {
        lab = new RemoteLab(directory);
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    private static Sha256 sha256(byte[] content) {
        var digest = Sha256.digest();
        digest.update(content);
        return Sha256.of(digest);
    }

    private static Checksums.Entry entry(String pattern, byte[] content) {
        return new Checksums.Entry(NamePattern.parse(pattern), sha256(content));
    }

    private FileSource verifying(Checksums.Entry... entries) {
        return lab.source().verifying(new Checksums(List.of(entries)));
    }

    @Test
    void numbersAreThoseOfSha256sum() {
        assertThat(sha256("abc".getBytes(UTF_8)))
                .isEqualTo(Sha256.parse("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"));
        for (String wrong : List.of("", "ba78", "g" + "0".repeat(63), "0".repeat(65))) {
            assertThatThrownBy(() -> Sha256.parse(wrong)).hasMessageContaining("64 hexadecimal digits");
        }
    }

    @Test
    void aFileIsServedOnceItIsWholeAndVerified() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        lab.origin.serve("/r/d/linux", exchange -> {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT, 0, CONTENT.length - 1);
            exchange.getResponseBody().flush();
            RemoteLab.pass(gate);
            exchange.getResponseBody().write(CONTENT, CONTENT.length - 1, 1);
        });
        FileSource verifying = verifying(entry("*/linux", CONTENT));
        CompletableFuture<OpenFile> promised =
                verifying.request(RemoteLab.under("d/linux")).toCompletableFuture();
        try (OpenFile unchecked = lab.source().open(RemoteLab.under("d/linux"))) {
            unchecked.ready(CONTENT.length - 1).toCompletableFuture().join();
            assertThat(promised).isNotDone();
        }
        gate.countDown();
        try (OpenFile file = promised.join()) {
            assertThat(RemoteLab.read(file)).isEqualTo(CONTENT);
        }
    }

    @Test
    void aFileOfAnotherContentIsNotServed() throws Exception {
        byte[] other = CONTENT.clone();
        other[400_000]++;
        lab.origin.serve("/r/linux", other, "\"1\"");
        FileSource verifying = verifying(entry("linux", CONTENT));
        String why = "SHA-256 " + sha256(other) + " is not the one in [sha256]: " + lab.origin.url() + "/r/linux";
        RemoteLab.refused(verifying, "linux", why);
        RemoteLab.refused(verifying, "linux", why);
        lab.later();
        RemoteLab.refused(verifying, "linux", why);
        assertThat(lab.origin.timesSent("/r/linux")).isEqualTo(1);
        lab.settle();
        lab.restart();
        RemoteLab.refused(verifying(entry("linux", CONTENT)), "linux", why);
        assertThat(lab.origin.timesSent("/r/linux")).isEqualTo(1);

        lab.origin.serve("/r/linux", CONTENT, "\"2\"");
        lab.later();
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(RemoteLab.read(verifying(entry("linux", CONTENT)), "linux"))
                        .as("once the question before is over")
                        .isEqualTo(CONTENT));
    }

    @Test
    void theRightContentIsServedWithoutAskingAgain() throws Exception {
        lab.origin.serve("/r/linux", CONTENT, "\"1\"");
        FileSource verifying = verifying(entry("linux", CONTENT));
        RemoteLab.read(verifying, "linux");
        lab.origin.serve("/r/linux", "another".getBytes(UTF_8), "\"2\"");
        lab.later();

        assertThat(RemoteLab.read(verifying, "linux")).isEqualTo(CONTENT);
        assertThat(lab.origin.asked()).hasSize(1);
    }

    @Test
    void withoutTheServerTheRightCopyOfAFormerRunIsServed() throws Exception {
        lab.origin.serve("/r/linux", CONTENT, "\"1\"");
        lab.keep("linux");
        lab.origin.goAway();
        lab.restart();

        assertThat(RemoteLab.read(verifying(entry("linux", CONTENT)), "linux")).isEqualTo(CONTENT);
    }

    @Test
    void aFileThatBreaksOffIsNotServed() {
        lab.origin.serve("/r/linux", exchange -> {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT, 0, 1000);
            exchange.getResponseBody().flush(); // so that it breaks off behind its head
        });

        RemoteLab.refused(verifying(entry("*", CONTENT)), "linux", "/r/linux broke off: ");
    }

    @Test
    void theFirstPatternDecidesAndOthersAreNotConcerned() throws Exception {
        lab.origin.serve("/r/a/x", CONTENT, "\"1\"");
        lab.origin.serve("/r/b", "any".getBytes(UTF_8), "\"1\"");
        Files.writeString(directory.resolve("menu"), "local");
        byte[] no = {};
        FileSource verifying = verifying(entry("a/?", CONTENT), entry("a/*", no), entry("menu", no));

        assertThat(RemoteLab.read(verifying, "a/x")).isEqualTo(CONTENT);
        assertThat(RemoteLab.read(verifying, "b")).isEqualTo("any".getBytes(UTF_8));
        try (OpenFile menu =
                verifying.open(new FileTarget.Absolute(directory.resolve("menu").toString()))) {
            assertThat(RemoteLab.read(menu)).isEqualTo("local".getBytes(UTF_8));
        }
    }
}

package org.jbootd.files.remote;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jbootd.domain.files.OpenFile;
import org.jbootd.http.Trust;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Copies that outlive the process that made them. */
@Timeout(60)
class KeptCopiesTest {

    private static final byte[] ONE = "one".getBytes(UTF_8);
    private static final byte[] TWO = "two!".getBytes(UTF_8);

    @TempDir
    private Path directory;

    private RemoteLab lab;

    @BeforeEach
    void start() throws IOException {
        lab = new RemoteLab(directory);
    }

    @AfterEach
    void stop() throws Exception {
        lab.close();
    }

    @Test
    void afterAStartACopyIsAskedAboutAndNotLoadedAgain() throws Exception {
        byte[] content = Origin.content(1_000_000);
        lab.origin.serve("/r/a b", content, "\"1\"");
        lab.origin.serve("/r/a%20b", content, "\"1\"");
        assertThat(lab.keep("a b")).isEqualTo(content);
        lab.restart();

        assertThat(lab.read("a b")).isEqualTo(content);
        assertThat(lab.origin.timesSent("/r/a%20b")).isEqualTo(1);
        assertThat(lab.origin.asked()).as("the second time for another version").hasSize(2);
    }

    @Test
    void aTimeIsAVersionToo() throws Exception {
        String time = "Sun, 06 Nov 1994 08:49:37 GMT";
        lab.origin.serve("/r/a", exchange -> {
            boolean known = time.equals(exchange.getRequestHeaders().getFirst("If-Modified-Since"));
            exchange.getResponseHeaders().set("Last-Modified", time);
            exchange.sendResponseHeaders(known ? 304 : 200, known ? -1 : ONE.length);
            exchange.getResponseBody().write(known ? new byte[0] : ONE);
        });
        lab.keep("a");
        lab.restart();

        try (OpenFile file = lab.source().open(RemoteLab.under("a"))) {
            assertThat(RemoteFileSource.arrival(file)).contains(RemoteFileSource.Arrival.UNCHANGED);
        }
    }

    @Test
    void whileTheServerIsAwayCopiesOfFormerRunsAreServed() throws Exception {
        lab.origin.serve("/r/a", ONE, "\"1\"");
        lab.keep("a");
        lab.origin.goAway();
        lab.restart();

        try (OpenFile file = lab.source().open(RemoteLab.under("a"))) {
            assertThat(RemoteLab.read(file)).isEqualTo(ONE);
            assertThat(file.origin()).isEqualTo(lab.origin.url() + "/r/a");
            assertThat(RemoteFileSource.arrival(file)).contains(RemoteFileSource.Arrival.UNCONFIRMED);
        }
        lab.refused("b", "cannot be had");
    }

    @Test
    void anotherVersionTakesTheCopysPlace() throws Exception {
        lab.origin.serve("/r/a", ONE, "\"1\"");
        lab.keep("a");
        lab.restart();
        lab.origin.serve("/r/a", TWO, "\"2\"");
        assertThat(lab.keep("a")).isEqualTo(TWO);
        lab.onlyName();
        lab.origin.goAway();
        lab.restart();

        assertThat(lab.read("a")).isEqualTo(TWO);
    }

    @Test
    void whatTheServerHasNoMoreIsNotKept() throws Exception {
        lab.origin.serve("/r/a", ONE, "\"1\"");
        lab.keep("a");
        lab.restart();
        lab.origin.remove("/r/a");

        lab.refused("a", "answered 404");
        assertThat(lab.names()).isEmpty();
    }

    /** Each octet changed, each length too short, and what was never a copy. */
    @Test
    void whatIsNotAsItWasWrittenIsNeverServed() throws Exception {
        lab.origin.serve("/r/a", "a small file".getBytes(UTF_8), "\"1\"");
        lab.origin.serve("/r/b", ONE, "\"1\"");
        lab.keep("a");
        Path name = lab.onlyName();
        byte[] written = Files.readAllBytes(name);
        lab.keep("b");
        lab.origin.goAway();
        Path other = lab.names().stream()
                .filter(found -> !found.equals(name))
                .findFirst()
                .orElseThrow();
        byte[] ofAnother = Files.readAllBytes(other);

        for (int at = 0; at < written.length; at++) {
            byte[] changed = written.clone();
            changed[at] ^= 0x10;
            refusedAfterAStart(name, changed);
            refusedAfterAStart(name, Arrays.copyOf(written, at));
        }
        refusedAfterAStart(name, ofAnother);
        refusedAfterAStart(name, Arrays.copyOf(written, written.length + 1));
        refusedAfterAStart(name, new byte[100_000]);
        Files.write(name, written);
        lab.restart();
        assertThat(lab.read("a")).as("as it was written").isEqualTo("a small file".getBytes(UTF_8));
    }

    private void refusedAfterAStart(Path name, byte[] content) throws IOException {
        Files.deleteIfExists(name);
        Files.write(name, content);
        lab.restart();
        lab.refused("a", "cannot be had");
        assertThat(name).as("what cannot be served").doesNotExist();
    }

    @Test
    void aLinkIsNotFollowed(@TempDir Path elsewhere) throws Exception {
        lab.origin.serve("/r/a", ONE, "\"1\"");
        lab.keep("a");
        Path name = lab.onlyName();
        Files.move(name, elsewhere.resolve("copy"));
        Files.createSymbolicLink(name, elsewhere.resolve("copy"));
        lab.origin.goAway();
        lab.restart();

        lab.refused("a", "cannot be had");
        assertThat(elsewhere.resolve("copy")).exists();
    }

    @Test
    void whatIsDamagedIsLoadedAgain() throws Exception {
        byte[] content = Origin.content(300_000);
        lab.origin.serve("/r/a", content, "\"1\"");
        lab.keep("a");
        byte[] written = Files.readAllBytes(lab.onlyName());
        written[200_000]++;
        Files.write(lab.onlyName(), written);
        lab.restart();

        assertThat(lab.keep("a")).isEqualTo(content);
        assertThat(lab.origin.timesSent("/r/a")).isEqualTo(2);
        lab.restart();
        assertThat(lab.read("a")).isEqualTo(content);
        assertThat(lab.origin.timesSent("/r/a")).isEqualTo(2);
    }

    @Test
    void whatKilledProcessesLeftIsDeletedAndNothingElse() throws Exception {
        String unfinished = "6f1c3a52-3f0e-4f58-9c1f-0a8c3a1f2b3d-";
        Path left = Files.write(directory.resolve(unfinished + "1.part"), new byte[1000]);
        Path growing = Files.write(directory.resolve(unfinished + "2.part"), new byte[1000]);
        Path foreign = Files.write(directory.resolve("README"), ONE);
        try (LockHolder process = LockHolder.of(growing)) {
            lab.restart();
            assertThat(left).doesNotExist();
            assertThat(process.isAlive()).isTrue();
            assertThat(growing).as("of a process that lives").exists();
        }
        lab.restart();
        assertThat(growing).doesNotExist();
        assertThat(foreign).exists();
    }

    @Test
    void aStartBesideItLeavesADownloadAlone() throws Exception {
        byte[] content = Origin.content(500_000);
        CountDownLatch gate = new CountDownLatch(1);
        lab.origin.serve("/r/slow", exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, 1000);
            exchange.getResponseBody().flush();
            RemoteLab.pass(gate);
            exchange.getResponseBody().write(content, 1000, content.length - 1000);
        });
        try (OpenFile file = lab.source().open(RemoteLab.under("slow"))) {
            assertThat(lab.onlyName().toString()).endsWith(".part");
            lab.another(Keeping.ALL);
            gate.countDown();
            assertThat(RemoteFileSource.arrival(file)).contains(RemoteFileSource.Arrival.FETCHED);
            assertThat(RemoteLab.read(file)).isEqualTo(content);
        }
        assertThat(lab.onlyName().toString()).endsWith(".copy");
    }

    @Test
    void theBoundsHoldOverCopiesOfFormerRuns() throws Exception {
        List<Path> inOrder = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            lab.origin.serve("/r/" + name, Origin.content(400_000), "\"1\"");
            lab.keep(name);
            lab.names().stream().filter(copy -> !inOrder.contains(copy)).forEach(inOrder::add);
        }
        lab.restart(); // a process that has a copy open says itself when it was used
        for (Path copy : inOrder) {
            int ago = inOrder.size() - inOrder.indexOf(copy);
            Files.setLastModifiedTime(copy, FileTime.from(Instant.now().minus(ago, ChronoUnit.HOURS)));
        }
        lab.restart(RemoteLab.LIMITS, 1_000_000);
        assertThat(lab.names()).hasSize(2);
        lab.origin.serve("/r/d", Origin.content(500_000), "\"1\"");
        lab.keep("d");
        assertThat(lab.names()).as("c and d").hasSize(2);
        lab.origin.goAway();
        assertThat(lab.read("c")).as("used last of the former ones").isEqualTo(Origin.content(400_000));
        lab.refused("b", "cannot be had");
        lab.restart(
                new RemoteLimits(
                        1,
                        1,
                        1,
                        1,
                        RemoteLab.LONG,
                        RemoteLab.LONG,
                        RemoteLab.LONG,
                        RemoteLab.LONG,
                        RemoteLab.LONG,
                        RemoteLab.LONG),
                1_000_000);
        assertThat(lab.names()).as("one file at most").hasSize(1);
    }

    @Test
    void processesUseEachOthersCopiesAndVersions() throws Exception {
        lab.origin.serve("/r/a", ONE, "\"1\"");
        RemoteFileSource beside = lab.another(Keeping.ALL);
        lab.keep("a");
        assertThat(RemoteLab.read(beside, "a")).isEqualTo(ONE);
        assertThat(lab.origin.timesSent("/r/a")).isEqualTo(1);

        lab.origin.serve("/r/a", TWO, "\"2\"");
        lab.later();
        assertThat(lab.keep("a")).isEqualTo(TWO);
        assertThat(RemoteLab.read(beside, "a")).isEqualTo(TWO);
        assertThat(lab.origin.timesSent("/r/a")).as("each version once").isEqualTo(2);
        lab.onlyName();
    }

    @Test
    void whatOneProcessDeletesAnotherReadsOn() throws Exception {
        byte[] content = Origin.content(400_000);
        lab.origin.serve("/r/a", content, "\"1\"");
        lab.origin.serve("/r/b", Origin.content(800_000), "\"1\"");
        lab.keep("a");
        try (OpenFile file = lab.source().open(RemoteLab.under("a"))) {
            RemoteFileSource small = lab.another(Keeping.ALL, RemoteLab.LIMITS, 1_000_000);
            assertThat(RemoteLab.read(small, "b")).isEqualTo(Origin.content(800_000));
            assertThat(RemoteLab.read(file)).isEqualTo(content);
        }
        assertThat(lab.read("a")).isEqualTo(content);
        assertThat(lab.origin.timesSent("/r/a")).isEqualTo(1);
    }

    @Test
    void whoOnlyLooksLeavesTheDirectoryAsItIs() throws Exception {
        lab.origin.serve("/r/a", ONE, "\"1\"");
        lab.origin.serve("/r/b", TWO, "\"1\"");
        lab.keep("a");
        Path name = lab.onlyName();
        RemoteFileSource looking = lab.another(Keeping.FOUND, RemoteLab.LIMITS, 1);
        assertThat(name).exists();
        RemoteLab.refused(looking, "b", "needs room for 4 octets");
        looking = lab.another(Keeping.FOUND);
        assertThat(RemoteLab.read(looking, "b")).isEqualTo(TWO);
        lab.origin.goAway();
        assertThat(RemoteLab.read(looking, "a")).isEqualTo(ONE);
        lab.later();
        assertThat(lab.names()).containsExactly(name);
    }

    @Test
    void passwordsAreNotWrittenDown() throws Exception {
        RemoteRoot root = RemoteRoot.of(lab.origin.url().replace("//", "//anna:secret@") + "/r");
        lab.origin.serve("/r/a", ONE, "\"1\"");
        try (RemoteFileSource source = new RemoteFileSource(
                new RemoteFileSource.Settings(root, Trust.USUAL, directory, Keeping.ALL, 1 << 20), target -> {
                    throw new AssertionError("no file of this machine");
                })) {
            assertThat(RemoteLab.read(source, "a")).isEqualTo(ONE);
            await().until(() -> lab.onlyName().toString().endsWith(".copy"));
        }
        assertThat(Files.readString(lab.onlyName(), ISO_8859_1))
                .contains("//anna@localhost")
                .doesNotContain("secret");
    }

    @Test
    void aDirectoryForCopiesIsOurs(@TempDir Path place) throws Exception {
        assertThat(CopyDirectory.trouble(place)).isEmpty();
        assertThat(place).isEmptyDirectory();
        Map.of(
                        "rwxrwxr-x", "can be written by others than its owner (chmod go-w mends that)",
                        "rwxr-xrwx", "can be written by others than its owner (chmod go-w mends that)")
                .forEach((permissions, trouble) -> {
                    chmod(place, permissions);
                    assertThat(CopyDirectory.trouble(place)).contains("'" + place + "' " + trouble);
                });
        chmod(place, "rwx------");
        assertThat(CopyDirectory.trouble(place.resolve("none"))).contains("there is no directory '" + place + "/none'");
    }

    private static void chmod(Path place, String permissions) {
        try {
            Files.setPosixFilePermissions(place, PosixFilePermissions.fromString(permissions));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aCopyThatCannotBeKeptIsServedAllTheSame() throws Exception {
        String endless = "\"" + "x".repeat(CopyLabel.MOST_OCTETS) + "\"";
        lab.origin.serve("/r/a", ONE, endless);
        try (OpenFile file = lab.source().open(RemoteLab.under("a"))) {
            assertThat(RemoteLab.read(file)).isEqualTo(ONE);
            assertThat(RemoteFileSource.arrival(file)).contains(RemoteFileSource.Arrival.NOT_KEPT);
        }
    }
}

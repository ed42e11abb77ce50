package org.jbootd.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jbootd.domain.files.FileTarget;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.FileUnavailable.Why;
import org.jbootd.domain.files.OpenFile;
import org.jbootd.domain.files.RequestedPath;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryFileSourceTest {

    private static final String SECRET = "the canary outside";

    @TempDir
    private Path top;

    private Path root;
    private Path outside;
    private DirectoryFileSource source;

    @BeforeEach
    void plant() throws IOException {
        root = Files.createDirectory(top.resolve("root"));
        outside = Files.createDirectory(top.resolve("outside"));
        Files.writeString(outside.resolve("secret"), SECRET);
        Files.createDirectories(root.resolve("a/b"));
        Files.writeString(root.resolve("a/b/file"), "content");
        source = new DirectoryFileSource(root);
    }

    @Test
    void aFileUnderTheRootIsRead() throws Exception {
        assertThat(read(under("a/b/file"))).isEqualTo("content");
        Files.createFile(root.resolve("empty"));
        assertThat(read(under("empty"))).isEmpty();
        Files.writeString(root.resolve("with blanks in it"), "blanks");
        assertThat(read(under("with blanks in it"))).isEqualTo("blanks");
    }

    @Test
    void namesAreUtf8OnDiskInAnyLocale() throws Exception {
        Process touch = new ProcessBuilder("sh", "-c", "printf x > \"$(printf '\\303\\274\\360\\237\\230\\200 %%20')\"")
                .directory(root.toFile())
                .start();
        assertThat(touch.waitFor()).isZero();
        assertThat(read(under("ü😀 %20"))).isEqualTo("x");
        assertThat(read(new FileTarget.Absolute(root + "/ü😀 %20"))).isEqualTo("x");
        assertThat(read(new FileTarget.UnderDirectory(root.toString(), path("ü😀 %20"))))
                .isEqualTo("x");
    }

    @Test
    void whatIsMissingIsNotFound() throws IOException {
        refused(under("nothing"), Why.NOT_FOUND);
        refused(under("nothing/at/all"), Why.NOT_FOUND);
        refused(under("a/b/file/below"), Why.NOT_FOUND);
        refused(under("ü".repeat(128)), Why.NOT_FOUND);
        Files.createSymbolicLink(root.resolve("dangling"), Path.of("nothing"));
        refused(under("dangling"), Why.NOT_FOUND);
        refused(new FileTarget.Absolute(outside + "/nothing"), Why.NOT_FOUND);
        refused(new FileTarget.UnderDirectory(top + "/nothing", path("a")), Why.NOT_FOUND);
    }

    @Test
    void aRootThatIsMissingMayComeLater() throws Exception {
        source = new DirectoryFileSource(top.resolve("later"));
        refused(under("file"), Why.NOT_FOUND);
        Files.createDirectory(top.resolve("later"));
        Files.writeString(top.resolve("later/file"), "now");
        assertThat(read(under("file"))).isEqualTo("now");
    }

    @Test
    void aRootThatIsAFileHoldsNothing() {
        source = new DirectoryFileSource(outside.resolve("secret"));
        refused(under("secret"), Why.NOT_FOUND);
    }

    @Test
    void linksInsideAreFollowed() throws Exception {
        Files.createSymbolicLink(root.resolve("file"), Path.of("a/b/file"));
        Files.createSymbolicLink(root.resolve("dir"), Path.of("./a/./b/"));
        Files.createSymbolicLink(root.resolve("a/up"), Path.of("../a/b/../b/file"));
        Files.createSymbolicLink(root.resolve("absolute"), root.resolve("a/b"));
        Files.createSymbolicLink(root.resolve("chain"), Path.of("dir/../up"));
        for (String name : new String[] {"file", "dir/file", "a/up", "absolute/file", "chain"}) {
            assertThat(read(under(name))).as(name).isEqualTo("content");
        }
    }

    @Test
    void theRootMayBeALinkThatIsPointedElsewhereLater() throws Exception {
        Path current = top.resolve("current");
        Files.createSymbolicLink(current, root);
        Files.createSymbolicLink(root.resolve("by-link"), current.resolve("a/b/file"));
        source = new DirectoryFileSource(current);
        assertThat(read(under("a/b/file"))).isEqualTo("content");
        assertThat(read(under("by-link"))).isEqualTo("content");
        Files.delete(current);
        Files.createSymbolicLink(current, outside);
        assertThat(read(under("secret"))).isEqualTo(SECRET);
    }

    @Test
    void linksThatLeadOutAreRefusedWhateverIsThere() throws IOException {
        Files.createSymbolicLink(root.resolve("out"), outside);
        Files.createSymbolicLink(root.resolve("relative"), Path.of("../outside"));
        Files.createSymbolicLink(root.resolve("file"), outside.resolve("secret"));
        Files.createSymbolicLink(root.resolve("nowhere"), outside.resolve("nothing"));
        Files.createSymbolicLink(root.resolve("a/b/deep"), Path.of("../../../outside/secret"));
        Files.createSymbolicLink(root.resolve("twice"), Path.of("a/b/deep"));
        Files.createSymbolicLink(root.resolve("sibling"), Path.of(root + "2/secret"));
        Files.createSymbolicLink(root.resolve("back"), Path.of("../root/a/b/file"));
        Stream.of("out/secret", "out/nothing", "relative/secret", "relative/nothing", "file", "nowhere", "a/b/deep")
                .forEach(name -> refused(under(name), Why.NOT_ALLOWED));
        Stream.of("twice", "sibling", "back", "out").forEach(name -> refused(under(name), Why.NOT_ALLOWED));
    }

    @Test
    void linksInACircleEnd() throws IOException {
        Files.createSymbolicLink(root.resolve("ping"), Path.of("pong"));
        Files.createSymbolicLink(root.resolve("pong"), Path.of("ping"));
        Files.createSymbolicLink(root.resolve("a/deeper"), Path.of("deeper/deeper"));
        refused(under("ping"), Why.NOT_ALLOWED);
        refused(under("a/deeper"), Why.NOT_ALLOWED);
    }

    @Test
    void directoriesAreNoFiles() throws IOException {
        refused(under("a"), Why.NOT_A_FILE);
        Files.createSymbolicLink(root.resolve("self"), Path.of("."));
        refused(under("self"), Why.NOT_A_FILE);
        refused(new FileTarget.Absolute(outside.toString()), Why.NOT_A_FILE);
        Files.createSymbolicLink(root.resolve("slash"), Path.of("/"));
        refused(new FileTarget.Absolute(root + "/slash"), Why.NOT_A_FILE);
    }

    @Test
    void specialFilesAreNeverOpened() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", root + "/fifo").start().waitFor())
                .isZero();
        Files.createSymbolicLink(root.resolve("to-fifo"), Path.of("fifo"));
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            refused(under("fifo"), Why.NOT_A_FILE);
            refused(under("to-fifo"), Why.NOT_A_FILE);
            refused(new FileTarget.Absolute(root + "/fifo"), Why.NOT_A_FILE);
            refused(new FileTarget.Absolute("/dev/zero"), Why.NOT_A_FILE);
            refused(new FileTarget.UnderDirectory("/dev", path("zero")), Why.NOT_A_FILE);
        });
    }

    @Test
    void unreadableFilesAreNotAllowed() throws IOException {
        Files.setPosixFilePermissions(root.resolve("a/b/file"), PosixFilePermissions.fromString("---------"));
        assumeTrue(!Files.isReadable(root.resolve("a/b/file")), "skipped: root may read every file");
        refused(under("a/b/file"), Why.NOT_ALLOWED);
        refused(new FileTarget.Absolute(root + "/a/b/file"), Why.NOT_ALLOWED);
    }

    @Test
    void theOperatorsDirectoryConfinesToo() throws Exception {
        Files.createSymbolicLink(outside.resolve("in"), root.resolve("a/b/file"));
        assertThat(read(new FileTarget.UnderDirectory(outside.toString(), path("secret"))))
                .isEqualTo(SECRET);
        refused(new FileTarget.UnderDirectory(outside.toString(), path("in")), Why.NOT_ALLOWED);
    }

    @Test
    void theOperatorsOwnPathMayBeALink() throws Exception {
        Files.createSymbolicLink(top.resolve("link"), outside.resolve("secret"));
        assertThat(read(new FileTarget.Absolute(top + "/link"))).isEqualTo(SECRET);
        assertThat(read(new FileTarget.Absolute(outside + "/secret"))).isEqualTo(SECRET);
    }

    @Test
    void anOpenFileIsOneVersion() throws Exception {
        Path file = root.resolve("a/b/file");
        try (OpenFile old = source.open(under("a/b/file"))) {
            Files.writeString(root.resolve("new"), "a newer version");
            Files.move(root.resolve("new"), file, StandardCopyOption.ATOMIC_MOVE);
            assertThat(text(old)).isEqualTo("content");
        }
        assertThat(read(under("a/b/file"))).isEqualTo("a newer version");
    }

    @Test
    void theSameFileIsTheSameVersionUntilItChanges() throws Exception {
        Path file = root.resolve("a/b/file");
        Files.writeString(root.resolve("twin"), "content");
        try (OpenFile one = source.open(under("a/b/file"));
                OpenFile two = source.open(new FileTarget.Absolute(file.toString()));
                OpenFile twin = source.open(under("twin"))) {
            assertThat(two.version()).isEqualTo(one.version());
            assertThat(twin.version()).isNotEqualTo(one.version());
            Files.writeString(file, "CONTENT");
            Files.setLastModifiedTime(file, FileTime.fromMillis(1));
            try (OpenFile three = source.open(under("a/b/file"))) {
                assertThat(three.version()).isNotEqualTo(one.version());
            }
        }
    }

    @Test
    void aFileThatShrinksWhileReadIsBroken() throws Exception {
        Path file = root.resolve("a/b/file");
        try (OpenFile open = source.open(under("a/b/file"))) {
            Files.writeString(file, "con");
            assertThatThrownBy(() -> open.read(0, ByteBuffer.allocate(100)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("had 7 octets");
        }
    }

    @Test
    void aFileThatGrowsKeepsTheSizeItHad() throws Exception {
        try (OpenFile open = source.open(under("a/b/file"))) {
            Files.writeString(root.resolve("a/b/file"), "content and more");
            assertThat(open.size()).isEqualTo(7);
            assertThat(text(open)).isEqualTo("content");
            ByteBuffer beyond = ByteBuffer.allocate(10);
            open.read(7, beyond);
            open.read(1_000_000, beyond);
            assertThat(beyond.position()).isZero();
        }
    }

    @Test
    void readsStartAnywhereAndFillTheBuffer() throws Exception {
        try (OpenFile open = source.open(under("a/b/file"))) {
            ByteBuffer into = ByteBuffer.allocate(5).position(1).limit(4);
            open.read(2, into);
            assertThat(into.position()).isEqualTo(4);
            assertThat(into.limit()).isEqualTo(4);
            assertThat(new String(into.array(), 1, 3, StandardCharsets.UTF_8)).isEqualTo("nte");
        }
    }

    /** A neighbour who may write in the tree swaps a directory for a link to the outside, again and again. */
    @Test
    void swappingADirectoryForALinkNeverLeadsOut() throws Exception {
        Files.createDirectory(root.resolve("dir"));
        Files.writeString(root.resolve("dir/secret"), "inside");
        Files.createSymbolicLink(root.resolve("link"), outside);
        AtomicBoolean stop = new AtomicBoolean();
        Thread swapper = new Thread(() -> {
            while (!stop.get()) {
                swap(root.resolve("dir"), root.resolve("link"), root.resolve("spare"));
            }
        });
        swapper.start();
        try {
            for (int i = 0; i < 5_000; i++) {
                try (OpenFile file = source.open(under("dir/secret"))) {
                    assertThat(text(file)).isEqualTo("inside");
                } catch (FileUnavailable e) {
                    assertThat(e.why()).isIn(Why.NOT_FOUND, Why.NOT_ALLOWED, Why.BROKEN);
                }
            }
        } finally {
            stop.set(true);
            swapper.join();
        }
    }

    private static void swap(Path one, Path other, Path spare) {
        try {
            Files.move(one, spare);
            Files.move(other, one);
            Files.move(spare, other);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void nothingStaysOpen() throws Exception {
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors), "skipped: no /proc to count open files in");
        Files.createSymbolicLink(root.resolve("out"), outside);
        long before = count(descriptors);
        for (int i = 0; i < 300; i++) {
            assertThat(read(under("a/b/file"))).isEqualTo("content");
            refused(under("a/b/nothing"), Why.NOT_FOUND);
            refused(under("out/secret"), Why.NOT_ALLOWED);
            refused(under("a"), Why.NOT_A_FILE);
        }
        assertThat(count(descriptors)).isLessThan(before + 50);
    }

    private static long count(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        }
    }

    private void refused(FileTarget target, Why why) {
        assertThatThrownBy(() -> source.open(target).close())
                .as(target.toString())
                .asInstanceOf(type(FileUnavailable.class))
                .extracting(FileUnavailable::why)
                .isEqualTo(why);
    }

    private String read(FileTarget target) throws Exception {
        try (OpenFile file = source.open(target)) {
            return text(file);
        }
    }

    private static String text(OpenFile file) throws IOException {
        ByteBuffer content = ByteBuffer.allocate((int) file.size());
        file.read(0, content);
        return new String(content.array(), StandardCharsets.UTF_8);
    }

    private static FileTarget under(String name) {
        return new FileTarget.UnderRoot(path(name));
    }

    private static RequestedPath path(String name) {
        return RequestedPath.parse(name).orElseThrow();
    }
}

package org.jbootd.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jbootd.domain.files.FileDesk;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.FilenameTranslator;
import org.jbootd.domain.files.Filter;
import org.jbootd.domain.files.OpenFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever name is asked for, and whatever links are about: what comes out was put under the root. */
class WildNamesTest {

    private static final int NAMES = 40_000;
    private static final String SECRET = "the canary outside";

    private static final List<String> PIECES = List.of(
            "..",
            ".",
            "/",
            "\\",
            "//",
            "a",
            "b",
            "in",
            "out",
            "up",
            "outside",
            "secret",
            "root",
            "canary",
            "../",
            "..\\",
            "/../",
            "c:",
            "C:\\",
            "*",
            "?",
            "[",
            "]",
            "{filename}",
            "{",
            "%2e%2e",
            "%2f",
            "\0",
            "\n",
            "\u001b",
            " ",
            "...",
            "\u2215",
            "\uff0e\uff0e",
            "\u202e",
            "\ud800",
            "ü",
            "etc",
            "passwd",
            "proc",
            "self",
            "root",
            "dev",
            "zero");

    private static final List<Filter> FILTERS = List.of(
            Filter.parse("a/?", "in/{filename}"),
            Filter.parse("*zero*", "{filename}"),
            Filter.parse("b*", "[{filename}]"));

    @TempDir
    private Path top;

    private Path root;

    @BeforeEach
    void plant() throws IOException {
        root = Files.createDirectory(top.resolve("root"));
        Path outside = Files.createDirectory(top.resolve("outside"));
        Files.writeString(outside.resolve("secret"), SECRET);
        Files.writeString(top.resolve("secret"), SECRET);
        Files.createDirectories(root.resolve("a/b"));
        Files.writeString(root.resolve("canary"), "inside");
        Files.writeString(root.resolve("a/canary"), "inside");
        Files.writeString(root.resolve("a/b/secret"), "inside");
        Files.writeString(root.resolve("b"), "../outside/secret");
        Files.writeString(root.resolve("bb"), top + "/secret");
        Files.createSymbolicLink(root.resolve("in"), Path.of("a/b"));
        Files.createSymbolicLink(root.resolve("out"), outside);
        Files.createSymbolicLink(root.resolve("up"), Path.of(".."));
        Files.createSymbolicLink(root.resolve("a/out"), outside.resolve("secret"));
    }

    @Test
    void neverLeaveTheRoot() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        FileDesk desk = new FileDesk(new FilenameTranslator(FILTERS), new DirectoryFileSource(root));
        int served = 0;
        for (int i = 0; i < NAMES; i++) {
            String name = name(random);
            try (OpenFile file = desk.open(name)) {
                served++;
                assertThat(content(file))
                        .as("seed %d, name '%s'", seed, name)
                        .isIn("inside", "../outside/secret", top + "/secret");
            } catch (FileUnavailable e) {
                assertThat(e.getMessage()).as("seed %d", seed).doesNotContain("\n", "\u001b");
            } catch (RuntimeException e) {
                fail("seed " + seed + ", name '" + name + "'", e);
            }
        }
        assertThat(served).as("seed %d: some names must be good ones", seed).isPositive();
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder();
        for (int i = random.nextInt(8); i >= 0; i--) {
            name.append(PIECES.get(random.nextInt(PIECES.size())));
            if (random.nextBoolean()) {
                name.append('/');
            }
        }
        return name.toString();
    }

    private static String content(OpenFile file) throws IOException {
        ByteBuffer content = ByteBuffer.allocate((int) file.size());
        file.read(0, content);
        return new String(content.array(), StandardCharsets.UTF_8);
    }
}

package org.jbootd.files;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jbootd.domain.files.FileDesk;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.FilenameTranslator;
import org.jbootd.domain.files.Filter;
import org.jbootd.domain.files.OpenFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever name is asked for, through filters and over links: what comes out was put under the root. */
class ServedNameFuzz {

    private static Path top;
    private static FileDesk desk;

    static List<byte[]> names() {
        return List.of(
                octets("a/file"),
                octets("/a//./file"),
                octets("out/secret"),
                octets("up/../outside/secret"),
                octets("..\\outside\\secret"),
                octets("named"),
                octets("in/file"),
                octets("x-file"),
                octets("C:/secret"),
                octets("/etc/passwd"),
                octets("%2e%2e/outside/secret"));
    }

    private static byte[] octets(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    @BeforeAll
    static void plant() throws IOException {
        top = Files.createTempDirectory("served-name");
        Path root = Files.createDirectories(top.resolve("root"));
        Path outside = Files.createDirectory(top.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "the canary outside");
        Files.createDirectory(root.resolve("a"));
        Files.writeString(root.resolve("a/file"), "inside");
        Files.writeString(root.resolve("pointer"), "../outside/secret");
        Files.writeString(root.resolve("absolute"), outside.resolve("secret").toString());
        Files.createSymbolicLink(root.resolve("out"), outside);
        Files.createSymbolicLink(root.resolve("up"), Path.of(".."));
        Files.createSymbolicLink(root.resolve("in"), Path.of("a"));
        Files.createSymbolicLink(root.resolve("direct"), outside.resolve("secret"));
        desk = new FileDesk(
                new FilenameTranslator(List.of(
                        Filter.parse("named", "[pointer]"),
                        Filter.parse("n?med", "[absolute]"),
                        Filter.parse("x-*", "a/{filename}"),
                        Filter.parse("y*/*", "[{filename}]"))),
                new DirectoryFileSource(root));
    }

    @AfterAll
    static void clear() throws IOException {
        try (var files = Files.walk(top)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @MethodSource("names")
    @FuzzTest
    void leadsNowhereElse(byte[] name) throws IOException {
        String text = new String(name, StandardCharsets.UTF_8);
        try (OpenFile file = desk.open(text)) {
            ByteBuffer content = ByteBuffer.allocate(64);
            file.read(0, content);
            String read = new String(content.array(), 0, content.position(), StandardCharsets.UTF_8);
            if (read.contains("canary")) {
                throw new AssertionError("'" + text + "' leads out of the root, to " + file.origin());
            }
        } catch (FileUnavailable refused) {
            if (refused.getMessage().isBlank()) {
                throw new AssertionError("no reason given", refused);
            }
        }
    }
}

package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows C1 to C6 and C10 of pybootd's behaviour, with the verdicts of this project. */
class ExitStatusTest {

    @TempDir
    private Path directory;

    record Row(String arguments, int status, String says) {}

    static Stream<Row> rows() {
        return Stream.of(
                new Row("--help", 0, "Usage: jbootd"),
                new Row("-h", 0, "Usage: jbootd"),
                new Row("check --help", 0, "Usage: jbootd check"),
                new Row("--version", 0, "jbootd "),
                new Row("--bogus", 2, "Unknown option: '--bogus'"),
                new Row("stray", 2, "Unmatched argument at index 0: 'stray'"),
                new Row("-c", 2, "Missing required parameter for option '--config' (FILE)"),
                new Row("-p -t -c good.ini", 2, "-p and -t exclude each other: each leaves one service out"),
                new Row("-H -c good.ini", 2, "-H: files are not served by HTTP in this version; start it without"),
                new Row("-c good.ini demo", 2, "the demo has a configuration of its own, and takes no --config"),
                new Row("demo --keep -t", 2, "the demo has a configuration of its own, and takes no --tftp"),
                new Row("-d check -c good.ini", 0, "good.ini: no mistakes"),
                new Row("-c utf16.ini", 1, "jbootd: 'utf16.ini' cannot be read: it is no text in UTF-8"),
                new Row("-c nowhere.ini", 2, "jbootd: there is no configuration file 'nowhere.ini'"),
                new Row("-c .", 2, "jbootd: '.' is not a file"),
                new Row(
                        "",
                        2,
                        "jbootd: there is no configuration file: none of jbootd.ini, pybootd.ini and"
                                + " /etc/jbootd/jbootd.ini is here; name one with -c FILE"),
                new Row("-c bad.ini", 1, "bad.ini:2: [bootp] pool_start: 'x' is not an IPv4 address"),
                new Row("check -c bad.ini", 1, "bad.ini:3: [bootp] lease_tim: unknown key; did you mean 'lease_time'?"),
                new Row("check -c nowhere.ini", 2, "jbootd: there is no configuration file 'nowhere.ini'"),
                new Row("check -c good.ini", 0, "good.ini: no mistakes"),
                new Row("repair -c good.ini", 1, "jbootd: data directory "),
                new Row("-c good.ini check", 0, "good.ini: no mistakes"),
                new Row("check -c good.ini", 0, "warning: boot file 'a' cannot be served: no such file: a under "),
                new Row("check -t -c good.ini", 0, "TFTP: files from "));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theStatusTellsWhatHappened(Row row) throws IOException, InterruptedException {
        Files.writeString(directory.resolve("bad.ini"), "[bootp]\npool_start = x\nlease_tim = 1\n");
        Files.writeString(directory.resolve("utf16.ini"), "[bootp]", StandardCharsets.UTF_16);
        Files.writeString(
                directory.resolve("good.ini"),
                "[bootp]\npool_start = 127.0.0.100\nboot_file = a\n[tftp]\nroot = .\n[leases]\ndata_dir = leases\n");
        String[] arguments =
                row.arguments().isEmpty() ? new String[0] : row.arguments().split(" ");

        try (Child child = Child.start(directory, arguments)) {
            List<String> output = child.output();

            assertThat(output).as("output").anyMatch(line -> line.startsWith(row.says()));
            assertThat(child.exitStatus()).isEqualTo(row.status());
        }
        assertThat(directory.toFile().list()).as("files").containsExactlyInAnyOrder("bad.ini", "good.ini", "utf16.ini");
    }

    @Test
    void outputThatGetsLostIsAFailure() throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/dev/full")), "left out: this system has no /dev/full");
        List<String> full = List.of("sh", "-c", "exec \"$@\" > /dev/full", "sh");
        try (Child child = Child.start(full, directory, "--version")) {
            assertThat(child.output())
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("jbootd: the output cannot be written: ");
            assertThat(child.exitStatus()).isEqualTo(1);
        }
    }

    @Test
    void whoHasReadEnoughHearsOfNoFailure() throws IOException, InterruptedException {
        List<String> closed = List.of("sh", "-c", "{ \"$@\"; echo status $? >&2; } | true", "sh");
        try (Child child = Child.start(closed, directory, "--version")) {
            assertThat(child.output()).containsExactly("status 0");
        }
    }

    @Test
    void aFileThatMayNotBeReadIsNamedWithTheMend() throws IOException, InterruptedException {
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Files.writeString(closed.resolve("a.ini"), "");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(closed), "left out: this user may read everything");

        try (Child child = Child.start(directory, "check", "-c", "closed/a.ini")) {
            assertThat(child.output())
                    .containsExactly("jbootd: 'closed/a.ini' cannot be read by user " + System.getProperty("user.name")
                            + ": change the mode of the file, or of a directory that leads to it");
            assertThat(child.exitStatus()).isEqualTo(1);
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"open/a.ini", "link.ini"})
    void aFileThatOthersMayWriteIsRefusedWithTheMend(String name) throws IOException, InterruptedException {
        Path open = Files.createDirectory(directory.resolve("open"));
        Path file = Files.writeString(open.resolve("a.ini"), "");
        Files.createSymbolicLink(directory.resolve("link.ini"), file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--rw-"));
        refusedFor(name, file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xrwx"));
        refusedFor(name, open);
    }

    private void refusedFor(String name, Path open) throws IOException, InterruptedException {
        Path real = open.toRealPath();
        try (Child child = Child.start(directory, "-c", name)) {
            assertThat(child.output())
                    .containsExactly("jbootd: '" + name + "' cannot be read: others than its owner may write " + real
                            + ": chmod go-w " + real);
            assertThat(child.exitStatus()).isEqualTo(1);
        }
    }
}

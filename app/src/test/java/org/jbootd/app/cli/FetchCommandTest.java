package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class FetchCommandTest {

    @TempDir
    private Path directory;

    private Mirror mirror;

    @BeforeEach
    void furnish() throws IOException {
        mirror = new Mirror(directory);
    }

    @AfterEach
    void stop() {
        mirror.close();
    }

    private List<String> fetch(String... arguments) {
        List<String> all = new ArrayList<>(
                List.of("fetch", "-t", "-c", directory.resolve("jbootd.ini").toString()));
        all.addAll(List.of(arguments));
        StringWriter out = new StringWriter();
        CommandLine command = Jbootd.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        int status = command.execute(all.toArray(String[]::new));
        List<String> lines = new ArrayList<>(out.toString().lines().toList());
        lines.add("status " + status);
        return lines;
    }

    @Test
    void eachFileHasItsLineInTheOrderOfTheNames() throws Exception {
        mirror.file("a", 5_000);
        mirror.file("half/b", 6_000_000);
        mirror.goOn();
        Files.writeString(directory.resolve("pxe.cfg"), "menu");
        mirror.configure("[filters]\npxelinux.cfg/* = pxe.cfg\nlinux = a");
        Path list = Files.writeString(directory.resolve("list"), "\nhalf/b\r\n  linux \n../x\n");

        assertThat(fetch("linux", "pxelinux.cfg/default", "none", "--list", list.toString()))
                .containsExactly(
                        "linux: fetched, 5000 octets of " + mirror.url() + "/a",
                        "pxelinux.cfg/default: of this machine, 4 octets of " + directory.resolve("pxe.cfg"),
                        "none: failed: " + mirror.url() + "/none: the server answered 404",
                        "half/b: fetched, 6000000 octets of " + mirror.url() + "/half/b",
                        "../x: failed: the client asked for '../x', which is never served",
                        "status 1");
        assertThat(fetch("linux", "half/b"))
                .containsExactly(
                        "linux: unchanged, 5000 octets of " + mirror.url() + "/a",
                        "half/b: unchanged, 6000000 octets of " + mirror.url() + "/half/b",
                        "status 0");
        mirror.goAway();
        assertThat(fetch("linux"))
                .containsExactly("linux: unconfirmed, 5000 octets of " + mirror.url() + "/a", "status 1");
    }

    @Test
    void asJson() {
        mirror.file("a", 5_000);

        assertThat(fetch("--json", "a", "\"none\""))
                .containsExactly(
                        "[",
                        "  {\"name\": \"a\", \"outcome\": \"fetched\", \"octets\": 5000, \"origin\": \"" + mirror.url()
                                + "/a\"},",
                        "  {\"name\": \"\\\"none\\\"\", \"outcome\": \"failed\", \"why\": \"" + mirror.url()
                                + "/%22none%22: the server answered 404\"}",
                        "]",
                        "status 1");
    }

    @Test
    void filesThatDoNotFitTogetherAreNotAllThere() throws Exception {
        mirror.file("a", 700_000);
        mirror.file("b", 800_000);
        Files.writeString(
                directory.resolve("jbootd.ini"),
                Files.readString(directory.resolve("jbootd.ini")).replace("cache_dir", "cache_size = 1\ncache_dir"));

        assertThat(fetch("a", "b"))
                .contains("a: fetched, 700000 octets of " + mirror.url() + "/a", "status 1")
                .anyMatch(line -> line.startsWith("b: failed: " + mirror.url() + "/b needs room for 800000 octets"));
    }

    @Test
    void whereNothingCanBeKeptNothingIsFetched() throws Exception {
        Files.setPosixFilePermissions(mirror.copies(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(fetch("a"))
                .contains("status 1")
                .anyMatch(line -> line.startsWith("warning: ") && line.contains("can be written by others"))
                .anyMatch(line -> line.startsWith("jbootd: copies would be gone with this command:"));

        Files.writeString(directory.resolve("jbootd.ini"), "[tftp]\nroot = .\n");
        assertThat(fetch("a"))
                .containsExactly(
                        "jbootd: [tftp] root is " + directory
                                + ", a directory of this machine: nothing has to be fetched",
                        "status 1");
    }

    @Test
    void aWrongCommandLineIsNamed() {
        assertThat(fetch()).contains("name a file to fetch, or a list of them by --list", "status 2");
        assertThat(fetch("--list", directory.resolve("none").toString()))
                .contains("status 2")
                .anyMatch(line -> line.startsWith("jbootd: the list of files cannot be read: "));
        assertThat(fetch("-p", "a")).contains("status 2");
    }
}

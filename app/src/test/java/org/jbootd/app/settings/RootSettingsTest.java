package org.jbootd.app.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.app.ini.Findings;
import org.jbootd.domain.files.FileDesk;
import org.jbootd.domain.files.FileTarget;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.FilenameTranslator;
import org.jbootd.domain.files.RequestedPath;
import org.jbootd.files.remote.Keeping;
import org.jbootd.files.remote.RemoteFileSource;
import org.jbootd.files.remote.RemoteRoot;
import org.jbootd.http.Trust;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code [tftp] root} as a URL, and what belongs to it. */
class RootSettingsTest {

    private static final String PIN = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private static final String SHA256 = "BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path directory;

    private final Findings findings = new Findings();

    private Optional<TftpSettings> read(String tftp) throws IOException {
        Path file = Files.writeString(directory.resolve("f.ini"), "[tftp]\n" + tftp);
        return Settings.read(file, "f.ini", Settings.Services.TFTP_ONLY, new HostNetworks(List.of()), findings)
                .flatMap(Settings::tftp);
    }

    private RemoteFileSource.Settings remote(String tftp) throws IOException {
        TftpSettings settings = read(tftp).orElseThrow(() -> new AssertionError(findings.mistakes()));
        return ((FileRoot.Remote) settings.root()).settings();
    }

    record Row(String lines, String finding) {}

    static Stream<Row> mistakes() {
        return Stream.of(
                new Row(
                        "root = http:/mirror",
                        "2: [tftp] root: 'http:/mirror' is no URL of files: write http://server/path or https://server/path"),
                new Row(
                        "root = http://mirror/?file=",
                        "2: [tftp] root: 'http://mirror/?file=': the names of files are appended to the path, so that"
                                + " '?' and '#' make no sense; leave them out"),
                new Row("root = http://mirror\nca = ca.pem", "3: [tftp] ca: there is no file '%s/ca.pem'"),
                new Row(
                        "root = http://mirror\npin = " + PIN,
                        "3: [tftp] pin: proves nothing of a connection without TLS; write root = https://…"),
                new Row(
                        "root = https://mirror\npin = sha256/x",
                        "3: [tftp] pin: 'sha256/x' is not a pin: write sha256/ and the SHA-256 of the server's public key in Base64"),
                new Row(
                        "root = http://mirror\ncache_dir = none",
                        "3: [tftp] cache_dir: there is no directory '%s/none'; make it"),
                new Row(
                        "root = http://mirror\n[sha256]\nlinux = " + SHA256.substring(1),
                        "4: [sha256] linux: '" + SHA256.substring(1)
                                + "' is no SHA-256: write its 64 hexadecimal digits, as sha256sum prints them"),
                new Row(
                        "root = .\n[sha256]\nlinux = " + SHA256,
                        "4: [sha256] linux: files of a directory of this machine are not checked, as they may change at"
                                + " any time; remove the section, or write a URL as [tftp] root"),
                new Row(
                        "root = http://mirror\n[sha256]\n" + "x".repeat(501) + " = " + SHA256,
                        "4: [sha256] " + "x".repeat(501) + ": a pattern has 1 to 500 characters, not 501"),
                new Row(
                        "root = http://mirror\ncache_size = 1G",
                        "3: [tftp] cache_size: '1G' is not a whole number between 1 and 16777216"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsNamedWithItsLineAndItsMend(Row row) throws IOException {
        assertThat(read(row.lines())).isEmpty();
        assertThat(findings.mistakes()).contains("f.ini:" + row.finding().replace("%s", directory.toString()));
    }

    @Test
    void whatIsNotSaidIsUsual() throws IOException {
        assumeFalse(Files.exists(Path.of("/var/cache/jbootd")), "this host has a directory for copies");
        assertThat(remote("root = http://mirror/debian"))
                .isEqualTo(new RemoteFileSource.Settings(
                        RemoteRoot.of("http://mirror/debian/"),
                        Trust.USUAL,
                        Path.of("/var/tmp"),
                        Keeping.NOTHING,
                        1L << 30));
        assertThat(findings.warnings()).isEmpty();
    }

    @Test
    void whatIsSaidCounts() throws IOException {
        Path cache = Files.createDirectory(directory.resolve("copies"));
        RemoteFileSource.Settings settings =
                remote("root = https://mirror\ncache_dir = copies\ncache_size = 8192\npin = " + PIN);

        assertThat(settings.cacheDirectory()).isEqualTo(cache);
        assertThat(settings.keeping()).isEqualTo(Keeping.ALL);
        assertThat(settings.cacheOctets()).isEqualTo(8L << 30);
        assertThat(settings.trust()).isEqualTo(new Trust(List.of(), List.of(PIN)));
    }

    @Test
    void aDirectoryThatOthersMayWriteKeepsNothing() throws IOException {
        Path cache = Files.createDirectory(
                directory.resolve("copies"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(remote("root = http://mirror\ncache_dir = copies").keeping()).isEqualTo(Keeping.NOTHING);
        assertThat(findings.warnings())
                .containsExactly(
                        "f.ini:3: [tftp] cache_dir: '" + cache + "' can be written by others than its owner"
                                + " (chmod go-w mends that); copies of remote files are not kept beyond the end of this process");
    }

    @Test
    void copiesAreElsewhereIfTheirDirectoryCannotBeWritten() throws IOException {
        Path cache = Files.createDirectory(
                directory.resolve("copies"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-x------")));
        assumeFalse(Files.isWritable(cache), "this user may write everywhere");

        RemoteFileSource.Settings settings = remote("root = http://mirror\ncache_dir = copies");
        assertThat(settings.keeping()).isEqualTo(Keeping.NOTHING);
        assertThat(settings.cacheDirectory()).isEqualTo(Path.of("/var/tmp"));
        assertThat(findings.warnings())
                .containsExactly("f.ini:3: [tftp] cache_dir: '" + cache + "' cannot be written by this user; copies of"
                        + " remote files are not kept beyond the end of this process");
    }

    @Test
    void checksumsAreReadInTheirOrder() throws IOException {
        TftpSettings settings = read("root = http://mirror\n[sha256]\n*/linux = " + SHA256 + "\nA/* = "
                        + "0".repeat(64))
                .orElseThrow(() -> new AssertionError(findings.mistakes()));

        assertThat(settings.checksums().entries())
                .extracting(entry -> entry.pattern() + " " + entry.sha256())
                .containsExactly("*/linux " + SHA256.toLowerCase(Locale.ROOT), "A/* " + "0".repeat(64));
        assertThat(findings.warnings()).isEmpty();
    }

    @Test
    void keysOfAUrlAreOfNoUseWithADirectory() throws IOException {
        read("root = .\ncache_size = 5");

        assertThat(findings.mistakes()).isEmpty();
        assertThat(findings.warnings())
                .containsExactly("f.ini:3: [tftp] cache_size: not used: root is a directory of this machine");
    }

    @Test
    void aRelativeTargetIsAFileHereOnlyIfThereIsOne() throws IOException {
        Files.createDirectories(directory.resolve("pybootd/etc"));
        Files.writeString(directory.resolve("pybootd/etc/pxe.cfg"), "menu");
        Files.writeString(directory.resolve("name"), "kernel");
        Files.createDirectory(directory.resolve("linux"));
        TftpSettings settings = read("""
                root = http://mirror
                [filters]
                pxelinux.cfg/* = pybootd/etc/pxe.cfg
                grub.cfg = pybootd/etc/grub.cfg
                linux = linux
                first = [name]
                second = [other]
                own/* = {filename}
                f = /srv/f
                """).orElseThrow(() -> new AssertionError(findings.mistakes()));

        assertThat(opened(settings, "pxelinux.cfg/a")).containsExactly(here("pybootd/etc/pxe.cfg"));
        assertThat(opened(settings, "grub.cfg")).containsExactly(there("pybootd/etc/grub.cfg"));
        assertThat(opened(settings, "linux")).as("a directory is no file").containsExactly(there("linux"));
        assertThat(opened(settings, "first")).containsExactly(here("name"));
        assertThat(opened(settings, "second")).containsExactly(there("other"));
        assertThat(opened(settings, "own/f.ini")).as("named by a client").containsExactly(there("own/f.ini"));
        assertThat(opened(settings, "f")).containsExactly(new FileTarget.Absolute("/srv/f"));
        assertThat(opened(settings, "f.ini")).as("no filter").containsExactly(there("f.ini"));
    }

    private static List<FileTarget> opened(TftpSettings settings, String name) {
        List<FileTarget> targets = new ArrayList<>();
        FileDesk desk = new FileDesk(new FilenameTranslator(settings.filters()), target -> {
            targets.add(target);
            throw new FileUnavailable(FileUnavailable.Why.NOT_FOUND, "none");
        });
        desk.request(name, Optional.empty());
        return targets;
    }

    private FileTarget here(String name) {
        return new FileTarget.Absolute(directory.resolve(name).toString());
    }

    private static FileTarget there(String name) {
        return new FileTarget.UnderRoot(RequestedPath.parse(name).orElseThrow());
    }
}

package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The daemon as user nobody, on the real ports of a network namespace of its own, with two capabilities. */
class UnprivilegedTest {

    private static final String NOBODY = "65534";

    /** CAP_NET_BIND_SERVICE is bit 10, CAP_NET_RAW bit 13 (capabilities(7)). */
    private static final String TWO_CAPABILITIES = "0000000000002400";

    /** For anybody to read, as class paths below somebody's home are not. */
    private static final String ENTERABLE = "rwxr-xr-x";

    @TempDir
    private Path directory;

    private final List<String> asNobody = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException, InterruptedException {
        asNobody.addAll(List.of(
                "unshare", "-n", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh", "setpriv", "--reuid=" + NOBODY));
        asNobody.addAll(List.of("--regid=" + NOBODY, "--clear-groups", "--no-new-privs"));
        for (String set : List.of("inh-caps", "ambient-caps", "bounding-set")) {
            asNobody.add("--" + set + "=-all,+net_bind_service,+net_raw");
        }
        assumeTrue(works(), "left out: needs root, unshare, setpriv and network namespaces");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(ENTERABLE));
        Path leases = Files.createDirectory(directory.resolve("leases"));
        Files.setAttribute(leases, "unix:uid", Integer.parseInt(NOBODY));
        Files.setPosixFilePermissions(leases, PosixFilePermissions.fromString("rwxr-x---"));
        Files.createDirectory(directory.resolve("files"));
        Files.writeString(directory.resolve("jbootd.ini"), """
                [bootp]
                pool_start = 127.0.0.100
                boot_file = a
                ping_check = on
                [tftp]
                root = files
                [leases]
                data_dir = leases
                """);
    }

    private boolean works() throws InterruptedException {
        List<String> trial = new ArrayList<>(asNobody);
        trial.add("true");
        try {
            return new ProcessBuilder(trial)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException none) {
            return false;
        }
    }

    @Test
    void twoCapabilitiesAreAllItTakes() throws IOException, InterruptedException {
        try (Child daemon = asNobody("-c", "jbootd.ini")) {
            daemon.await("ready, ");
            List<String> status = Files.readAllLines(Path.of("/proc/" + daemon.pid() + "/status"));
            for (String set : List.of("CapPrm", "CapEff", "CapBnd")) {
                assertThat(status).contains(set + ":\t" + TWO_CAPABILITIES);
            }
            assertThat(status).contains("Uid:" + ("\t" + NOBODY).repeat(4));
            assertThat(modes())
                    .isNotEmpty()
                    .allMatch(mode -> mode.startsWith("rwxr-x--- d")
                            || mode.startsWith("rw-r----- f")
                            || mode.startsWith("rw------- s"));
            daemon.signal("TERM");
            assertThat(daemon.exitStatus()).isZero();
            assertThat(daemon.output()).noneMatch(line -> line.contains("CAP_NET_RAW mends it"));
        }
    }

    /** The program, with what it takes readable for nobody, too. */
    private Child asNobody(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(asNobody);
        command.addAll(Child.program(readableClassPath(), arguments));
        return Child.run(directory, command);
    }

    @ParameterizedTest
    @CsvSource({"rwx------, leases", "rwxr-xr-x, leases/control"})
    void whoMayNotAskADaemonIsToldWhoMay(String mode, String closed) throws IOException, InterruptedException {
        Path leases = directory.resolve("leases");
        Files.setAttribute(leases, "unix:uid", 0);
        Files.setPosixFilePermissions(leases, PosixFilePermissions.fromString(mode));
        try (ServerSocketChannel daemons = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            daemons.bind(UnixDomainSocketAddress.of(leases.resolve("control")));
            Files.setPosixFilePermissions(leases.resolve("control"), PosixFilePermissions.fromString("rw-------"));
            try (Child asking = asNobody("leases", "list", "-c", "jbootd.ini")) {
                assertThat(asking.output())
                        .singleElement()
                        .asString()
                        .endsWith("may not ask the daemon, as " + directory.resolve(closed)
                                + " is root's: run this as root, as in 'sudo -u root jbootd leases …', or as root");
                assertThat(asking.exitStatus()).isEqualTo(Jbootd.REFUSED);
            }
        }
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsSaidToBeSo() throws IOException, InterruptedException {
        Path leases = directory.resolve("leases");
        Files.writeString(leases.resolve("format"), "jbootd leases, format 1\n");
        Files.setPosixFilePermissions(leases, PosixFilePermissions.fromString("r-xr-xr-x"));
        try (Child asking = asNobody("leases", "release", "127.0.0.100", "-c", "jbootd.ini")) {
            assertThat(asking.output())
                    .containsExactly("jbootd: " + leases + " cannot be written, which this takes: mount it for writing,"
                            + " change its mode, or use a copy of it");
            assertThat(asking.exitStatus()).isEqualTo(Jbootd.REFUSED);
        }
    }

    /** Of everything in the data directory, itself included, with its name. */
    private List<String> modes() throws IOException {
        List<String> modes = new ArrayList<>();
        try (Stream<Path> all = Files.walk(directory.resolve("leases"))) {
            for (Path one : all.toList()) {
                modes.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(one))
                        + (Files.isDirectory(one) ? " d " : Files.isRegularFile(one) ? " f " : " s ")
                        + one);
            }
        }
        return modes;
    }

    private String readableClassPath() throws IOException {
        Path copies = Files.createDirectory(directory.resolve("classes"));
        List<String> readable = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path from = Path.of(entry);
            Path to = copies.resolve(readable.size() + "-" + from.getFileName());
            if (Files.exists(from)) {
                copy(from, to);
                readable.add(to.toString());
            }
        }
        return String.join(File.pathSeparator, readable);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.toList()) {
                Path copy = to.resolve(from.relativize(one).toString());
                Files.copy(one, copy);
                Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString(ENTERABLE));
            }
        }
    }
}

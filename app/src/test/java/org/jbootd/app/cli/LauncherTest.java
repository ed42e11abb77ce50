package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code jbootd}, in an installation of its own, with a Java and a Maven that only say how they were called. */
class LauncherTest {

    private static final List<String> TOOLS =
            List.of("sh", "dirname", "readlink", "sed", "find", "head", "cksum", "cut", "rm", "mv", "cat", "touch");

    @TempDir
    private Path directory;

    private Path home;
    private Path tools;
    private Optional<Path> javaHome = Optional.empty();

    @BeforeEach
    void install() throws IOException {
        home = Files.createDirectories(directory.resolve("the home"));
        tools = Files.createDirectory(directory.resolve("tools"));
        for (String tool : TOOLS) {
            Path real = Stream.of("/usr/bin", "/bin")
                    .map(bin -> Path.of(bin, tool))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow();
            executable(tools.resolve(tool), "#!/bin/sh\nexec " + real + " \"$@\"\n");
        }
        String script = Files.readString(Path.of("../jbootd"))
                .replaceAll("/usr/lib/jvm/|/usr/java/|/opt/java/|/Library/", directory + "/none/");
        executable(home.resolve("jbootd"), script);
        Files.createDirectories(home.resolve("app/src/main"));
        Files.createDirectories(home.resolve("app/target"));
        Files.writeString(home.resolve("pom.xml"), "");
    }

    private static void executable(Path file, String content) throws IOException {
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path java(String name, String version) throws IOException {
        Path java = Files.createDirectories(directory.resolve(name));
        Files.createDirectories(java.resolve("bin"));
        executable(java.resolve("bin/javac"), "");
        executable(java.resolve("bin/java"), "#!/bin/sh\nfor a in \"$@\"; do echo \"" + name + " <$a>\"; done\n");
        Files.writeString(java.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return java;
    }

    private void jar() throws IOException {
        Files.writeString(home.resolve("app/target/jbootd.jar"), "");
    }

    private void maven(String what) throws IOException {
        executable(tools.resolve("mvn"), "#!/bin/sh\n" + what + "\n");
    }

    private record Outcome(int status, List<String> lines) {}

    private Outcome run(Path script, String... arguments) throws IOException, InterruptedException {
        Process process = start(script, arguments);
        List<String> lines = process.inputReader().lines().toList();
        return new Outcome(process.waitFor(), lines);
    }

    private Process start(Path script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(tools.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        builder.environment().put("JBOOTD_JAVA_OPTS", "-Xmx1g -Dx=y");
        javaHome.ifPresent(java -> builder.environment().put("JAVA_HOME", java.toString()));
        return builder.start();
    }

    @Test
    void withoutJavaOneLineSaysSo() throws IOException, InterruptedException {
        jar();

        Outcome outcome = run(home.resolve("jbootd"));

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.lines())
                .containsExactly(
                        "jbootd: no Java 17 or newer in JAVA_HOME, on the PATH or in /usr/lib/jvm; install one (Debian: apt install openjdk-17-jdk-headless)");
    }

    @Test
    void filesMayHaveAnyNameWhereNoLocaleIsSet() throws IOException, InterruptedException {
        jar();
        Path java = java("j17", "17.0.1");
        executable(java.resolve("bin/java"), "#!/bin/sh\necho \"locale $LC_ALL\"\n");
        javaHome = Optional.of(java);

        assertThat(run(home.resolve("jbootd")).lines()).contains("locale C.UTF-8");
    }

    @Test
    void argumentsReachTheProgramAsTheyAre() throws IOException, InterruptedException {
        jar();
        javaHome = Optional.of(java("j17", "17.0.1"));

        Outcome outcome = run(home.resolve("jbootd"), "-c", "a file with 'blanks' $HOME.ini", "");

        assertThat(outcome.status()).isZero();
        assertThat(outcome.lines())
                .endsWith(
                        "j17 <-Xmx1g>",
                        "j17 <-Dx=y>",
                        "j17 <-jar>",
                        "j17 <" + home.toRealPath().resolve("app/target/jbootd.jar") + ">",
                        "j17 <-c>",
                        "j17 <a file with 'blanks' $HOME.ini>",
                        "j17 <>");
    }

    @Test
    void itIsCalledThroughLinksFromElsewhere() throws IOException, InterruptedException {
        jar();
        javaHome = Optional.of(java("j17", "17.0.1"));
        Path first = Files.createSymbolicLink(directory.resolve("first"), Path.of("the home/jbootd"));
        Path second = Files.createSymbolicLink(tools.resolve("second"), first.toAbsolutePath());

        assertThat(run(second).lines()).contains("j17 <" + home.toRealPath().resolve("app/target/jbootd.jar") + ">");
    }

    @Test
    void aJavaThatIsTooOldIsPassedOver() throws IOException, InterruptedException {
        jar();
        javaHome = Optional.of(java("j8", "1.8.0_392"));
        Files.createSymbolicLink(tools.resolve("java"), java("j21", "21").resolve("bin/java"));

        assertThat(run(home.resolve("jbootd")).lines()).isNotEmpty().allMatch(line -> line.startsWith("j21 "));
    }

    @Test
    void itIsBuiltWhenItIsNot() throws IOException, InterruptedException {
        javaHome = Optional.of(java("j17", "17.0.1"));
        maven("echo \"built with $JAVA_HOME: $*\"; : > app/target/jbootd.jar");

        assertThat(run(home.resolve("jbootd")).lines())
                .startsWith(
                        "jbootd: building; the first time this takes a minute or two",
                        "built with " + javaHome.get()
                                + ": -q -B -DskipTests -Dspotless.check.skip=true -pl app -am package")
                .last()
                .asString()
                .endsWith("jbootd.jar>");
        assertThat(run(home.resolve("jbootd")).lines()).allMatch(line -> line.startsWith("j17 "));
    }

    @Test
    void itIsBuiltAgainWhenASourceChanged() throws IOException, InterruptedException {
        jar();
        javaHome = Optional.of(java("j17", "17.0.1"));
        maven("echo built; : > app/target/jbootd.jar");
        Path source = Files.writeString(home.resolve("app/src/main/A.java"), "");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));

        assertThat(run(home.resolve("jbootd")).lines()).contains("built");
    }

    @Test
    void aBuildThatFailsStartsNothing() throws IOException, InterruptedException {
        javaHome = Optional.of(java("j17", "17.0.1"));
        maven("exit 3");

        Outcome outcome = run(home.resolve("jbootd"));

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.lines()).last().isEqualTo("jbootd: the build failed");
    }

    @Test
    void withoutMavenWhatIsThereRuns() throws IOException, InterruptedException {
        jar();
        javaHome = Optional.of(java("j17", "17.0.1"));
        Path source = Files.writeString(home.resolve("app/src/main/A.java"), "");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));

        assertThat(run(home.resolve("jbootd")).lines())
                .startsWith("jbootd: sources have changed since it was built, and there is no Maven to build it with;"
                        + " install one (Debian: apt install maven); starting what was built")
                .last()
                .asString()
                .startsWith("j17 ");
    }

    @Test
    void withoutMavenAndNothingBuiltOneLineSaysSo() throws IOException, InterruptedException {
        javaHome = Optional.of(java("j17", "17.0.1"));

        Outcome outcome = run(home.resolve("jbootd"));

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.lines())
                .containsExactly(
                        "jbootd: not built yet, and there is no Maven to build it with; install one (Debian: apt install maven)");
    }

    @Test
    void aJavaWithoutCompilerDoesNotBuild() throws IOException, InterruptedException {
        javaHome = Optional.of(java("jre17", "17.0.1"));
        Files.delete(javaHome.get().resolve("bin/javac"));
        maven("echo \"built with $JAVA_HOME\"; : > app/target/jbootd.jar");

        Outcome without = run(home.resolve("jbootd"));
        Files.createSymbolicLink(tools.resolve("java"), java("jdk21", "21").resolve("bin/java"));
        Outcome with = run(home.resolve("jbootd"));

        assertThat(without.status()).isEqualTo(1);
        assertThat(without.lines())
                .containsExactly("jbootd: not built yet, and " + javaHome.get()
                        + " has no compiler; install a JDK (Debian: apt install openjdk-17-jdk-headless)");
        assertThat(with.lines())
                .contains("built with " + directory.resolve("jdk21"))
                .last()
                .asString()
                .startsWith("jre17 ");
    }

    @Test
    void whoeverMayNotWriteIsToldWhoBuilds() throws IOException, InterruptedException {
        javaHome = Optional.of(java("j17", "17.0.1"));
        maven("echo never");
        Files.setPosixFilePermissions(home.resolve("app/target"), PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeFalse(Files.isWritable(home.resolve("app/target")), "left out: this user may write everywhere");

        Outcome outcome = run(home.resolve("jbootd"));

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.lines())
                .containsExactly("jbootd: not built yet, and this user may not write to " + home.toRealPath()
                        + "/app; build it as its owner, by ./jbootd --version");
    }

    @Test
    void ofTwoStartsAtOnceOneBuildsAndTheOtherWaits() throws IOException, InterruptedException {
        Path flock = Path.of("/usr/bin/flock");
        assumeTrue(Files.isExecutable(flock), "left out: there is no /usr/bin/flock");
        executable(tools.resolve("flock"), "#!/bin/sh\nexec " + flock + " \"$@\"\n");
        executable(tools.resolve("mkfifo"), "#!/bin/sh\nexec " + Path.of("/usr/bin/mkfifo") + " \"$@\"\n");
        javaHome = Optional.of(java("j17", "17.0.1"));
        maven("mkfifo gate; echo gate; read go <gate; : > app/target/jbootd.jar");

        Process first = start(home.resolve("jbootd"));
        BufferedReader firstOutput = first.inputReader();
        readUntil("gate", firstOutput);
        Process second = start(home.resolve("jbootd"));
        BufferedReader secondOutput = second.inputReader();
        readUntil("jbootd: waiting for another start that is building", secondOutput);
        Files.writeString(home.resolve("gate"), "go\n");

        assertThat(firstOutput.lines()).last().asString().startsWith("j17 ");
        assertThat(secondOutput.lines()).isNotEmpty().allMatch(line -> line.startsWith("j17 "));
        assertThat(first.waitFor()).isZero();
        assertThat(second.waitFor()).isZero();
    }

    private static void readUntil(String expected, BufferedReader output) throws IOException {
        String line = output.readLine();
        while (line != null && !line.equals(expected)) {
            line = output.readLine();
        }
        assertThat(line).isEqualTo(expected);
    }
}

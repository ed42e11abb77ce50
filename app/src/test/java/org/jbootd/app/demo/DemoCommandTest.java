package org.jbootd.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jbootd.app.cli.Jbootd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** {@code jbootd demo} as the README promises it: the real daemon, in processes of its own. */
@Timeout(300)
class DemoCommandTest {

    private static final Pattern LEASES = Pattern.compile("H2 database in (\\S+)/leases");

    @Test
    void aMachineBootsAndKeepsItsAddressWhenTheDaemonIsKilled() {
        Outcome outcome = run("demo");
        assertThat(outcome.text()).contains("Done: all 9 steps happened");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.directory()).doesNotExist();
    }

    @Test
    void theDirectoryIsKeptOnDemand() throws IOException {
        Outcome outcome = run("demo", "--keep");
        Path directory = outcome.directory();
        assertThat(outcome.text()).contains("kept in " + directory);
        assertThat(outcome.status()).isZero();
        try {
            assertThat(directory.resolve("jbootd.ini")).exists();
            assertThat(directory.resolve("leases")).isNotEmptyDirectory();
            assertThat(Files.readString(directory.resolve("daemon.log"))).contains("52-54-00-DE-40-01", "127.77.0.100");
        } finally {
            new ProcessBuilder("rm", "-r", directory.toString()).start();
        }
    }

    private record Outcome(int status, String text) {

        Path directory() {
            Matcher leases = LEASES.matcher(text);
            assertThat(leases.find()).as(text).isTrue();
            return Path.of(leases.group(1));
        }
    }

    private static Outcome run(String... arguments) {
        StringWriter text = new StringWriter();
        CommandLine jbootd = new CommandLine(new Jbootd()).setOut(new PrintWriter(text));
        int status = jbootd.execute(arguments);
        return new Outcome(status, text.toString());
    }
}

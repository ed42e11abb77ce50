package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.app.cli.DaemonLab.boot;
import static org.jbootd.app.demo.SimulatedMachine.Program.FIRMWARE;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hash chain of a daemon's history: beside it, without it, and without jbootd. */
class HashChainLifeTest {

    private static final String POOL = "pool_start = 127.0.0.100\npool_count = 10\n";
    private static final String ON = "hash_chain = on";
    private static final Pattern HEAD = Pattern.compile("to be kept elsewhere: (\\d+:[0-9a-f]{64})\n");

    @TempDir
    private Path directory;

    private DaemonLab lab;

    @BeforeEach
    void furnish() throws IOException {
        lab = new DaemonLab(directory);
        Files.writeString(lab.file("a"), "boot file");
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    private LeasesCall leases(String... arguments) {
        return LeasesCall.of(lab, arguments);
    }

    private static void stop(Child child) throws IOException, InterruptedException {
        child.signal("TERM");
        assertThat(child.exitStatus()).isZero();
    }

    /** Verifies up to {@code events}. @return the head that is printed */
    private String verified(int events, String... heads) {
        List<String> arguments = new ArrayList<>(List.of("verify"));
        for (String head : heads) {
            arguments.addAll(List.of("--head", head));
        }
        LeasesCall outcome = leases(arguments.toArray(String[]::new));
        assertThat(outcome.status()).as(outcome.toString()).isZero();
        assertThat(outcome.out()).contains("events 1 to " + events + " are a hash chain, and as they were written\n");
        assertThat(heads)
                .allSatisfy(noted ->
                        assertThat(outcome.out()).contains("the noted head " + noted + " is in the hash chain\n"));
        Matcher head = HEAD.matcher(outcome.out());
        assertThat(head.find()).as(outcome.out()).isTrue();
        return head.group(1);
    }

    @Test
    void whateverChangesTheLeasesIsInIt() throws IOException, InterruptedException {
        String first;
        try (Child child = lab.daemon(POOL, ON)) {
            boot(lab.machine(1), FIRMWARE);
            first = verified(1);
            Path old = Files.writeString(
                    directory.resolve("old.leases"), "4102444800 02:00:00:00:00:05 127.0.0.105 five *\n");
            assertThat(leases("import", "--from", "dnsmasq", old.toString()).status())
                    .isZero();
            verified(2, first);
            child.kill();
        }
        assertThat(leases("reserve", "127.0.0.107", "02-00-00-00-00-07").status())
                .isZero();
        String second = verified(3, first);
        try (Child child = lab.daemon(POOL, "")) {
            boot(lab.machine(2), FIRMWARE);
            verified(4, first, second);
            Path backup = directory.resolve("backup");
            assertThat(leases("backup", backup.toString()).status()).isZero();
            stop(child);
            Files.move(directory.resolve("leases"), directory.resolve("former"));
            assertThat(leases("restore", backup.toString()).status()).isZero();
        }
        try (Child child = lab.daemon(POOL, "")) {
            boot(lab.machine(3), FIRMWARE);
            verified(5, first, second);
            stop(child);
        }
    }

    @Test
    void whatSomebodyChangedIsNamedAndAHeadOfAnotherHistoryIsNotFound() throws Exception {
        String head;
        try (Child child = lab.daemon(POOL, ON)) {
            boot(lab.machine(1), FIRMWARE);
            boot(lab.machine(2), FIRMWARE);
            head = verified(2);
            stop(child);
        }
        String another = head.replaceAll(".$", head.endsWith("0") ? "1" : "0");
        LeasesCall outcome = leases("verify", "--head", another, "--head", "9" + head);
        assertThat(outcome.status()).isEqualTo(Jbootd.REFUSED);
        assertThat(outcome.out())
                .contains("the noted head " + another + " is not in the hash chain: the link of event 2 is another one")
                .contains("the noted head 9" + head + " is not in the hash chain: the history ends with event 2");
        assertThat(leases("verify", "--head", "2").err()).startsWith("--head: '2' is no head of a hash chain");
        assertThat(leases("verify", "--head", "2").status()).isEqualTo(Jbootd.MISUSED);

        Path data = directory.resolve("leases");
        String key = Files.readString(data.resolve("leases.key")).strip();
        try (Connection connection =
                        DriverManager.getConnection("jdbc:h2:file:" + data.resolve("leases"), "jbootd", key);
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE lease_event SET host_name = 'me' WHERE seq = 1"))
                    .isOne();
        }
        LeasesCall forged = leases("verify");
        assertThat(forged.status()).isEqualTo(Jbootd.REFUSED);
        assertThat(forged.out()).containsPattern("(?m)^event 1, of .*, 127\\.0\\.0\\.100, is not what was written$");
    }

    @Test
    void theScriptForAuditorsComputesTheSameHead() throws Exception {
        String head;
        try (Child child = lab.daemon(POOL, ON)) {
            boot(lab.machine(1), FIRMWARE);
            boot(lab.machine(2), FIRMWARE);
            assertThat(leases("release", "127.0.0.100").status()).isZero();
            head = verified(3);
            stop(child);
        }
        String page = Files.readString(Path.of("..", "docs", "audit.md"));
        String section = page.substring(page.indexOf("### How a link is computed"));
        Path answer = Files.writeString(
                directory.resolve("events.json"),
                leases("sql", "--json", block(section, "sql")).out());
        Path script = Files.writeString(directory.resolve("chain.py"), block(section, "python"));
        assertThat(run(script, answer)).isEqualToIgnoringNewLines(head);

        Files.writeString(answer, Files.readString(answer).replace("127.0.0.101", "127.0.0.102"));
        assertThat(run(script, answer)).isEqualToIgnoringNewLines("event 2 is not what was written");
    }

    private static String block(String page, String language) {
        return page.split("```" + language + "\n", 2)[1].split("```", 2)[0];
    }

    /** @return what it wrote */
    private static String run(Path script, Path input) throws InterruptedException, IOException {
        Process process;
        try {
            process = new ProcessBuilder("python3", script.toString())
                    .redirectInput(input.toFile())
                    .redirectErrorStream(true)
                    .directory(new File("/"))
                    .start();
        } catch (IOException e) {
            String why = "skipped: there is no python3 here: " + e.getMessage();
            System.out.println(why);
            Assumptions.abort(why);
            throw e;
        }
        String output = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return output;
    }
}

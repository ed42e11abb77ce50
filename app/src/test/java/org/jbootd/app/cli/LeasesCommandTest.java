package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.jbootd.app.cli.DaemonLab.SHORT;
import static org.jbootd.app.cli.DaemonLab.boot;
import static org.jbootd.app.demo.SimulatedMachine.Program.FIRMWARE;
import static org.jbootd.app.demo.SimulatedMachine.Program.OPERATING_SYSTEM;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jbootd.app.demo.SimulatedMachine;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code jbootd leases}, beside a daemon and without one. */
class LeasesCommandTest {

    private static final String POOL = "pool_start = 127.0.0.100\npool_count = 4\n";
    private static final String ANNA = "02-00-00-00-00-01";
    private static final String NO_NUMBERS = "SELECT CAST('NaN' AS DOUBLE) AS x, CAST('-Infinity' AS DOUBLE) AS y";
    private static final String NAMED = "[{\"x\":\"NaN\",\"y\":\"-Infinity\"}]\n";
    private static final String BERT = "02-00-00-00-00-02";

    @TempDir
    private Path directory;

    private DaemonLab lab;
    private SimulatedMachine anna;
    private SimulatedMachine bert;

    @BeforeEach
    void furnish() throws IOException {
        lab = new DaemonLab(directory);
        Files.writeString(lab.file("a"), "boot file");
        anna = lab.machine(1);
        bert = lab.machine(2);
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

    @Test
    void whatIsLeasedIsToldTheSameWayBesideTheDaemonAndWithoutIt() throws IOException, InterruptedException {
        String beside;
        try (Child child = lab.daemon(POOL, "")) {
            boot(anna, FIRMWARE);
            boot(bert, FIRMWARE);
            beside = leases("list", "--json").out();
            assertThat(leases("list").out())
                    .contains("address", "127.0.0.100  " + ANNA + "  BOUND", "127.0.0.101  " + BERT + "  BOUND");
            stop(child);
        }
        assertThat(JsonParser.parseString(beside).getAsJsonArray()).hasSize(2);
        assertThat(leases("list", "--json").out()).isEqualTo(beside);
        LeasesCall nowhere = leases("list", "--subnet", "nowhere");
        assertThat(nowhere.err()).isEqualTo("jbootd: there is no network nowhere: the configuration has default\n");
        assertThat(nowhere.status()).isEqualTo(Jbootd.REFUSED);
        Path copy = directory.resolve("leases");
        assertThat(leases("list", "--subnet", "nowhere", "--data-dir", copy.toString())
                        .out())
                .isEqualTo("nothing is leased\n");
        assertThat(leases("list", "--json", "--data-dir", copy.toString()).out())
                .isEqualTo(beside);
        assertThat(leases("export").out().lines().toList()).hasSize(3).allMatch(line -> line.contains(","));
        assertThat(leases("export", "history", "--json").json()).hasSize(2);
    }

    @Test
    void whoHadAnAddressAtATimeIsKnown() throws IOException, InterruptedException {
        try (Child child = lab.daemon(POOL, "")) {
            lab.release(boot(anna, FIRMWARE));
            await().until(() ->
                    leases("who-had", "127.0.0.100", "--json").first().has("ended")
                            && !leases("who-had", "127.0.0.100", "--json")
                                    .first()
                                    .get("ended")
                                    .isJsonNull());
            JsonObject had = leases("who-had", "127.0.0.100", "--json").first();
            assertThat(had.get("hardware").getAsString()).isEqualTo(ANNA);
            assertThat(had.get("how_ended").getAsString()).isEqualTo("RELEASED");
            Instant started = Instant.parse(had.get("started").getAsString());
            Instant ended = Instant.parse(had.get("ended").getAsString());

            assertThat(leases("who-had", "127.0.0.100", "--at", started.toString(), "--json")
                            .json())
                    .hasSize(1);
            assertThat(leases("who-had", "127.0.0.100", "--at", ended.toString())
                            .out())
                    .startsWith("nobody had 127.0.0.100 at ");
            assertThat(leases(
                                    "who-had",
                                    "127.0.0.100",
                                    "--at",
                                    started.minusSeconds(1).toString(),
                                    "--json")
                            .json())
                    .isEmpty();
            String shown = leases("who-had", "127.0.0.100")
                    .out()
                    .replaceAll("(?s).*?(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ).*", "$1");
            assertThat(leases("who-had", "127.0.0.100", "--at", shown).out())
                    .as("a time that was shown can be given back")
                    .contains(ANNA);
            assertThat(leases("who-had", "127.0.0.100", "--at", "2999-01-01").err())
                    .contains(" is to come: this is who has 127.0.0.100 now");
            assertThat(leases("who-had", "127.0.0.101").out()).isEqualTo("nobody ever had 127.0.0.101\n");
            stop(child);
        }
    }

    /** The operating system asks first, without the machine's UUID. */
    @Test
    void theHistoryOfAUuidIsThatOfAMachineThatToldItLate() throws IOException, InterruptedException {
        try (Child child = lab.daemon(POOL + "allow_simple_dhcp = on\n", "")) {
            boot(anna, OPERATING_SYSTEM);
            boot(anna, FIRMWARE);
            stop(child);
        }
        assertThat(leases("history", new UUID(1, 1).toString(), "--json").json())
                .hasSize(2)
                .allSatisfy(change -> assertThat(
                                change.getAsJsonObject().get("hardware").getAsString())
                        .isEqualTo(ANNA));
        assertThat(leases("history", new UUID(7, 7).toString()).out())
                .isEqualTo("nothing is recorded of " + new UUID(7, 7) + "\n");
    }

    @Test
    void theTimelineOfABootGoesFromItsFirstMessageToItsFile() throws IOException, InterruptedException {
        try (Child child = lab.daemon(POOL, "")) {
            boot(anna, FIRMWARE);
            assertThat(lab.fetch("b", Ipv4.parse("127.0.0.100"))).isFalse();
            assertThat(lab.fetch("a", Ipv4.parse("127.0.0.100"))).isTrue();
            await().until(() -> leases("timeline", ANNA, "--json").json().size() == 4);
            List<String> events = new ArrayList<>();
            for (JsonElement event : leases("timeline", ANNA, "--json").json()) {
                JsonObject row = event.getAsJsonObject();
                events.add(row.get("event").getAsString() + " " + row.get("file") + " " + row.get("outcome") + " "
                        + row.get("octets"));
            }
            assertThat(events)
                    .containsExactly(
                            "OFFERED null null null",
                            "BOUND null null null",
                            "TRANSFER \"b\" \"REFUSED\" 0",
                            "TRANSFER \"a\" \"COMPLETE\" 9");
            stop(child);
        }
    }

    @Test
    void whoWasRefusedAndWhyIsKept() throws IOException, InterruptedException {
        try (Child child = lab.daemon(POOL + "access = mac", "[mac]\n" + BERT + " = on\n")) {
            assertThat(anna.discover(FIRMWARE, SHORT)).isEmpty();
            await().until(() -> leases("refusals", "--json").json().size() > 0);
            JsonObject refusal = leases("refusals", ANNA, "--json").first();
            assertThat(refusal.get("reason").getAsString()).isEqualTo("DENIED");
            assertThat(refusal.get("message").getAsString()).isEqualTo("DISCOVER");
            assertThat(leases("timeline", ANNA).out()).contains("REFUSED", "DENIED");
            assertThat(leases("refusals", BERT).out()).isEqualTo("nothing was refused to it\n");
            stop(child);
        }
    }

    @Test
    void anOperatorTakesAddressesBackAndKeepsThem() throws IOException, InterruptedException {
        try (Child child = lab.daemon(POOL, "")) {
            boot(anna, FIRMWARE);
            assertThat(leases("release", "127.0.0.100").out()).isEqualTo("127.0.0.100 is free; " + ANNA + " had it\n");
            assertThat(leases("reserve", "127.0.0.103", BERT).out())
                    .isEqualTo("127.0.0.103 is kept for " + BERT + "\n");
            assertThat(boot(bert, FIRMWARE).address()).isEqualTo(Ipv4.parse("127.0.0.103"));
            assertThat(leases("reserve", "127.0.0.103", ANNA).err()).contains("127.0.0.103 is another's");
            child.await("by order of an operator: 127.0.0.103 is kept");
            stop(child);
        }
        assertThat(leases("reserve", "127.0.0.102", ANNA).out()).isEqualTo("127.0.0.102 is kept for " + ANNA + "\n");
        assertThat(leases("release", "127.0.0.101").err()).isEqualTo("jbootd: nobody has 127.0.0.101\n");
        assertThat(leases("history", "127.0.0.102", "--json")
                        .first()
                        .get("cause")
                        .getAsString())
                .isEqualTo("OPERATOR");
        try (Child child = lab.daemon()) {
            assertThat(boot(anna, FIRMWARE).address()).isEqualTo(Ipv4.parse("127.0.0.102"));
            stop(child);
        }
    }

    @Test
    void anOrderThatIsRefusedSaysWhatIsInItsWay() throws IOException, InterruptedException {
        String group = "01-00-5E-00-00-01";
        assertThat(leases("reserve", "127.0.0.103", group).err())
                .contains("MAC: " + group + " is no machine's address, but a group's or nobody's");
        try (Child child = lab.daemon(POOL, "[static_dhcp]\n" + BERT + " = 127.0.0.150\n")) {
            assertThat(leases("reserve", "127.0.0.103", BERT).err())
                    .isEqualTo(
                            "jbootd: by the configuration the machine has 127.0.0.150, so that 127.0.0.103 cannot be kept"
                                    + " for it: change [static_dhcp] or [host NAME]\n");
            assertThat(anna.discover(FIRMWARE, SHORT)).isPresent();
            String onOffer =
                    "jbootd: 127.0.0.100 is on offer to a machine at this moment, and nobody's yet: try again in \\d+ s\n";
            assertThat(leases("release", "127.0.0.100").err()).matches(onOffer);
            assertThat(leases("reserve", "127.0.0.100", "02-00-00-00-00-07").err())
                    .matches(onOffer);
            stop(child);
        }
    }

    @Test
    void aLeaseThatRunsOutIsRecordedByItself() throws IOException, InterruptedException {
        try (Child child = lab.daemon(POOL + "lease_time = 2", "")) {
            boot(anna, FIRMWARE);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> leases("history", ANNA).out().contains("EXPIRED"));
            assertThat(leases("who-had", "127.0.0.100", "--json")
                            .first()
                            .get("how_ended")
                            .getAsString())
                    .isEqualTo("EXPIRED");
            assertThat(leases("list").out()).isEqualTo("nothing is leased\n");
            assertThat(leases("list", "--all").out()).contains("EXPIRED");
            stop(child);
        }
    }

    @Test
    void aBackupBringsTheLeasesBack() throws IOException, InterruptedException {
        Path backup = directory.resolve("backup");
        try (Child child = lab.daemon(POOL, "")) {
            boot(anna, FIRMWARE);
            assertThat(leases("backup", backup.toString()).out()).contains("are in " + backup);
            assertThat(leases("backup", backup.toString()).err())
                    .isEqualTo("jbootd: no backup was made: " + backup + " is there already\n");
            boot(bert, FIRMWARE);
            assertThat(leases("restore", backup.toString()).err()).contains("leases is not empty");
            assertThat(leases("restore", directory + "/leases", "--data-dir", directory + "/other")
                            .err())
                    .startsWith("jbootd: " + directory + "/leases is no backup of leases, but in use: ");
            stop(child);
        }
        Files.move(directory.resolve("leases"), directory.resolve("former"));
        assertThat(leases(
                                "restore",
                                directory.resolve("former").resolve("journal").toString())
                        .err())
                .contains("is no backup of leases");
        LeasesCall restored = leases("restore", backup.toString());
        assertThat(restored.status()).as(restored.err()).isZero();
        assertThat(restored.out()).contains("1 leases, 1 events, 1 intervals: the leases are what the history says");
        try (Child child = lab.daemon()) {
            assertThat(boot(anna, FIRMWARE).address()).isEqualTo(Ipv4.parse("127.0.0.100"));
            stop(child);
        }
    }

    @Test
    void whatOneAnswerIsEnoughForIsAnObjectForPrograms() throws IOException, InterruptedException {
        Path backup = directory.resolve("backup");
        String report =
                "1 leases, 1 events, 1 intervals: the leases are what the history says\",\"the history has no hash chain";
        try (Child child = lab.daemon(POOL, "")) {
            boot(anna, FIRMWARE);
            assertThat(leases("verify", "--json").out())
                    .isEqualTo("{\"holds\":true,\"report\":[\"" + report + "\"]}\n");
            assertThat(leases("backup", "--json", backup.toString()).out())
                    .isEqualTo("{\"backup\":\"" + backup + "\"}\n");
            assertThat(leases("release", "--json", "127.0.0.100").out())
                    .isEqualTo("{\"done\":\"127.0.0.100 is free; " + ANNA + " had it\"}\n");
            stop(child);
        }
        Path other = directory.resolve("other");
        assertThat(leases("restore", "--json", backup.toString(), "--data-dir", other.toString())
                        .out())
                .isEqualTo("{\"restored\":\"" + other + "\",\"holds\":true,\"report\":[\"" + report + "\"]}\n");
    }

    @Test
    void aBackupIsAskedAsItIs() throws IOException, InterruptedException {
        Path backup = directory.resolve("backup");
        try (Child child = lab.daemon(POOL, "")) {
            boot(anna, FIRMWARE);
            // once asked, the database has it
            assertThat(leases("list").out()).contains(ANNA);
            leases("backup", backup.toString());
            stop(child);
        }
        List<String> before = files(backup);
        assertThat(leases("list", "--data-dir", backup.toString()).out()).contains(ANNA);
        assertThat(leases("verify", "--data-dir", backup.toString()).status()).isZero();
        assertThat(files(backup)).isEqualTo(before);
    }

    /** Each with its length, and when it was written last. */
    private static List<String> files(Path directory) throws IOException {
        List<String> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.sorted().toList()) {
                files.add(file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file));
            }
        }
        return files;
    }

    @Test
    void questionsAreAnsweredAtTheSameTimeAndADaemonWaitsForThem() throws IOException, InterruptedException {
        try (Child child = lab.daemon(POOL, "")) {
            boot(anna, FIRMWARE);
            stop(child);
        }
        Path pipe = directory.resolve("pipe");
        try (Child made = Child.run(directory, List.of("mkfifo", pipe.toString()))) {
            assertThat(made.exitStatus()).isZero();
        }
        List<String> intoThePipe = List.of("sh", "-c", "exec \"$@\" > pipe", "sh");
        String question = "SELECT REPEAT('x', 1000) FROM SYSTEM_RANGE(1, 1000)";
        try (Child asking = Child.start(
                        intoThePipe, directory, "leases", "sql", question, "--json", "-c", "" + lab.configuration());
                InputStream answer = Files.newInputStream(pipe)) {
            assertThat(answer.read())
                    .as("the answer begins, and waits for who reads it")
                    .isEqualTo('[');
            assertThat(leases("list").out()).contains(ANNA);
            try (Child daemon = Child.start(directory, "-c", "" + lab.configuration())) {
                daemon.await("waiting for a command, pid ");
                answer.readAllBytes();
                daemon.await("ready, ");
                assertThat(asking.exitStatus()).isZero();
                stop(daemon);
            }
        }
    }

    @Test
    void mistakesAreNamed() throws IOException {
        lab.write(POOL, "");
        assertThat(leases("list").err()).contains("there is no data directory " + directory.resolve("leases"));
        assertThat(leases().err()).startsWith("say what about the leases");
        assertThat(leases("who-had", "127.0.0.1000").err()).startsWith("ADDRESS: ");
        assertThat(leases("who-had", "127.0.0.100", "--at", "noon").err())
                .startsWith("--at: 'noon' is no time: write it as in 2026-11-24");
        assertThat(leases("history", "nobody").err()).startsWith("MAC: ");
        assertThat(leases("history", "32/02-0").err())
                .startsWith("MAC: '32/02-0' is no hardware address with its type, as in 32/02-00");
        assertThat(leases("history", "nobody").status()).isEqualTo(Jbootd.MISUSED);
        assertThat(Files.exists(directory.resolve("leases"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "list",
                "who-had 127.0.0.100",
                "export",
                "verify",
                "release 127.0.0.100",
                "backup copy",
                "list --data-dir leases"
            })
    void whereNoLeasesAreNothingIsMade(String command) throws IOException {
        lab.write(POOL, "");
        Path empty = Files.createDirectory(directory.resolve("leases"));
        LeasesCall outcome =
                leases(command.replaceAll("(?=leases|copy)", directory + "/").split(" "));
        assertThat(outcome.err())
                .startsWith("jbootd: there are no leases in " + empty + ", which has no file 'format'");
        assertThat(outcome.status()).isEqualTo(Jbootd.REFUSED);
        assertThat(empty).isEmptyDirectory();
    }

    @Test
    void anAddressIsKeptBeforeTheFirstStart() throws IOException {
        lab.write(POOL, "");
        Files.createDirectory(directory.resolve("leases"));
        assertThat(leases("reserve", "127.0.0.102", ANNA).out()).isEqualTo("127.0.0.102 is kept for " + ANNA + "\n");
        assertThat(leases("list").out()).contains("127.0.0.102  " + ANNA);
    }

    @Test
    void nothingIsChangedBySql() throws IOException, InterruptedException {
        try (Child child = lab.daemon(POOL, "")) {
            boot(anna, FIRMWARE);
            assertThat(leases("sql", "DELETE FROM lease").err()).startsWith("jbootd: it is no question");
            assertThat(leases("sql", "SELECT nonsense").err()).contains("jbootd: Column \"NONSENSE\" not found");
            assertThat(leases("sql", "SELECT 1; SELECT ';'").err())
                    .isEqualTo("jbootd: these are several questions: ask one at a time\n");
            assertThat(leases("sql", "SELECT ';' AS x; -- the end;", "--json").out())
                    .isEqualToIgnoringNewLines("[{\"x\":\";\"}]");
            assertThat(leases("sql", NO_NUMBERS, "--json").out()).isEqualTo(NAMED);
            assertThat(leases("history", "020000000010").out()).isEqualTo("nothing is recorded of 020000000010\n");
            assertThat(leases("timeline", "32/02-00-00-00-aa-01-02-03").out()).startsWith("nothing is recorded of ");
            assertThat(leases("sql", "SELECT COUNT(*) AS n FROM lease", "--json")
                            .out())
                    .isEqualToIgnoringNewLines("[{\"n\":1}]");
            stop(child);
        }
        assertThat(leases("sql", NO_NUMBERS, "--json").out()).isEqualTo(NAMED);
    }
}

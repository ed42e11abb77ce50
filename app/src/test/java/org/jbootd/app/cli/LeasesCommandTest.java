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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jbootd.app.demo.SimulatedMachine;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jbootd leases}, beside a daemon and without one. */
class LeasesCommandTest {

    private static final String POOL = "pool_start = 127.0.0.100\npool_count = 4\n";
    private static final String ANNA = "02-00-00-00-00-01";
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
        Path copy = directory.resolve("leases");
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
    void mistakesAreNamed() throws IOException {
        lab.write(POOL, "");
        assertThat(leases("list").err()).contains("there is no data directory " + directory.resolve("leases"));
        assertThat(leases().err()).startsWith("say what about the leases");
        assertThat(leases("who-had", "127.0.0.1000").err()).startsWith("ADDRESS: ");
        assertThat(leases("who-had", "127.0.0.100", "--at", "noon").err())
                .startsWith("--at: 'noon' is no time: write it as in 2026-11-24");
        assertThat(leases("history", "nobody").err()).startsWith("MAC: ");
        assertThat(leases("history", "nobody").status()).isEqualTo(Jbootd.MISUSED);
        assertThat(Files.exists(directory.resolve("leases"))).isFalse();
    }

    @Test
    void nothingIsChangedBySql() throws IOException, InterruptedException {
        try (Child child = lab.daemon(POOL, "")) {
            boot(anna, FIRMWARE);
            assertThat(leases("sql", "DELETE FROM lease").err()).startsWith("jbootd: it is no question");
            assertThat(leases("sql", "SELECT nonsense").err()).contains("jbootd: Column \"NONSENSE\" not found");
            assertThat(leases("sql", "SELECT COUNT(*) AS n FROM lease", "--json")
                            .out())
                    .isEqualToIgnoringNewLines("[{\"n\":1}]");
            stop(child);
        }
    }
}

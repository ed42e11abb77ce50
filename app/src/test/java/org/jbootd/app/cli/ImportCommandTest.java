package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.app.cli.DaemonLab.boot;
import static org.jbootd.app.demo.SimulatedMachine.Program.FIRMWARE;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jbootd leases import}, beside a daemon and without one. */
class ImportCommandTest {

    private static final String POOL = "pool_start = 127.0.0.100\npool_count = 4\n";

    /** 2100-01-01. */
    private static final String LONG = "4102444800 ";

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

    private String file(String content) throws IOException {
        return Files.writeString(directory.resolve("old.leases"), content).toString();
    }

    private static void stop(Child child) throws IOException, InterruptedException {
        child.signal("TERM");
        assertThat(child.exitStatus()).isZero();
    }

    @Test
    void aMachineKeepsTheAddressThatAnotherServerGaveIt() throws IOException, InterruptedException {
        String old = file(LONG + "02:00:00:00:00:01 127.0.0.103 anna 01:02:00:00:00:00:01\n"
                + "1500000000 02:00:00:00:00:02 127.0.0.102 bert *\n");
        try (Child child = lab.daemon(POOL, "")) {
            LeasesCall rehearsed = leases("import", "--from", "dnsmasq", "--dry-run", old);
            assertThat(rehearsed.out()).isEqualTo("would be taken over: 2, already so: 0, not taken over: 0\n");
            assertThat(leases("list", "--all").out()).isEqualTo("nothing is leased\n");
            LeasesCall outcome = leases("import", "--from", "dnsmasq", old);
            assertThat(outcome.out()).isEqualTo("taken over: 2, already so: 0, not taken over: 0\n");
            assertThat(outcome.status()).isZero();
            child.await("by order of an operator: 127.0.0.103 is leased to 02-00-00-00-00-01 until 2100-01-01");
            assertThat(leases("list").out()).contains("127.0.0.103  02-00-00-00-00-01  BOUND", "anna");

            assertThat(boot(lab.machine(3), FIRMWARE).address()).isEqualTo(Ipv4.parse("127.0.0.100"));
            assertThat(boot(lab.machine(1), FIRMWARE).address()).isEqualTo(Ipv4.parse("127.0.0.103"));
            assertThat(boot(lab.machine(2), FIRMWARE).address()).isEqualTo(Ipv4.parse("127.0.0.102"));
            stop(child);
        }
        assertThat(leases("verify").status()).isZero();
    }

    @Test
    void withoutADaemonItIsTheSame() throws IOException, InterruptedException {
        try (Child child = lab.daemon(POOL, "")) {
            stop(child);
        }
        String old = file("lease 127.0.0.102 {\n  ends never;\n  binding state active;\n"
                + "  hardware ethernet 02:00:00:00:00:01;\n}\n");
        assertThat(leases("import", "--from", "isc-dhcpd", old).out())
                .isEqualTo("taken over: 1, already so: 0, not taken over: 0\n");
        assertThat(leases("import", "--from", "ISC-DHCPD", old).out())
                .isEqualTo("taken over: 0, already so: 1, not taken over: 0\n");
        try (Child child = lab.daemon()) {
            assertThat(boot(lab.machine(1), FIRMWARE).address()).isEqualTo(Ipv4.parse("127.0.0.102"));
            stop(child);
        }
    }

    @Test
    void beforeTheFirstStartARehearsalLeavesTheDirectoryEmpty() throws IOException {
        lab.write(POOL, "");
        Path leases = Files.createDirectory(directory.resolve("leases"));
        String old = file(LONG + "02:00:00:00:00:01 127.0.0.103 * *\n" + LONG + "02:00:00:00:00:02 127.0.0.9 * *\n");
        assertThat(leases("import", "--from", "dnsmasq", "--dry-run", old).out())
                .endsWith(":2: 127.0.0.9 is in no pool, or in use by this server or a router\n"
                        + "would be taken over: 1, already so: 0, not taken over: 1\n");
        assertThat(leases).isEmptyDirectory();
        assertThat(leases("import", "--from", "dnsmasq", old).out())
                .endsWith("\ntaken over: 1, already so: 0, not taken over: 1\n");
    }

    @Test
    void manyAreTakenOverAtOnce() throws IOException, InterruptedException {
        String old = file(IntStream.range(0, 1_200)
                .mapToObj(i -> LONG
                        + String.format(
                                "02:00:00:01:%02x:%02x 127.0.%d.%d * *", i >> 8, i & 255, 1 + i / 250, i % 250 + 1))
                .collect(Collectors.joining("\n")));
        try (Child child = lab.daemon("pool_start = 127.0.1.1\npool_count = 1500\n", "")) {
            assertThat(leases("import", "--from", "dnsmasq", old).out())
                    .isEqualTo("taken over: 1200, already so: 0, not taken over: 0\n");
            child.await("and 499 more");
            assertThat(leases("import", "--from", "dnsmasq", old).out())
                    .isEqualTo("taken over: 0, already so: 1200, not taken over: 0\n");
            assertThat(leases("verify").out())
                    .startsWith("1200 leases, 1200 events, 1200 intervals: the leases are what the history says\n");
            stop(child);
        }
    }

    @Test
    void whatIsNotTakenOverIsInTheReportAndInTheExitStatus() throws IOException, InterruptedException {
        try (Child child = lab.daemon(POOL, "")) {
            boot(lab.machine(1), FIRMWARE);
            String old = file(LONG + "02:00:00:00:00:02 127.0.0.100 * *\n");
            LeasesCall outcome = leases("import", "--from", "dnsmasq", "--json", old);
            assertThat(outcome.status()).isEqualTo(Jbootd.REFUSED);
            JsonObject json = JsonParser.parseString(outcome.out()).getAsJsonObject();
            assertThat(json.get("not_taken_over").getAsInt()).isEqualTo(1);
            JsonObject problem = json.getAsJsonArray("problems").get(0).getAsJsonObject();
            assertThat(problem.get("line").getAsInt()).isEqualTo(1);
            assertThat(problem.get("reason").getAsString()).startsWith("127.0.0.100 is another's");
            stop(child);
        }
    }

    @Test
    void mistakesAreNamed() throws IOException, InterruptedException {
        try (Child child = lab.daemon(POOL, "")) {
            assertThat(leases("import", "--from", "kea", directory + "/none").err())
                    .isEqualTo("jbootd: " + directory + "/none is not there\n");
            assertThat(leases("import", "--from", "kea", directory.toString()).err())
                    .isEqualTo("jbootd: " + directory + " is no file\n");
            assertThat(leases("import", "--from", "kea", file("nonsense")).err())
                    .contains("old.leases:1: this is no kea-leases4.csv");
            LeasesCall unknown = leases("import", "--from", "kia", file(""));
            assertThat(unknown.err()).contains("'--from': 'kia' is none of dnsmasq, isc-dhcpd, kea, pybootd\n");
            assertThat(unknown.status()).isEqualTo(Jbootd.MISUSED);
            stop(child);
        }
    }
}

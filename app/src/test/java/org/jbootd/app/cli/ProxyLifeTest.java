package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.app.cli.DaemonLab.PATIENCE;
import static org.jbootd.app.cli.DaemonLab.SHORT;
import static org.jbootd.app.demo.SimulatedMachine.Program.FIRMWARE;
import static org.jbootd.app.demo.SimulatedMachine.Program.OPERATING_SYSTEM;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jbootd.app.demo.Reply;
import org.jbootd.app.demo.SimulatedMachine;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code proxy = on} and the real daemon. It has port 4011 to itself, so this is the only test that starts one. */
class ProxyLifeTest {

    private static final String PROXY = "proxy = on\ninterface = lo";
    private static final String MAC = "02-00-00-00-00-01";

    @TempDir
    private Path directory;

    private DaemonLab lab;
    private SimulatedMachine anna;

    @BeforeEach
    void furnish() throws IOException {
        lab = new DaemonLab(directory);
        anna = lab.machine(1);
        Files.writeString(lab.file("a"), "boot file");
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    @Test
    void aProxyTellsFirmwareWhatToBootKeepsNothingAndIsReloaded() throws IOException, InterruptedException {
        try (Child child = lab.daemon(PROXY, "")) {
            Reply offer = anna.discover(FIRMWARE, PATIENCE).orElseThrow();
            assertThat(offer.packet().yiaddr()).isEqualTo(Ipv4.UNSPECIFIED);
            assertThat(offer.bootFile()).isEqualTo("a");
            assertThat(offer.leaseTime()).isEmpty();
            assertThat(anna.discover(OPERATING_SYSTEM, SHORT)).isEmpty();

            lab.write(PROXY + "\naccess = mac", "[mac]\n02-00-00-00-00-02 = on\n");
            child.signal("HUP");
            child.await("the configuration was taken over");
            assertThat(anna.discover(FIRMWARE, SHORT)).isEmpty();
            child.await("DENIED (not listed in [mac])");

            lab.write(PROXY, "[menu]\n1 = Install, b\n");
            child.signal("HUP");
            child.await("boot file 'b' cannot be served");
            child.await("the configuration was taken over");
            Reply menu = anna.discover(FIRMWARE, PATIENCE).orElseThrow();
            assertThat(menu.packet().options().get(43).orElseThrow().toHex())
                    .contains("0001" + "07" + "496e7374616c6c");

            lab.write("pool_start = 127.0.0.100", "");
            child.signal("HUP");
            child.await("[bootp] proxy has changed; start the daemon anew to give addresses");
            assertThat(anna.discover(FIRMWARE, PATIENCE).orElseThrow().packet().yiaddr())
                    .isEqualTo(Ipv4.UNSPECIFIED);

            child.signal("TERM");
            assertThat(child.exitStatus()).isZero();
        }
        assertThat(directory.resolve("leases")).as("no lease store").doesNotExist();
    }

    private List<String> run(String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine command = Jbootd.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(1, List.of("-c", lab.configuration().toString()));
        int status = command.execute(all.toArray(String[]::new));
        List<String> lines = new ArrayList<>(out.toString().lines().toList());
        lines.add("status " + status);
        return lines;
    }

    @Test
    void explainTellsWhatAProxyWouldSay() throws IOException {
        lab.write(PROXY, "[menu]\n1 = The usual\n7 = Rescue, rescue.0\n0 = Local disk\n");
        assertThat(run("explain", "--mac", MAC, "--arch", "bios"))
                .containsExactly(
                        "machine: " + MAC + " (firmware, architecture 0)",
                        "access: granted (no [bootp] access, so everybody is served)",
                        "answer: OFFER without an address (another server gives the address)",
                        "menu: 1 The usual (the boot file)",
                        "menu: 7 Rescue (rescue.0)",
                        "menu: 0 Local disk (local disk)",
                        "boot file: a ([bootfile] default)",
                        "filter: none",
                        "file: " + lab.file("a") + " (9 octets)",
                        "status 0");
        assertThat(run("explain", "--mac", MAC, "--user-class", "iPXE"))
                .contains("answer: OFFER without an address (another server gives the address)");
        assertThat(run("explain", "--mac", MAC)).contains("answer: none: LEFT_TO_DHCP");
    }

    @Test
    void checkAndRepairKnowThatThereAreNoLeases() throws IOException {
        lab.write(PROXY, "[subnet hall]\nnetwork = 10.9.0.0/16\n[menu]\n1 = The usual\n7 = Rescue, a\n");
        assertThat(run("check"))
                .contains(
                        "through relays: machines of hall (10.9.0.0/16)",
                        "menu: 1 The usual",
                        "menu: 7 Rescue, a",
                        "status 0")
                .anyMatch(line -> line.startsWith("addresses: by another server; boot information only, UDP ports ")
                        && line.endsWith(" and 4011"))
                .noneMatch(line -> line.startsWith("leases:"));
        assertThat(run("repair"))
                .containsExactly(
                        "jbootd: " + lab.configuration() + " gives no addresses, and so has no leases", "status 1");
    }
}

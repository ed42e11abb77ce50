package org.jbootd.app.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jbootd.app.host.HostNetwork;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.app.ini.Findings;
import org.jbootd.app.settings.Settings;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host on two networks, and a relay of a third one: which of them a machine is on is the operator's to say. */
class ExplainedInterfaceTest {

    private static final HostNetworks HOST =
            new HostNetworks(List.of(network("eth0", "10.0.0.1"), network("eth1", "10.0.1.1")));

    @TempDir
    private Path directory;

    private static HostNetwork network(String device, String address) {
        return new HostNetwork(device, Ipv4.parse(address), new Ipv4Network(Ipv4.parse(address), 24));
    }

    private List<String> explain(Optional<String> relay, Optional<String> device)
            throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("f.ini"), """
                [bootp]
                pool_start = 10.0.0.100
                boot_file = a
                [subnet lab]
                network = 10.0.1.0/24
                pool_start = 10.0.1.100
                [subnet hall]
                network = 10.0.2.0/24
                pool_start = 10.0.2.100
                gateway = 10.0.2.1
                [leases]
                data_dir = leases
                """);
        Findings findings = new Findings();
        Optional<Settings> settings = Settings.read(file, "f.ini", Settings.Services.DHCP_ONLY, HOST, findings);
        assertThat(findings.mistakes()).isEmpty();
        Question question = new Question(
                HardwareAddress.parse("02-00-00-00-00-01"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new ClientArchitecture(0)),
                Optional.empty(),
                relay.map(Ipv4::parse),
                device,
                Optional.empty());
        return Explainer.explain(settings.orElseThrow(), question).lines();
    }

    @Test
    void aMachineIsOnTheInterfaceThatIsNamed() throws Exception {
        assertThat(explain(Optional.empty(), Optional.of("eth1")))
                .contains("interface: eth1", "address: 10.0.1.100 (the next of the pool)");
        assertThat(explain(Optional.empty(), Optional.of("eth0")))
                .contains("interface: eth0", "address: 10.0.0.100 (the next of the pool)");
    }

    @Test
    void withoutANameItIsOnTheFirstOne() throws Exception {
        assertThat(explain(Optional.empty(), Optional.empty()))
                .contains(
                        "interface: eth0 (the first one; --interface NAME tells of another)",
                        "address: 10.0.0.100 (the next of the pool)");
    }

    @Test
    void behindARelayTheInterfaceMakesNoDifference() throws Exception {
        assertThat(explain(Optional.of("10.0.2.1"), Optional.of("eth1")))
                .contains("address: 10.0.2.100 (the next of the pool)")
                .noneMatch(line -> line.startsWith("interface"));
    }

    @Test
    void anInterfaceThatIsNotServedIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> explain(Optional.empty(), Optional.of("eth2")))
                .withMessage("eth2 is not served");
    }
}

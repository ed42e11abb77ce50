package org.jbootd.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jbootd.app.host.HostNetwork;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.app.ini.Findings;
import org.jbootd.domain.lease.Reservation;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code [subnet NAME]}: networks beside that of {@code [bootp]}. */
class SubnetsTest {

    private static final HostNetworks HOST = new HostNetworks(List.of(
            network("lo", "127.0.0.1", 8),
            network("eth0", "10.0.0.1", 24),
            network("eth0", "10.0.5.1", 24),
            network("eth1", "192.168.1.1", 24)));

    private static final String NETWORKS = "lo 127.0.0.1/8, eth0 10.0.0.1/24, eth0 10.0.5.1/24, eth1 192.168.1.1/24";

    @TempDir
    private Path directory;

    private final Findings findings = new Findings();

    private static HostNetwork network(String device, String address, int prefix) {
        return new HostNetwork(device, Ipv4.parse(address), new Ipv4Network(Ipv4.parse(address), prefix));
    }

    private Optional<BootpSettings> read(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("f.ini"), text + "[leases]\ndata_dir = leases\n");
        return Settings.read(file, "f.ini", Settings.Services.DHCP_ONLY, HOST, findings)
                .flatMap(Settings::dhcp)
                .map(Settings.Dhcp::bootp);
    }

    private Subnets subnets(String text) throws IOException {
        Optional<BootpSettings> read = read(text);
        assertThat(findings.mistakes()).isEmpty();
        return read.orElseThrow().subnets();
    }

    private static Subnet named(Subnets subnets, String name) {
        return subnets.all().stream()
                .map(SubnetSettings::subnet)
                .filter(subnet -> subnet.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void eachNetworkHasItsOwnAndInheritsTheRest() throws IOException {
        Subnets subnets = subnets("""
                [bootp]
                pool_start = 10.0.0.100
                lease_time = 1h
                reclaim_after = 30d
                gateway = 10.0.0.254
                domain = example.org
                dns = 10.0.0.53; auto
                boot_file = a.0
                [subnet lab]
                network = 10.2.0.0/16
                pool_start = 10.2.1.0
                pool_count = 512
                gateway = 10.2.0.1
                dns = 10.2.0.53
                domain = lab.example.org
                lease_time = never
                reclaim_after = never
                boot_file = lab.0
                """);

        Subnet lab = named(subnets, "lab");
        assertThat(lab.network()).hasToString("10.2.0.0/16");
        assertThat(lab.pool().count()).isEqualTo(512);
        assertThat(lab.server()).hasToString("10.0.0.1");
        assertThat(lab.routers()).extracting(Ipv4::toString).containsExactly("10.2.0.1");
        assertThat(lab.nameServers()).extracting(Ipv4::toString).containsExactly("10.2.0.53");
        assertThat(lab.domainName()).contains("lab.example.org");
        assertThat(lab.reclaimAfter()).isEmpty();
        assertThat(subnets.all()).extracting(SubnetSettings::hostNameServers).containsExactly(true, false);
        assertThat(subnets.all())
                .extracting(SubnetSettings::bootFile)
                .containsExactly(Optional.empty(), Optional.of("lab.0"));
        Subnet plain = named(subnets, Subnets.MAIN);
        assertThat(plain.leaseTime()).isEqualTo(Duration.ofHours(1));
        assertThat(plain.routers()).extracting(Ipv4::toString).containsExactly("10.0.0.254");
        assertThat(findings.warnings()).isEmpty();
    }

    @Test
    void aSilentSubnetHasTheTermsOfBootpButNotItsGateway() throws IOException {
        Subnets subnets = subnets("""
                [bootp]
                pool_start = 10.0.0.100
                lease_time = 1h
                reclaim_after = 30d
                gateway = 10.0.0.254
                boot_file = a.0
                [subnet dmz]
                network = 192.168.1.0/24
                """);

        Subnet dmz = named(subnets, "dmz");
        assertThat(dmz.leaseTime()).isEqualTo(Duration.ofHours(1));
        assertThat(dmz.reclaimAfter()).contains(Duration.ofDays(30));
        assertThat(dmz.pool().count()).isZero();
        assertThat(dmz.server()).hasToString("192.168.1.1");
        assertThat(dmz.routers()).extracting(Ipv4::toString).containsExactly("192.168.1.1");
        assertThat(subnets.interfaces()).extracting(HostNetwork::device).containsExactly("eth0", "eth1");
    }

    @Test
    void withoutAPoolInBootpTheSubnetsAreAll() throws IOException {
        Subnets subnets =
                subnets("[bootp]\nboot_file = a\n[subnet lab]\nnetwork = 10.2.0.0/255.255.0.0\nset_gateway = off\n");

        assertThat(subnets.all()).hasSize(1);
        assertThat(named(subnets, "lab").network().prefix()).isEqualTo(16);
        assertThat(named(subnets, "lab").server()).hasToString("10.0.0.1");
        assertThat(named(subnets, "lab").routers()).isEmpty();
        assertThat(subnets.interfaces()).extracting(HostNetwork::device).containsExactly("eth0", "eth1");
    }

    @Test
    void anInterfaceMayBeThereForRelaysAlone() throws IOException {
        Subnets subnets = subnets(
                "[bootp]\nboot_file = a\ninterface = eth1\n[subnet lab]\nnetwork = 10.2.0.0/16\ngateway = 10.2.0.1\n");

        assertThat(named(subnets, "lab").server()).hasToString("192.168.1.1");
        assertThat(subnets.interfaces()).extracting(HostNetwork::device).containsExactly("eth1");
    }

    @Test
    void networksOfOneInterfaceShareItsWire() throws IOException {
        Subnets subnets = subnets("""
                [bootp]
                pool_start = 10.0.0.100
                boot_file = a
                [subnet more]
                network = 10.0.5.0/24
                [subnet far]
                network = 10.7.0.0/24
                gateway = 10.7.0.1
                shared_network = hall
                [subnet farther]
                network = 10.8.0.0/24
                gateway = 10.8.0.1
                shared_network = hall
                """);

        assertThat(subnets.all())
                .extracting(subnet -> subnet.subnet().sharedNetwork().orElse("-"))
                .containsExactly("eth0", "eth0", "hall", "hall");
        assertThat(subnets.interfaces()).extracting(HostNetwork::device).containsExactly("eth0");
    }

    @Test
    void aMachinesAddressGoesToTheNetworkThatHasIt() throws IOException {
        Subnets subnets = subnets("""
                [bootp]
                pool_start = 10.0.0.100
                boot_file = a
                [subnet lab]
                network = 10.2.0.0/16
                gateway = 10.2.0.1
                [static_dhcp]
                02-00-00-00-00-01 = 10.2.3.4
                02-00-00-00-00-02 = 10.0.0.5
                """);

        assertThat(named(subnets, "lab").reservations()).containsExactly(reservation("02-00-00-00-00-01", "10.2.3.4"));
        assertThat(named(subnets, Subnets.MAIN).reservations())
                .containsExactly(reservation("02-00-00-00-00-02", "10.0.0.5"));
    }

    private static Reservation reservation(String machine, String address) {
        return new Reservation(HardwareAddress.parse(machine), Ipv4.parse(address));
    }

    record Row(String text, String... mistakes) {
        @Override
        public String toString() {
            return text.replace("\n", " ⏎ ");
        }
    }

    private static Row lab(String lines, String mistake) {
        return new Row("[bootp]\npool_start = 10.0.0.100\nboot_file = a\n[subnet lab]\n" + lines, mistake);
    }

    static Stream<Row> mistakes() {
        return Stream.of(
                lab("", "f.ini:4: [subnet lab] network: missing; give the network, as in 10.2.0.0/24"),
                lab(
                        "network = 10.2.0.0\n",
                        "f.ini:5: [subnet lab] network: '10.2.0.0' is no network: write it as in 10.2.0.0/24"),
                lab(
                        "network = 10.2.0.1/24\n",
                        "f.ini:5: [subnet lab] network: '10.2.0.1/24' is an address in the network 10.2.0.0/24: write that"),
                lab(
                        "network = 10.2.0.0/31\n",
                        "f.ini:5: [subnet lab] network: '31' is not a whole number between 1 and 30"),
                lab(
                        "network = 10.0.0.128/25\n",
                        "f.ini:5: [subnet lab] network: 10.0.0.128/25 overlaps 10.0.0.0/24 of [bootp]; an address is of one network"),
                lab(
                        "network = 10.2.0.0/24\npool_start = 10.3.0.1\n",
                        "f.ini:6: [subnet lab] pool_start: 10.3.0.1 is not in the network 10.2.0.0/24"),
                lab(
                        "network = 10.2.0.0/24\npool_count = 7\n",
                        "f.ini:6: [subnet lab] pool_count: of no use without pool_start; give the first address to hand out"),
                lab(
                        "network = 10.2.0.0/24\npool_start = 10.2.0.250\npool_count = 7\n",
                        "f.ini:7: [subnet lab] pool_count: 7 addresses from 10.2.0.250 on do not fit into the network 10.2.0.0/24; 6 do"),
                lab(
                        "network = 10.2.0.0/24\naddress = 10.2.0.1\n",
                        "f.ini:6: [subnet lab] address: 10.2.0.1 is not an address of this host; it has " + NETWORKS),
                lab(
                        "network = 10.0.5.0/24\nshared_network = x\n[subnet b]\nnetwork = 192.168.1.0/24\nlease_tme = 4\n",
                        "f.ini:9: [subnet b] lease_tme: unknown key; did you mean 'lease_time'?"),
                lab(
                        "network = 10.2.0.0/24\nport = 67\n",
                        "f.ini:6: [subnet lab] port: unknown key; it belongs in [bootp]"),
                new Row(
                        "[bootp]\npool_start = 10.0.0.100\nboot_file = a\n[subnet]\nnetwork = 10.2.0.0/24\n",
                        "f.ini:4: [subnet]: give it a name, as in [subnet one]"),
                new Row(
                        "[bootp]\npool_start = 10.0.0.100\nboot_file = a\n[subnet a b]\nnetwork = 10.2.0.0/24\n",
                        "f.ini:4: [subnet a b]: 'a b' is not a name: write letters, digits, dots and dashes, 63 at most"),
                new Row(
                        "[bootp]\npool_start = 10.0.0.100\nboot_file = a\n[subnet default]\nnetwork = 10.2.0.0/24\n",
                        "f.ini:5: [subnet default] network: 'default' is the name of the network of [bootp]; choose another"),
                new Row(
                        "[bootp]\ngateway = 10.2.0.1\nboot_file = a\n[subnet lab]\nnetwork = 10.2.0.0/24\nset_gateway = off\n",
                        "f.ini:2: [bootp] gateway: of no use without pool_start; it goes into the [subnet …] that it is meant for"),
                new Row(
                        "[bootp]\npool_start = 10.0.0.100\ninterface = eth0, eth1\nboot_file = a\n",
                        "f.ini:3: [bootp] interface: 'eth1' is not on the network of pool_start, 10.0.0.100,"
                                + " so there are no addresses for machines on it: leave it out; this host has "
                                + NETWORKS),
                lab(
                        "network = 10.2.0.0/24\ngateway = 10.2.0.1\n[static_dhcp]\n02-00-00-00-00-01 = 10.9.0.9\n",
                        "f.ini:8: [static_dhcp] 02-00-00-00-00-01: 10.9.0.9 is no machine's address in any of the networks 10.0.0.0/24, 10.2.0.0/24"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void aMistakeNamesItsLineAndTheMend(Row row) throws IOException {
        Optional<BootpSettings> settings = read(row.text());

        assertThat(findings.mistakes()).containsExactly(row.mistakes());
        assertThat(settings).isEmpty();
    }

    @Test
    void machinesBehindARelayNeedTheirRouter() throws IOException {
        read("[bootp]\nboot_file = a\n[subnet lab]\nnetwork = 10.2.0.0/24\n");

        assertThat(findings.warnings())
                .containsExactly(
                        "f.ini:3: [subnet lab] gateway: missing; machines behind a relay need their router to reach"
                                + " this server; write set_gateway = off if they know it");
    }
}

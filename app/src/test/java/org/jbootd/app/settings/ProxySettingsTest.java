package org.jbootd.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jbootd.app.host.HostNetwork;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.app.ini.Findings;
import org.jbootd.domain.boot.BootMenu;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code proxy = on} and {@code [menu]}. */
class ProxySettingsTest {

    private static final HostNetworks HOST = new HostNetworks(List.of(
            network("lo", "127.0.0.1", 8),
            network("eth0", "10.0.0.1", 24),
            network("eth0", "10.0.5.1", 24),
            network("eth1", "192.168.1.1", 24)));

    private static final String OF_NO_USE = "of no use with proxy = on, which leaves addresses to another server";

    @TempDir
    private Path directory;

    private final Findings findings = new Findings();

    private static HostNetwork network(String device, String address, int prefix) {
        return new HostNetwork(device, Ipv4.parse(address), new Ipv4Network(Ipv4.parse(address), prefix));
    }

    private Optional<Settings.Dhcp> read(HostNetworks host, String text) throws IOException {
        Path file = Files.writeString(directory.resolve("f.ini"), text);
        return Settings.read(file, "f.ini", Settings.Services.DHCP_ONLY, host, findings)
                .flatMap(Settings::dhcp);
    }

    private BootpSettings proxy(String more) throws IOException {
        Optional<Settings.Dhcp> read = read(HOST, "[bootp]\nproxy = on\nboot_file = a.0\n" + more);
        assertThat(findings.mistakes()).isEmpty();
        assertThat(read.orElseThrow().leases()).isEmpty();
        assertThat(read.get().bootp().proxy()).isTrue();
        return read.get().bootp();
    }

    private static List<String> networks(BootpSettings bootp) {
        return bootp.subnets().all().stream()
                .map(SubnetSettings::subnet)
                .map(subnet -> subnet.network() + " by " + subnet.server())
                .toList();
    }

    private static List<String> interfaces(BootpSettings bootp) {
        return bootp.subnets().interfaces().stream().map(HostNetwork::toString).toList();
    }

    @Test
    void allInterfacesButLoopbackAreServedWithAllTheirNetworks() throws IOException {
        BootpSettings bootp = proxy("");
        assertThat(interfaces(bootp)).containsExactly("eth0 10.0.0.1/24", "eth1 192.168.1.1/24");
        assertThat(networks(bootp))
                .containsExactly("10.0.0.0/24 by 10.0.0.1", "192.168.1.0/24 by 192.168.1.1", "10.0.5.0/24 by 10.0.5.1");
        assertThat(findings.warnings()).isEmpty();
    }

    @Test
    void orThoseThatAreNamed() throws IOException {
        BootpSettings bootp = proxy("interface = eth1, lo\n");
        assertThat(interfaces(bootp)).containsExactly("lo 127.0.0.1/8", "eth1 192.168.1.1/24");
    }

    @Test
    void orTheOneOfAnAddress() throws IOException {
        BootpSettings bootp = proxy("address = 10.0.5.1\n");
        assertThat(interfaces(bootp)).containsExactly("eth0 10.0.5.1/24");
        assertThat(networks(bootp)).containsExactly("10.0.5.0/24 by 10.0.5.1", "10.0.0.0/24 by 10.0.0.1");
    }

    @Test
    void subnetsAreBehindRelaysOrGiveAnAttachedNetworkItsBootFile() throws IOException {
        BootpSettings bootp = proxy("""
                interface = eth0
                [subnet hall]
                network = 10.9.0.0/16
                [subnet office]
                network = 10.0.0.0/24
                boot_file = office.0
                """);
        assertThat(networks(bootp))
                .containsExactly("10.9.0.0/16 by 10.0.0.1", "10.0.0.0/24 by 10.0.0.1", "10.0.5.0/24 by 10.0.5.1");
        assertThat(bootp.subnets().all().stream().map(SubnetSettings::subnet).map(Subnet::name))
                .containsExactly("hall", "office", "10.0.5.0/24");
        assertThat(bootp.subnets().all().get(0).interfaces()).isEmpty();
        assertThat(bootp.subnets().all().get(1).bootFile()).contains("office.0");
        assertThat(bootp.bootFileNames()).containsExactlyInAnyOrder("a.0", "office.0");
        assertThat(findings.warnings()).isEmpty();
    }

    @Test
    void whatHasAMeaningWithAddressesOnlyIsWarnedOf() throws IOException {
        proxy("""
                pool_start = 10.0.0.100
                pool_count = 3
                allow_simple_dhcp = on
                notify = 127.0.0.1:9
                option ntp-servers = 10.0.0.5
                servername = boot1
                uuid_order = wire
                [subnet hall]
                network = 10.9.0.0/16
                gateway = 10.9.0.1
                [host web1]
                mac = 02-00-00-00-00-02
                boot_file = web.0
                address = 10.0.0.8
                hostname = web1
                option root-path = /srv
                [static_dhcp]
                02-00-00-00-00-01 = 10.0.0.7
                [leases]
                data_dir = /nowhere/else
                """);
        assertThat(findings.warnings())
                .containsExactlyInAnyOrder(
                        "f.ini:4: [bootp] pool_start: " + OF_NO_USE,
                        "f.ini:5: [bootp] pool_count: " + OF_NO_USE,
                        "f.ini:6: [bootp] allow_simple_dhcp: " + OF_NO_USE,
                        "f.ini:7: [bootp] notify: " + OF_NO_USE,
                        "f.ini:8: [bootp] option ntp-servers: " + OF_NO_USE,
                        "f.ini:13: [subnet hall] gateway: " + OF_NO_USE,
                        "f.ini:17: [host web1] address: " + OF_NO_USE,
                        "f.ini:18: [host web1] hostname: " + OF_NO_USE,
                        "f.ini:19: [host web1] option root-path: " + OF_NO_USE,
                        "f.ini:20: [static_dhcp]: the addresses are " + OF_NO_USE,
                        "f.ini:22: [leases]: " + OF_NO_USE);
    }

    @Test
    void theMenuIsReadInItsOrder() throws IOException {
        BootpSettings bootp = proxy("""
                [menu]
                prompt = Hit F8, please
                timeout = never
                2 = Install Debian, 12, debian/pxelinux.0 ; the last comma counts
                1 = The usual
                0 = Local disk
                """);
        assertThat(bootp.menu())
                .contains(new BootMenu(
                        "Hit F8, please",
                        BootMenu.FOREVER,
                        List.of(
                                new BootMenu.Item(2, "Install Debian, 12", Optional.of("debian/pxelinux.0")),
                                new BootMenu.Item(1, "The usual", Optional.empty()),
                                new BootMenu.Item(0, "Local disk", Optional.empty())),
                        true));
        assertThat(bootp.bootFileNames()).containsExactlyInAnyOrder("a.0", "debian/pxelinux.0");
    }

    @Test
    void aBootLoaderWithAFileOfItsOwnSeesNoMenu() throws IOException {
        BootMenu menu = proxy("[bootfile]\nipxe = boot.ipxe\n[menu]\n1 = The usual\n")
                .menu()
                .orElseThrow();
        assertThat(menu.forBootLoaders()).isFalse();
        assertThat(menu.timeoutSeconds()).isEqualTo(10);
        assertThat(menu.prompt()).isEqualTo("Press F8 for the boot menu");
    }

    @Test
    void withoutProxyTheMenuIsNotUsed() throws IOException {
        Optional<Settings.Dhcp> read = read(
                HOST,
                "[bootp]\npool_start = 10.0.0.100\nboot_file = a.0\n[leases]\ndata_dir = leases\n[menu]\n1 = The usual\n");
        assertThat(read.orElseThrow().bootp().menu()).isEmpty();
        assertThat(read.get().leases()).isPresent();
        assertThat(findings.warnings())
                .containsExactly("f.ini:6: [menu]: the section is not used without [bootp] proxy = on");
    }

    record Row(String more, String mistake) {}

    static Stream<Row> mistakes() {
        return Stream.of(
                new Row(
                        "port = 4011",
                        "f.ini:4: [bootp] port: 4011 is where firmware asks for what to boot, with [bootp] proxy = on; choose another"),
                new Row(
                        "interface = eth7",
                        "f.ini:4: [bootp] interface: no interface 'eth7' is up with an IPv4 address; this host has lo 127.0.0.1/8, eth0 10.0.0.1/24, eth0 10.0.5.1/24, eth1 192.168.1.1/24"),
                new Row(
                        "[menu]",
                        "f.ini:4: [menu] NUMBER: the menu has nothing to load; give it an item, as in 1 = Install Debian"),
                new Row(
                        "[menu]\n0 = Local disk",
                        "f.ini:4: [menu] NUMBER: the menu has nothing to load; give it an item, as in 1 = Install Debian"),
                new Row("[menu]\n1 = A\n0 = Disk, a.0", "f.ini:6: [menu] 0: item 0 is the local disk, and has no file"),
                new Row(
                        "[menu]\n2 = B\n1 = A,",
                        "f.ini:6: [menu] 1: no file follows the comma; write one, or leave out the comma"),
                new Row(
                        "[menu]\n2 = B\n1 = Grüße",
                        "f.ini:6: [menu] 1: 'Grüße' cannot be shown by firmware: write ASCII"),
                new Row(
                        "[menu]\n2 = B\n65535 = A",
                        "f.ini:6: [menu] 65535: '65535' is not a whole number between 0 and 65534"),
                new Row(
                        "[menu]\n2 = B\ntimeout = 255",
                        "f.ini:6: [menu] timeout: '255' is not a whole number between 0 and 254"),
                new Row(
                        "[menu]\nprompt = " + "x".repeat(240) + "\n1 = B",
                        "f.ini:5: [menu] prompt: prompt and items are 7 characters more than firmware can be told; shorten the texts"),
                new Row(
                        "[subnet a]\nnetwork = 10.9.0.0/16\n[subnet b]\nnetwork = 10.9.1.0/24",
                        "f.ini:7: [subnet b] network: 10.9.1.0/24 overlaps 10.9.0.0/16 of [subnet a]; an address is of one network"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsNamedWithItsMend(Row row) throws IOException {
        assertThat(read(HOST, "[bootp]\nproxy = on\nboot_file = a.0\n" + row.more() + "\n"))
                .isEmpty();
        assertThat(findings.mistakes()).containsExactly(row.mistake());
    }

    @Test
    void aHostOnLoopbackOnlyServesNobody() throws IOException {
        HostNetworks lonely = new HostNetworks(List.of(network("lo", "127.0.0.1", 8)));
        assertThat(read(lonely, "[bootp]\nproxy = on\nboot_file = a.0\n")).isEmpty();
        assertThat(findings.mistakes())
                .containsExactly(
                        "f.ini:1: [bootp] interface: no interface but loopback is up with an IPv4 address; this host has lo 127.0.0.1/8");
    }
}

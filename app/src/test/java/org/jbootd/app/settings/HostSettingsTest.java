package org.jbootd.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jbootd.app.host.HostNetwork;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.app.ini.Findings;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.Host;
import org.jbootd.domain.client.UuidOrder;
import org.jbootd.domain.lease.Reservation;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code [host NAME]}. */
class HostSettingsTest {

    private static final HostNetworks HOST = new HostNetworks(
            List.of(new HostNetwork("eth0", Ipv4.parse("10.0.0.1"), new Ipv4Network(Ipv4.parse("10.0.0.1"), 24))));

    private static final HardwareAddress MAC = HardwareAddress.parse("02-00-00-00-00-01");
    private static final HardwareAddress OTHER = HardwareAddress.parse("02-00-00-00-00-02");
    private static final UUID UUID_OF_IT = UUID.fromString("12345678-abcd-ef00-8111-abcdefabcdef");

    @TempDir
    private Path directory;

    private final Findings findings = new Findings();

    private Optional<BootpSettings> read(String more) throws IOException {
        Path file = Files.writeString(
                directory.resolve("f.ini"),
                "[bootp]\npool_start = 10.0.0.100\nboot_file = a\n[leases]\ndata_dir = l\n" + more);
        return Settings.read(file, "f.ini", Settings.Services.DHCP_ONLY, HOST, findings)
                .flatMap(Settings::dhcp)
                .map(Settings.Dhcp::bootp);
    }

    private static ClientIdentity client(HardwareAddress mac, Optional<UUID> uuid) {
        return new ClientIdentity(mac, Optional.empty(), uuid);
    }

    @Test
    void aMachineHasAllThatItsSectionSays() throws IOException {
        BootpSettings bootp = read("[host web1]\nmac = 02:00:00:00:00:01\naddress = 10.0.0.20\nhostname = web1\n"
                        + "boot_file = rescue.0\noption root-path = /w\n")
                .orElseThrow();

        Host host = bootp.hosts().find(client(MAC, Optional.empty())).orElseThrow();
        assertThat(host.name()).isEqualTo("web1");
        assertThat(host.hostName()).contains("web1");
        assertThat(host.bootFile()).contains("rescue.0");
        assertThat(host.options()).isEqualTo(Map.of(17, Octets.of((byte) '/', (byte) 'w')));
        assertThat(bootp.subnets().all().get(0).subnet().reservations())
                .containsExactly(new Reservation(MAC, Ipv4.parse("10.0.0.20")));
        assertThat(bootp.bootFileNames()).containsExactlyInAnyOrder("a", "rescue.0");
        assertThat(bootp.hosts().find(client(OTHER, Optional.empty()))).isEmpty();
    }

    @Test
    void aMachineIsKnownByItsUuidInEitherOrder() throws IOException {
        BootpSettings bootp =
                read("[host db]\nuuid = " + UUID_OF_IT + "\nhostname = db\n").orElseThrow();

        for (UUID told : List.of(UUID_OF_IT, UuidOrder.WIRE.write(UUID_OF_IT))) {
            assertThat(bootp.hosts().find(client(OTHER, Optional.of(told)))).isPresent();
        }
    }

    @Test
    void anAddressIsReservedByUuidWhereNoMacIsGiven() throws IOException {
        BootpSettings bootp = read("[host db]\nuuid = " + UUID_OF_IT + "\naddress = 10.0.0.20\n"
                        + "[host web]\nmac = 02-00-00-00-00-02\nuuid = " + new UUID(7, 7) + "\naddress = 10.0.0.21\n")
                .orElseThrow();

        assertThat(bootp.subnets().all().get(0).subnet().reservations())
                .containsExactly(
                        new Reservation(UUID_OF_IT, Ipv4.parse("10.0.0.20")),
                        new Reservation(OTHER, Ipv4.parse("10.0.0.21")));
    }

    @Test
    void aHostIsAmongThoseWhomAccessControlKnowsAsReserved() throws IOException {
        BootpSettings bootp =
                read("[host web1]\nmac = 02-00-00-00-00-01\n[mac]\n").orElseThrow();

        assertThat(bootp.access().backends()).isEmpty();
        assertThat(findings.mistakes()).isEmpty();
    }

    record Row(String text, String... mistakes) {
        @Override
        public String toString() {
            return text.replace("\n", " ⏎ ");
        }
    }

    static Stream<Row> mistakes() {
        return Stream.of(
                new Row(
                        "[host web1]\nhostname = web1\n",
                        "f.ini:6: [host web1] mac: missing, and so is uuid; give one of them, so that the machine is known by it"),
                new Row(
                        "[host web1]\nuuid = " + UUID_OF_IT + "\naddress = 10.9.0.20\n",
                        "f.ini:8: [host web1] address: 10.9.0.20 is no machine's address in the network 10.0.0.0/24"),
                new Row(
                        "[host web1]\nuuid = " + UUID_OF_IT + "\naddress = 10.0.0.20\n"
                                + "[host web2]\nmac = 02-00-00-00-00-01\naddress = 10.0.0.20\n",
                        "f.ini:11: [host web2] address: 10.0.0.20 is the address of " + UUID_OF_IT + ", by line 8"),
                new Row(
                        "[host web1]\nmac = 02-00-00-00-00-01\naddress = 10.9.0.20\n",
                        "f.ini:8: [host web1] address: 10.9.0.20 is no machine's address in the network 10.0.0.0/24"),
                new Row(
                        "[host web1]\nmac = 02-00-00-00-00-01\n[host web2]\nmac = 02-00-00-00-00-01\n",
                        "f.ini:9: [host web2] mac: 02-00-00-00-00-01 is that of [host web1]; a machine has one section"),
                new Row(
                        "[host web1]\nmac = 02-00-00-00-00-01\naddress = 10.0.0.20\n[static_dhcp]\n02-00-00-00-00-02 = 10.0.0.20\n",
                        "f.ini:8: [host web1] address: 10.0.0.20 is the address of 02-00-00-00-00-02, by line 10"),
                new Row(
                        "[host web1]\nmac = 02-00-00-00-00-01\naddress = 10.0.0.20\n[static_dhcp]\n02-00-00-00-00-01 = 10.0.0.21\n",
                        "f.ini:8: [host web1] address: 02-00-00-00-00-01 has an address, by line 10; leave out one of them"),
                new Row(
                        "[host web1]\nmac = 01-00-00-00-00-01\n",
                        "f.ini:7: [host web1] mac: 01-00-00-00-00-01 is no machine's address, but a group's or nobody's"),
                new Row("[host]\nmac = 02-00-00-00-00-01\n", "f.ini:6: [host]: give it a name, as in [host one]"),
                new Row(
                        "[host web1]\nmac = 02-00-00-00-00-01\nhost_name = x\n",
                        "f.ini:8: [host web1] host_name: unknown key; did you mean 'hostname'?"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void aMistakeNamesItsLineAndTheMend(Row row) throws IOException {
        Optional<BootpSettings> settings = read(row.text());

        assertThat(findings.mistakes()).containsExactly(row.mistakes());
        assertThat(settings).isEmpty();
    }
}

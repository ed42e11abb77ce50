package org.jbootd.app.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.app.settings.SettingsLab.file;
import static org.jbootd.app.settings.SettingsLab.main;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jbootd.app.host.HostNetwork;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.app.ini.Findings;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.Reservation;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;
import org.jbootd.udp.notify.ListenerAddress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a configuration without mistakes means. */
class SettingsTest {

    @TempDir
    private Path directory;

    private SettingsLab lab;

    @BeforeEach
    void furnish() throws IOException {
        lab = new SettingsLab(directory);
    }

    @Test
    void whatClientsAreKnownByIsTheOperatorsChoice() throws IOException {
        assertThat(lab.bootp("pool_start = 10.0.0.100").identification()).isEqualTo(Identification.HARDWARE);
        assertThat(lab.bootp("pool_start = 10.0.0.100\nidentity = Client_ID").identification())
                .isEqualTo(Identification.CLIENT_ID);

        lab.read(Settings.Services.BOTH, file("pool_start = 10.0.0.100\nidentity = mac", ""));
        assertThat(lab.findings.mistakes())
                .anyMatch(mistake -> mistake.endsWith("[bootp] identity: 'mac' is neither hardware nor client_id"));
    }

    @Test
    void theFirstInterfaceNamedGivesTheServerItsAddress() throws IOException {
        HostNetworks host = new HostNetworks(
                List.of(SettingsLab.network("eth0", "10.0.0.1", 24), SettingsLab.network("eth1", "10.0.0.2", 24)));
        Path path = Files.writeString(directory.resolve("f.ini"), file("interface = eth1, eth0", ""));
        Subnets served = Settings.read(path, "f.ini", Settings.Services.BOTH, host, lab.findings)
                .flatMap(Settings::dhcp)
                .orElseThrow()
                .bootp()
                .subnets();

        assertThat(served.all().get(0).subnet().server()).isEqualTo(Ipv4.parse("10.0.0.2"));
        assertThat(served.interfaces()).extracting(HostNetwork::device).containsExactly("eth1", "eth0");
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1, true", "0.0.0.0, false", "127.0.0.1, false"})
    void machinesAreToldTheTftpAddressThatTheyCanReach(String address, boolean told) throws IOException {
        TftpSettings tftp = lab.read(Settings.Services.TFTP_ONLY, "[tftp]\nroot = files\naddress = " + address)
                .flatMap(Settings::tftp)
                .orElseThrow();

        assertThat(tftp.addressForOthers())
                .isEqualTo(Optional.of(Ipv4.parse(address)).filter(known -> told));
    }

    @Test
    void theSmallestFileHasTheDocumentedDefaults() throws IOException {
        Settings settings = lab.read(Settings.Services.BOTH, file("", "")).orElseThrow();
        BootpSettings bootp = settings.dhcp().orElseThrow().bootp();
        TftpSettings tftp = settings.tftp().orElseThrow();

        assertThat(settings.logger()).isEqualTo(LoggerSettings.DEFAULT);
        assertThat(bootp.subnets().interfaces()).containsExactly(SettingsLab.network("eth0", "10.0.0.1", 24));
        assertThat(bootp.port()).isEqualTo(67);
        assertThat(bootp.replyPort()).isEqualTo(68);
        assertThat(bootp.allowSimpleDhcp()).isFalse();
        assertThat(bootp.authoritative()).isTrue();
        assertThat(main(bootp).hostNameServers()).isFalse();
        assertThat(bootp.serverName()).isEqualTo("unknown.localdomain");
        assertThat(main(bootp).subnet().server()).isEqualTo(Ipv4.parse("10.0.0.1"));
        assertThat(main(bootp).subnet().pool().count()).isEqualTo(10);
        assertThat(main(bootp).subnet().routers()).containsExactly(Ipv4.parse("10.0.0.1"));
        assertThat(main(bootp).subnet().nameServers()).isEmpty();
        assertThat(main(bootp).subnet().domainName()).isEmpty();
        assertThat(main(bootp).subnet().leaseTime()).isEqualTo(Duration.ofDays(1));
        assertThat(main(bootp).subnet().offerTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(main(bootp).subnet().declineTimeout()).isEqualTo(Duration.ofDays(1));
        assertThat(main(bootp).subnet().reclaimAfter()).isEmpty();
        assertThat(tftp.address()).isEmpty();
        assertThat(tftp.port()).isEqualTo(69);
        assertThat(tftp.blockSize()).isEqualTo(65464);
        assertThat(tftp.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(tftp.root()).isEqualTo(new FileRoot.Directory(directory.resolve("files")));
        assertThat(settings.dhcp().get().leases().orElseThrow().directory()).contains(directory.resolve("leases"));
        assertThat(lab.findings.warnings()).isEmpty();
    }

    @Test
    void bothSpellingsOfSectionsAndAnyCaseOfKeysCount() throws IOException {
        Settings settings = lab.read(
                        Settings.Services.BOTH,
                        "[bootpd]\nPOOL_START = 10.0.0.100\nBoot_File = a\n[tftpd]\nROOT = files\n[leases]\nData_Dir = l\n")
                .orElseThrow();

        assertThat(main(settings.dhcp().orElseThrow().bootp()).subnet().pool().first())
                .isEqualTo(Ipv4.parse("10.0.0.100"));
        assertThat(settings.tftp()).isPresent();
    }

    @Test
    void everyValueArrivesWhereItBelongs() throws IOException {
        BootpSettings bootp = lab.bootp(
                "lease_time = never\nreclaim_after = 30d\ndecline_timeout = 90\nset_gateway = off\n"
                        + "domain = example.org\nserver_name = boot1\nallow_simple_dhcp = enable\nauthoritative = ko\n"
                        + "dns = 8.8.8.8 ; 8.8.4.4, 1.1.1.1 ; the usual ones\nnetmask = 255.255.255.128\npool_count = 28");

        assertThat(main(bootp).subnet().leaseTime()).isEqualTo(Lease.FOREVER);
        assertThat(main(bootp).subnet().reclaimAfter()).contains(Duration.ofDays(30));
        assertThat(main(bootp).subnet().declineTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(main(bootp).subnet().routers()).isEmpty();
        assertThat(main(bootp).subnet().domainName()).contains("example.org");
        assertThat(bootp.serverName()).isEqualTo("boot1.example.org");
        assertThat(bootp.allowSimpleDhcp()).isTrue();
        assertThat(bootp.authoritative()).isFalse();
        assertThat(main(bootp).subnet().nameServers())
                .containsExactly(Ipv4.parse("8.8.8.8"), Ipv4.parse("8.8.4.4"), Ipv4.parse("1.1.1.1"));
        assertThat(main(bootp).subnet().network()).isEqualTo(new Ipv4Network(Ipv4.parse("10.0.0.0"), 25));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "127.0.0.1:11000 | 127.0.0.1:11000",
                "a:1;b.example:2 ; c-d:3, e:4 ; and no more | a:1 b.example:2 c-d:3 e:4",
                "a:1 a:1 | a:1",
            })
    void severalMayBeNotified(String text, String expected) throws IOException {
        assertThat(lab.bootp("notify = " + text).notified())
                .extracting(ListenerAddress::toString)
                .containsExactly(expected.split(" "));
    }

    @ParameterizedTest
    @CsvSource({"auto,true,0", "auto; 8.8.8.8,true,1", "8.8.8.8 9.9.9.9,false,2", "8.8.8.8;8.8.8.8,false,1"})
    void nameServersMayBeThoseOfTheHost(String text, boolean ofHost, int fixed) throws IOException {
        BootpSettings bootp = lab.bootp("dns = " + text);

        assertThat(main(bootp).hostNameServers()).isEqualTo(ofHost);
        assertThat(main(bootp).subnet().nameServers()).hasSize(fixed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "HIGH", "true", "Enable", "enabled", "yes", "1", "ok"})
    void everyWordForOn(String word) throws IOException {
        assertThat(lab.bootp("allow_simple_dhcp = " + word).allowSimpleDhcp()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "LOW", "false", "Disable", "disabled", "no", "0", "ko"})
    void everyWordForOff(String word) throws IOException {
        assertThat(lab.bootp("authoritative = " + word).authoritative()).isFalse();
    }

    @Test
    void bootFilesGoByArchitecture() throws IOException {
        BootFileSettings files = lab.read(
                        Settings.Services.BOTH,
                        file(
                                "",
                                "[bootfile]\n00009 = nine.efi\nuefi-x64 = grub.efi\n0 = bios.0\nUEFI-ARM64-HTTP = http://h/a\n"
                                        + "ipxe = boot.ipxe\n"))
                .orElseThrow()
                .dhcp()
                .orElseThrow()
                .bootp()
                .bootFiles();

        assertThat(files.byArchitecture())
                .isEqualTo(Map.of(
                        new ClientArchitecture(0), "bios.0",
                        new ClientArchitecture(7), "grub.efi",
                        new ClientArchitecture(9), "nine.efi",
                        new ClientArchitecture(19), "http://h/a"));
        assertThat(files.standard()).contains("a.bin");
        assertThat(files.ipxe()).contains("boot.ipxe");
        assertThat(files.namesAnd(java.util.stream.Stream.empty()))
                .containsExactlyInAnyOrder("a.bin", "bios.0", "grub.efi", "nine.efi", "boot.ipxe");
    }

    @Test
    void aMachineIsNamedInEachNotationOfPybootd() throws IOException {
        Settings settings = lab.read(
                        Settings.Services.BOTH,
                        file(
                                "",
                                "[static_dhcp]\n02-02-03-04-05-0a = 10.0.0.5\n02:02:03:04:05:0B = 10.0.0.6\n02020304050c: 10.0.0.7\n"))
                .orElseThrow();

        assertThat(main(settings.dhcp().orElseThrow().bootp()).subnet().reservations())
                .extracting(Reservation::owner)
                .containsExactly("02-02-03-04-05-0A", "02-02-03-04-05-0B", "02-02-03-04-05-0C");
    }

    @Test
    void reservationsMayLieInThePoolOrBesideIt() throws IOException {
        Settings settings = lab.read(
                        Settings.Services.BOTH,
                        file("", "[static_dhcp]\n02-02-03-04-05-06 = 10.0.0.5\naa:bb:cc:dd:ee:ff = 10.0.0.101\n"))
                .orElseThrow();

        assertThat(main(settings.dhcp().orElseThrow().bootp()).subnet().reservations())
                .containsExactly(
                        new Reservation(HardwareAddress.parse("02-02-03-04-05-06"), Ipv4.parse("10.0.0.5")),
                        new Reservation(HardwareAddress.parse("aa-bb-cc-dd-ee-ff"), Ipv4.parse("10.0.0.101")));
    }

    @Test
    void ownAddressesInThePoolAreLeftOut() throws IOException {
        Settings settings = lab.read(
                        Settings.Services.DHCP_ONLY,
                        "[bootp]\npool_start = 10.0.0.0\ngateway = 10.0.0.5\nboot_file = a\n[leases]\ndata_dir = l\n")
                .orElseThrow();

        assertThat(main(settings.dhcp().orElseThrow().bootp()).subnet().excluded())
                .containsExactlyInAnyOrder(Ipv4.parse("10.0.0.1"), Ipv4.parse("10.0.0.5"));
        assertThat(lab.findings.warnings()).hasSize(2);
    }

    @Test
    void eachServiceNeedsOnlyItsOwnSections() throws IOException {
        Settings tftpOnly =
                lab.read(Settings.Services.TFTP_ONLY, "[tftp]\nroot = files\n").orElseThrow();
        Settings dhcpOnly = lab.read(
                        Settings.Services.DHCP_ONLY,
                        "[bootp]\npool_start = 10.0.0.5\nboot_file = a\n[leases]\ndata_dir = l\n")
                .orElseThrow();

        assertThat(tftpOnly.dhcp()).isEmpty();
        assertThat(dhcpOnly.tftp()).isEmpty();
    }

    @Test
    void everyExampleOfADocumentedKeyIsRead() throws IOException {
        for (KeyDoc doc : Keys.ALL) {
            Findings found = new Findings();
            Path file = Files.writeString(
                    directory.resolve("f.ini"),
                    "[" + doc.section() + (Sections.SEVERAL.contains(doc.section()) ? " lab" : "") + "]\n"
                            + (doc.example().contains(" = ") ? doc.example() : doc.key() + " = " + doc.example()));

            Settings.read(file, "f.ini", Settings.Services.BOTH, SettingsLab.HOST, found);

            assertThat(found.mistakes())
                    .as(doc.section() + " " + doc.key())
                    .noneMatch(mistake -> mistake.contains("unknown") || mistake.contains("has no value"));
        }
    }
}

package org.jbootd.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jbootd.acl.HttpAccess;
import org.jbootd.app.access.BackendJar;
import org.jbootd.app.access.ForeignAccess;
import org.jbootd.app.access.ScriptedBackend;
import org.jbootd.app.host.HostNetwork;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.app.ini.Findings;
import org.jbootd.domain.access.MacList;
import org.jbootd.domain.access.UuidList;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AccessSettingsTest {

    private static final HostNetworks HOST = new HostNetworks(
            List.of(new HostNetwork("eth0", Ipv4.parse("10.0.0.1"), new Ipv4Network(Ipv4.parse("10.0.0.1"), 24))));

    private static final String AUTHORITY = "[http]\nlocation = http://h\npxe = boot\ndhcp = linux\n";

    @TempDir
    private Path directory;

    private final Findings findings = new Findings();

    /** @param access line 4 of the file @param more from line 6 on */
    private Optional<AccessSettings> read(String access, String more) throws IOException {
        Path file = Files.writeString(
                directory.resolve("f.ini"),
                "[bootp]\npool_start = 10.0.0.100\nboot_file = a.bin\n" + access + "\n[leases]\n" + more);
        return Settings.read(file, "f.ini", Settings.Services.DHCP_ONLY, HOST, findings)
                .flatMap(Settings::dhcp)
                .map(dhcp -> dhcp.bootp().access());
    }

    private AccessSettings access(String access, String more) throws IOException {
        Optional<AccessSettings> settings = read(access, more);
        assertThat(findings.mistakes()).isEmpty();
        return settings.orElseThrow();
    }

    private static List<String> names(AccessSettings settings) {
        return settings.backends().stream().map(AccessSettings.Backend::name).toList();
    }

    @Test
    void withoutTheKeyEverybodyIsServed() throws IOException {
        assertThat(access("port = 67", "[mac]\n01-02-03-04-05-06 = off\n").backends())
                .isEmpty();
        assertThat(findings.warnings())
                .containsExactly("f.ini:6: [mac]: the section is not used: [bootp] access does not name it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mac           | mac",
                "MAC           | mac",
                "http          | http",
                "mac, http     | mac http",
                "uuid;mac http | uuid mac http",
            })
    void backendsAreAskedInTheirOrder(String value, String expected) throws IOException {
        AccessSettings settings = access("access = " + value, "[mac]\n[uuid]\n" + AUTHORITY);

        assertThat(names(settings)).containsExactly(expected.split(" "));
    }

    @Test
    void reservedHostsStandBehindTheLastList() throws IOException {
        String sections = "[static_dhcp]\n02-02-03-04-05-06 = 10.0.0.5\n[mac]\n[uuid]\n" + AUTHORITY;

        AccessSettings settings = access("access = mac, uuid, http", sections);

        assertThat(names(settings)).containsExactly("mac", "uuid", "static_dhcp", "http");
        assertThat(settings.backends())
                .contains(new AccessSettings.Reserved(java.util.Set.of(HardwareAddress.parse("02-02-03-04-05-06"))));
        assertThat(names(access("access = http", sections))).containsExactly("http");
    }

    @Test
    void aShadowIsReadAsAccessIs() throws IOException {
        AccessSettings settings = access("access = mac\nshadow = uuid, http", "[mac]\n[uuid]\n" + AUTHORITY);

        assertThat(names(settings)).containsExactly("mac");
        assertThat(settings.shadow()).extracting(AccessSettings.Backend::name).containsExactly("uuid", "http");
        assertThat(settings.inWords()).isEqualTo("mac; compared with uuid, then http (http://h:80)");
        assertThat(findings.warnings()).isEmpty();
    }

    @Test
    void theListsAreReadInTheOrderOfTheFile() throws IOException {
        String uuid = "12345678-1234-5678-8123-456789abcdef";
        AccessSettings settings = access(
                "access = mac, uuid",
                "[mac]\n01-02-03/24 = off\n01:02:03:04:05:06 = yes\n01-02-03/24 = on\n[uuid]\n" + uuid + " = ok\n");

        assertThat(settings.backends())
                .containsExactly(
                        new AccessSettings.Macs(List.of(
                                MacList.Entry.parse("01-02-03/24", true),
                                MacList.Entry.parse("01-02-03-04-05-06", true))),
                        new AccessSettings.Uuids(List.of(UuidList.Entry.parse(uuid, true))));
        assertThat(findings.warnings())
                .containsExactly("f.ini:9: [mac] 01-02-03/24: given before, on line 7; this one holds");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AA-BB-CC-DD-EE-00/8 | only the first 8 bits count; pybootd 1.8 ignored the last 8: write AA-BB-CC-DD-EE-00/40 if that is meant",
                "AA-BB-CC-DD/24      | only the first 24 bits count",
                "AA-BB-CC-40/25      | only the first 25 bits count; pybootd 1.8 ignored the last 25: write AA-BB-CC-00-00-00/23 if that is meant",
            })
    void aPrefixOfWhichAPartDoesNotCountIsWarnedOf(String prefix, String warning) throws IOException {
        access("access = mac", "[mac]\n" + prefix + " = on\nAA-BB-80/17 = on\nAA-BB-CC-DD-EE-FF/48 = on\n");

        assertThat(findings.warnings()).containsExactly("f.ini:7: [mac] " + prefix + ": " + warning);
    }

    @Test
    void theAuthorityIsReadWithAllItsKeys() throws IOException {
        HttpAccess.Settings settings =
                authority(access("access = http", AUTHORITY + "timeout = 2s\ncache_grant = 10m\n"));

        assertThat(settings.authority()).hasToString("http://h:80");
        assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.cacheGrant()).contains(Duration.ofMinutes(10));
        assertThat(settings.alwaysCheck()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-, -, 5", "-, 3, 3", "2, -, 2", "2, 3, 2"})
    void theTimeoutOfHttpWinsOverTheOlderOne(String http, String bootp, int seconds) throws IOException {
        AccessSettings settings = access(
                "access = http" + (bootp == null ? "" : "\ntimeout = " + bootp),
                AUTHORITY + (http == null ? "" : "timeout = " + http + "\n"));

        assertThat(authority(settings).timeout()).isEqualTo(Duration.ofSeconds(seconds));
    }

    private static HttpAccess.Settings authority(AccessSettings settings) {
        return ((AccessSettings.Http) settings.backends().get(0)).settings();
    }

    @Test
    void aBackendOfAJarIsNamedAsTheOthersAre() throws IOException {
        jar(ScriptedBackend.class);

        AccessSettings settings = access(
                "access_dir = backends\naccess = mac, scripted\ntimeout = 2s",
                "[mac]\n[scripted]\nanswer = node1\nOther-Key = b\n");

        assertThat(settings.backends())
                .last()
                .isEqualTo(new AccessSettings.Foreign(new ForeignAccess.Settings(
                        "scripted",
                        directory.resolve("backends"),
                        Map.of("answer", "node1", "Other-Key", "b"),
                        Duration.ofSeconds(2))));
    }

    @Test
    void theSectionOfABackendThatIsNotAskedIsWarnedOf() throws IOException {
        jar(ScriptedBackend.class);

        assertThat(access("access_dir = backends", "[scripted]\nanswer = wrong\n")
                        .backends())
                .isEmpty();
        assertThat(findings.warnings())
                .containsExactly("f.ini:6: [scripted]: the section is not used: [bootp] access does not name it");
    }

    @Test
    void withoutDhcpTheSectionOfABackendIsLeftAlone() throws IOException {
        Path file = Files.writeString(
                directory.resolve("f.ini"), "[bootp]\naccess = scripted\n[scripted]\na = b\n[tftp]\nroot = .\n");

        assertThat(Settings.read(file, "f.ini", Settings.Services.TFTP_ONLY, HOST, findings))
                .isPresent();
        assertThat(findings.mistakes()).isEmpty();
    }

    private void jar(Class<?> backend) throws IOException {
        BackendJar.write(Files.createDirectory(directory.resolve("backends")).resolve("a.jar"), backend.getName());
    }

    static Stream<Row> mistakesWithJars() {
        return Stream.of(
                new Row(
                        "access = scriptde",
                        "",
                        "4: [bootp] access: 'scriptde' is none of mac, uuid, http, scripted; did you mean 'scripted'?"),
                new Row(
                        "access = scripted",
                        "[scripted]\nanswer = wrong\n",
                        "8: [scripted] answer: 'wrong' is no answer; write grant"),
                new Row(
                        "access = scripted",
                        "[scripted]\nanswer = breaks\n",
                        "4: [bootp] access: the backend 'scripted' cannot be opened: no library"));
    }

    @ParameterizedTest
    @MethodSource("mistakesWithJars")
    void aMistakeAboutABackendOfAJarNamesItsLine(Row row) throws IOException {
        jar(ScriptedBackend.class);

        read(row.access() + "\naccess_dir = backends", row.more());

        assertThat(findings.mistakes()).containsExactly("f.ini:" + row.mistake());
    }

    @Test
    void aDirectoryOfNoUseIsSaidAndNothingElse() throws IOException {
        read("access_dir = backends\naccess = scripted", "[scripted]\na = b\n");
        assertThat(findings.mistakes())
                .containsExactly(
                        "f.ini:4: [bootp] access_dir: there is no directory '" + directory.resolve("backends") + "'");
    }

    @Test
    void whereNoJarHasABackendItIsSaid() throws IOException {
        Path jars = Files.createDirectory(directory.resolve("backends"));

        read("access = inventory\naccess_dir = backends", "");
        Files.writeString(jars.resolve("a.jar"), "no jar");
        read("access = inventory\naccess_dir = backends", "");

        assertThat(findings.mistakes())
                .hasSize(2)
                .first()
                .isEqualTo("f.ini:4: [bootp] access: 'inventory' is none of mac, uuid, http; there is no jar with a"
                        + " backend in '" + jars + "'");
        assertThat(findings.mistakes())
                .last(org.assertj.core.api.InstanceOfAssertFactories.STRING)
                .startsWith("f.ini:5: [bootp] access_dir: '" + jars.resolve("a.jar") + "' cannot be read as a jar (")
                .endsWith("); replace it, or take it away");
    }

    @Test
    void aBackendMayNotTakeANameThatMeansSomethingElse() throws IOException {
        jar(ScriptedBackend.Impostor.class);

        read("access_dir = backends\naccess = mac", "[mac]\n");
        assertThat(findings.mistakes())
                .containsExactly("f.ini:4: [bootp] access_dir: a backend in '" + directory.resolve("backends")
                        + "' calls itself 'mac', which means something else here");
    }

    record Row(String access, String more, String mistake) {
        @Override
        public String toString() {
            return access + " with " + more.replace("\n", " ⏎ ");
        }
    }

    static Stream<Row> mistakes() {
        return Stream.of(
                new Row(
                        "access = everybody",
                        "",
                        "4: [bootp] access: 'everybody' is none of mac, uuid, http; for a backend from a jar write access_dir, too"),
                new Row("access = mca", "", "4: [bootp] access: 'mca' is none of mac, uuid, http; did you mean 'mac'?"),
                new Row("shadow = mca", "", "4: [bootp] shadow: 'mca' is none of mac, uuid, http; did you mean 'mac'?"),
                new Row(
                        "uuid_order = wires",
                        "",
                        "4: [bootp] uuid_order: 'wires' is none of label, wire; did you mean 'wire'?"),
                new Row("shadow = mac", "", "4: [bootp] shadow: there is no section [mac]; add it, or leave out mac"),
                new Row("access = mac, mac", "[mac]\n", "4: [bootp] access: 'mac' stands there twice"),
                new Row(
                        "access = http, mac",
                        "[mac]\n" + AUTHORITY,
                        "4: [bootp] access: http decides about every machine, so 'mac' behind it would never be asked; write http last"),
                new Row("access = mac", "", "4: [bootp] access: there is no section [mac]; add it, or leave out mac"),
                new Row(
                        "access = http",
                        "",
                        "4: [bootp] access: there is no section [http]; add it, or leave out http"),
                new Row(
                        "access = http",
                        "[http]\nlocation = http://h\npxe = boot\n",
                        "6: [http] dhcp: missing; name the path that is asked when an operating system wants an address"),
                new Row(
                        "access = http",
                        "[http]\nlocation = http://jo:secret@\npxe = boot\ndhcp = linux\n",
                        "7: [http] location: 'http://…@/boot' is not a URL that can be asked: write location = http://server[:port], or https://…"),
                new Row(
                        "access = http",
                        "[http]\nlocation = http://jo:12/34@h\npxe = boot\ndhcp = linux\n",
                        "7: [http] location: 'http://…@h' has an '@' behind a '/', '?' or '#': in a user or password write them"
                                + " as %2F, %3F and %23, and an '@' that belongs to a path as %40"),
                new Row(
                        "access = http",
                        AUTHORITY + "timeout = 2x\n",
                        "10: [http] timeout: '2x' is not a time: write seconds, or 30s, 5m, 12h, 30d, never"),
                new Row(
                        "access = http",
                        AUTHORITY + "always_check = on\ncache_grant = 1m\n",
                        "11: [http] cache_grant: always_check asks at every message, so that no grant is kept; write one of them"),
                new Row(
                        "access = http",
                        AUTHORITY.replace("http:", "https:") + "ca = ca.pem\n",
                        "10: [http] ca: there is no file 'DIRECTORY/ca.pem'"),
                new Row(
                        "access = http",
                        "[http]\nlocation = https://h\npxe = boot\ndhcp = linux\npin = sha256/x\n",
                        "10: [http] pin: 'sha256/x' is not a pin: write sha256/ and the SHA-256 of the server's public key in Base64"),
                new Row(
                        "access = http",
                        AUTHORITY + "pin = sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
                        "10: [http] pin: proves nothing of a connection without TLS; write location = https://…"),
                new Row(
                        "access = mac",
                        "[mac]\nxx = on\n",
                        "7: [mac] xx: 'xx' is neither a MAC address nor a prefix of one: write AA-BB-CC-DD-EE-FF, or AA-BB-CC/24"),
                new Row(
                        "access = mac",
                        "[mac]\nAA-BB/24 = on\n",
                        "7: [mac] AA-BB/24: 'AA-BB/24' names 16 bits, so /24 is too long; write more of the address"),
                new Row(
                        "access = mac",
                        "[mac]\n01-02-03-04-05-06 = si\n",
                        "7: [mac] 01-02-03-04-05-06: 'si' is neither on nor off"),
                new Row(
                        "port = 67",
                        "[uuid]\nxx = on\n",
                        "7: [uuid] xx: 'xx' is not a UUID: write it as in 12345678-1234-5678-8123-456789abcdef, or UUID/UUID, of which the second tells the bits that count"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeNamesItsLine(Row row) throws IOException {
        Optional<AccessSettings> settings = read(row.access(), row.more());

        assertThat(findings.mistakes())
                .containsExactly("f.ini:" + row.mistake().replace("DIRECTORY", directory.toString()));
        assertThat(settings).isEmpty();
    }
}

package org.jbootd.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jbootd.app.host.HostNetwork;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.app.ini.Findings;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code option NAME = value}: what goes on the wire for it. */
class MoreOptionsTest {

    private static final HostNetworks HOST = new HostNetworks(
            List.of(new HostNetwork("eth0", Ipv4.parse("10.0.0.1"), new Ipv4Network(Ipv4.parse("10.0.0.1"), 24))));

    @TempDir
    private Path directory;

    private final Findings findings = new Findings();

    private Optional<Subnets> read(String bootp, String more) throws IOException {
        Path file = Files.writeString(
                directory.resolve("f.ini"),
                "[bootp]\npool_start = 10.0.0.100\nboot_file = a\n" + bootp + "\n[leases]\ndata_dir = l\n" + more);
        return Settings.read(file, "f.ini", Settings.Services.DHCP_ONLY, HOST, findings)
                .flatMap(Settings::dhcp)
                .map(dhcp -> dhcp.bootp().subnets());
    }

    private Map<Integer, Octets> options(Subnets subnets, int index) {
        return subnets.all().get(index).subnet().options();
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "option ntp-servers | 10.0.0.5, 10.0.0.6 | 42 | 0a0000050a000006",
                "option 42          | 10.0.0.5           | 42 | 0a000005",
                "OPTION ntp-servers | 10.0.0.5           | 42 | 0a000005",
                "option swap-server | 10.0.0.5           | 16 | 0a000005",
                "option policy-filter | 10.9.0.1 255.255.255.255 | 21 | 0a090001ffffffff",
                "option root-path   | /srv/nfs root      | 17 | 2f7372762f6e667320726f6f74",
                "option time-offset | -3600              | 2  | fffff1f0",
                "option interface-mtu | 9000             | 26 | 2328",
                "option default-ip-ttl | 64              | 23 | 40",
                "option arp-cache-timeout | 4294967295   | 35 | ffffffff",
                "option v6-only-preferred | 300 | 108 | 0000012c",
                "option router-discovery | no            | 31 | 00",
                "option path-mtu-plateau-table | 68 1500 | 25 | 004405dc",
                "option domain-search | example.org, b.c | 119 | 076578616d706c65036f726700016201630 0",
                "option classless-static-routes | 10.0.0.0/8 10.0.0.9, 0.0.0.0/0 10.0.0.1 | 121 | 080a0a0000090 00a000001",
                "option classless-static-routes | 10.1.2.128/25 10.0.0.9 | 121 | 190a0102800a000009",
                "option 43          | 01:02:ff           | 43 | 0102ff",
                "option 224         | text hello         | 224 | 68656c6c6f",
                "option 224         | u16 258            | 224 | 0102",
                "option 224         | hex 0xDEAD         | 224 | dead"
            })
    void isSentAs(String key, String value, int code, String hex) throws IOException {
        Subnets subnets = read(key + " = " + value, "").orElseThrow();

        assertThat(options(subnets, 0)).isEqualTo(Map.of(code, Octets.parseHex(hex.replace(" ", ""))));
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "option ntp-server  | 10.0.0.5  | no option is called 'ntp-server'; did you mean 'ntp-servers'?; its number will do, too",
                "option 999         | x         | '999' is not a whole number between 1 and 254",
                "option 3           | 10.0.0.1  | option 3 follows from gateway; remove the line",
                "option 53          | 1         | option 53 is part of the protocol, and not to be set; remove the line",
                "option ntp-servers | pool      | 'pool' is not an IPv4 address: write four numbers of 0 to 255, as in 10.0.0.1",
                "option interface-mtu | 70000   | '70000' is not a whole number between 0 and 65535",
                "option policy-filter | 10.0.0.1 | '10.0.0.1' is an odd number of addresses: write pairs",
                "option 43          | zz        | 'zz' is not hexadecimal: write pairs of digits, as in 01:0a:ff",
                "option domain-search | a..b    | 'a..b' is not a domain name",
                "option classless-static-routes | 10.0.0.0/8 | '10.0.0.0/8' is not routes: write each as network and router, as in 10.0.0.0/8 10.1.0.1",
                "option v6-only-preferred | 299  | '299' is less than the 300 seconds that every client waits at least (RFC 8925): write those, or more",
                "option 224         | hello     | the kind of option 224's value is not known: write one of address, addresses, pairs, text, hex, flag, u8, u16, u16s, u32, s32, domains, routes in front of it, as in 'text hello'"
            })
    void aMistakeNamesTheMend(String key, String value, String mistake) throws IOException {
        Optional<Subnets> subnets = read(key + " = " + value, "");

        assertThat(findings.mistakes()).containsExactly("f.ini:4: [bootp] " + key + ": " + mistake);
        assertThat(subnets).isEmpty();
    }

    @Test
    void aSubnetInheritsWhatItDoesNotSay() throws IOException {
        Subnets subnets = read(
                        "option ntp-servers = 10.0.0.5\noption 26 = 1500",
                        "[subnet lab]\nnetwork = 10.2.0.0/24\ngateway = 10.2.0.1\noption ntp-servers = 10.2.0.5\noption 42 = 10.2.0.6\n")
                .orElseThrow();

        assertThat(options(subnets, 1)).isEqualTo(Map.of(26, Octets.parseHex("05dc"), 42, Octets.parseHex("0a020006")));
        assertThat(findings.warnings())
                .containsExactly("f.ini:12: [subnet lab] option 42: given before, on line 11; this one holds");
    }
}

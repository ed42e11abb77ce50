package org.jbootd.app.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.app.settings.SettingsLab.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jbootd.app.ini.Findings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of mistakes, and of what is left unused: each with its line. */
class SettingsMistakesTest {

    private static final String NETWORKS = "lo 127.0.0.1/8, eth0 10.0.0.1/24, eth1 192.168.1.1/24";

    @TempDir
    private Path directory;

    private SettingsLab lab;

    @BeforeEach
    void furnish() throws IOException {
        lab = new SettingsLab(directory);
    }

    /** @param mistake about the last line @param bootp from line 4 on @param more from behind [leases] on, line 9 with one line in bootp */
    record Row(String bootp, String more, String mistake) {

        static Row inBootp(String line, String mistake) {
            int last = 3 + line.split("\n").length;
            return new Row(line, "", "f.ini:" + last + ": [bootp] " + mistake);
        }

        static Row below(String more, String mistake) {
            return new Row("port = 67", more, "f.ini:" + mistake);
        }

        @Override
        public String toString() {
            return (more.isEmpty() ? bootp : more).replace("\n", " ⏎ ");
        }
    }

    static Stream<Row> mistakes() {
        return Stream.of(
                Row.inBootp("pool_strat = 1", "pool_strat: unknown key; did you mean 'pool_start'?"),
                Row.inBootp("getaway = 10.0.0.1", "getaway: unknown key; did you mean 'gateway'?"),
                Row.inBootp("blocksize = 512", "blocksize: unknown key; it belongs in [tftp]"),
                Row.inBootp("colour = red", "colour: unknown key"),
                Row.inBootp("port =", "port: has no value; give it one, or remove the line"),
                Row.inBootp("port = 0", "port: '0' is not a whole number between 1 and 65535"),
                Row.inBootp("port = 65536", "port: '65536' is not a whole number between 1 and 65535"),
                Row.inBootp("pool_count = ten", "pool_count: 'ten' is not a whole number between 0 and 1048576"),
                Row.inBootp(
                        "pool_count = 157",
                        "pool_count: 157 addresses from 10.0.0.100 on do not fit into the network 10.0.0.0/24; 156 do"),
                Row.inBootp("allow_simple_dhcp = maybe", "allow_simple_dhcp: 'maybe' is neither on nor off"),
                Row.inBootp(
                        "lease_time = 1h30",
                        "lease_time: '1h30' is not a time: write seconds, or 30s, 5m, 12h, 30d, never"),
                Row.inBootp("lease_time = 0", "lease_time: '0' is not between 1 second and 49710 days"),
                Row.inBootp(
                        "lease_time = 9999999999d", "lease_time: '9999999999d' is not between 1 second and 49710 days"),
                Row.inBootp(
                        "offer_timeout = never", "offer_timeout: 'never' makes no sense here: write a time, as in 60s"),
                Row.inBootp(
                        "gateway = 10.77",
                        "gateway: '10.77' is not an IPv4 address: write four numbers of 0 to 255, as in 10.0.0.1"),
                Row.inBootp(
                        "netmask = 255.0.255.0",
                        "netmask: 255.0.255.0 is not a netmask: write ones, then zeros, as in 255.255.255.0"),
                Row.inBootp(
                        "dns = 8.8.8.8; dns.example",
                        "dns: 'dns.example' is not an IPv4 address: write four numbers of 0 to 255, as in 10.0.0.1"),
                Row.inBootp("dns = 127.0.0.53", "dns: '127.0.0.53' is no address that a name server can have"),
                Row.inBootp(
                        "servername = a b",
                        "servername: 'a b' is not a name: write letters, digits, dots and dashes, 63 at most"),
                Row.inBootp(
                        "interface = eth7",
                        "interface: no interface 'eth7' is up with an IPv4 address; this host has " + NETWORKS),
                Row.inBootp(
                        "interface = eth0, eth1",
                        "interface: 'eth1' is not on the network of pool_start, 10.0.0.100, so there are no addresses for"
                                + " machines on it: leave it out; this host has " + NETWORKS),
                Row.below("[tftp]\nport = 67", "10: [tftp] port: 67 is the port of [bootp], too; give each its own"),
                Row.inBootp(
                        "address = 10.0.0.2", "address: 10.0.0.2 is not an address of this host; it has " + NETWORKS),
                Row.inBootp(
                        "notify = 10.0.0.9",
                        "notify: '10.0.0.9' is nobody to notify: write host:port, as in 127.0.0.1:11000"),
                Row.inBootp(
                        "notify = 10.0.0.9:11000; [::1]:11000",
                        "notify: '[::1]:11000' is nobody to notify: write host:port, as in 127.0.0.1:11000"),
                Row.inBootp("notify = a:1; b:65536", "notify: '65536' is not a whole number between 1 and 65535"),
                Row.inBootp("notify = a:1 ; b:65536", "notify: '65536' is not a whole number between 1 and 65535"),
                Row.inBootp(
                        "notify = 10.0.0:11000",
                        "notify: '10.0.0' is not an IPv4 address: write four numbers of 0 to 255, as in 10.0.0.1"),
                Row.inBootp("notify = 0.0.0.0:11000", "notify: '0.0.0.0' is no address that a listener can have"),
                Row.inBootp(
                        "notify = log!host.example:11000",
                        "notify: 'log!host.example' is not the name of a host: write letters, digits, dots and dashes"),
                Row.inBootp(
                        "notify = a:1;a:2;a:3;a:4;a:5;a:6;a:7;a:8;a:9",
                        "notify: 9 listeners are more than the 8 that are told; let one of them pass it on to the others"),
                Row.inBootp("proxy = perhaps", "proxy: 'perhaps' is neither on nor off"),
                Row.below(
                        "[static_dhcp]\n02-02-03-04-05-06 = 192.168.1.5",
                        "10: [static_dhcp] 02-02-03-04-05-06: 192.168.1.5 is no machine's address in the network 10.0.0.0/24"),
                Row.below(
                        "[static_dhcp]\n02-02-03-04-05-06 = 10.0.0.255",
                        "10: [static_dhcp] 02-02-03-04-05-06: 10.0.0.255 is no machine's address in the network 10.0.0.0/24"),
                Row.below(
                        "[static_dhcp]\n02-02-03-04-05-06 = 10.0.0.1",
                        "10: [static_dhcp] 02-02-03-04-05-06: 10.0.0.1 is in use by this server or a router"),
                Row.below(
                        "[static_dhcp]\n02-02-03-04-05-06 = 10.0.0.5\n02:02:03:04:05:07 = 10.0.0.5",
                        "11: [static_dhcp] 02-02-03-04-05-07: 10.0.0.5 is the address of 02-02-03-04-05-06, by line 10"),
                Row.below(
                        "[static_dhcp]\nhost = 10.0.0.5",
                        "10: [static_dhcp] host: 'host' is not a MAC address: write AA-BB-CC-DD-EE-FF or aa:bb:cc:dd:ee:ff"),
                Row.below(
                        "[static_dhcp]\n01-00-5e-00-00-01 = 10.0.0.5",
                        "10: [static_dhcp] 01-00-5e-00-00-01: 01-00-5E-00-00-01 is no machine's address, but a group's or nobody's"),
                Row.below(
                        "[static_dhcp]\n00-00-00-00-00-00 = 10.0.0.5",
                        "10: [static_dhcp] 00-00-00-00-00-00: 00-00-00-00-00-00 is no machine's address, but a group's or nobody's"),
                Row.below(
                        "[bootfile]\nuefi-x46 = a",
                        "10: [bootfile] uefi-x46: unknown architecture; write its IANA number, or one of "
                                + String.join(", ", Architectures.NAMES.keySet()) + "; did you mean 'uefi-x64'?"),
                Row.below("[bootfile]\n65536 = a", "10: [bootfile] 65536: an architecture is 0 to 65535, not 65536"),
                Row.below(
                        "[bootfile]\ndefault = a b",
                        "10: [bootfile] default: 'a b' cannot be a boot file's name: write ASCII without blanks, 127 characters at most"),
                Row.below(
                        "[filters]\na = {mac}", "10: [filters] a: unknown variable {mac}; the only one is {filename}"),
                Row.below(
                        "[tftpd]\nblocksize = 7",
                        "10: [tftp] blocksize: '7' is not a whole number between 8 and 65464"),
                Row.below(
                        "[tftpd]\ntimeout = soon",
                        "10: [tftp] timeout: 'soon' is not a number of seconds, as in 2 or 0.5"),
                Row.below("[tftpd]\ntimeout = 0.01", "10: [tftp] timeout: '0.01' is not between 0.1 and 255 seconds"),
                Row.below(
                        "[tftpd]\naddress = 10.0.0.9",
                        "10: [tftp] address: 10.0.0.9 is not an address of this host; it has " + NETWORKS),
                Row.below(
                        "[tftpd]\nroot = ftp://h/debian",
                        "10: [tftp] root: 'ftp://h/debian' is no URL of files: write http://server/path or https://server/path"),
                Row.below(
                        "[logger]\ntype = winlog",
                        "10: [logger] type: 'winlog': there is no Windows event log here; use file or syslog"),
                Row.below(
                        "[logger]\ntype = fiel",
                        "10: [logger] type: 'fiel' is none of file, none, stderr, stdout, syslog, unix; did you mean 'file'?"),
                Row.below(
                        "[logger]\nlevel = warn",
                        "10: [logger] level: 'warn' is none of all, critical, debug, error, info, warning"),
                Row.below("[logger]\ntype = file", "9: [logger] file: missing; 'type = file' needs one"),
                Row.below(
                        "[leases]\nuser = sa",
                        "10: [leases] user: the embedded lease database has no users; remove the line, or write url = jdbc:postgresql://HOST/DATABASE"),
                Row.below(
                        "[leases]\nurl = jdbc:mysql://h/jbootd",
                        "10: [leases] url: no such database is known; write jdbc:h2:DIRECTORY or jdbc:postgresql://HOST/DATABASE"),
                Row.below(
                        "[leases]\nurl = jdbc:postgresql://h/jbootd\nsql_port = 9092",
                        "11: [leases] sql_port: auditors ask PostgreSQL itself; remove the line"),
                Row.below(
                        "[leases]\nsql_port = 9092\nsql_address = 0.0.0.0",
                        "11: [leases] sql_address: other hosts can ask there: write sql_password_file, too"),
                Row.below(
                        "[leases]\nsql_address = 127.0.0.1",
                        "10: [leases] sql_address: is of use with sql_port only; remove the line"),
                Row.below(
                        "[leases]\nsql_password = sesame",
                        "10: [leases] sql_password: is of use with sql_port only; remove the line"),
                Row.below(
                        "[leases]\nurl = jdbc:h2:/tmp/a;INIT=RUNSCRIPT",
                        "10: [leases] url: only a directory may follow jdbc:h2:, without parameters"),
                Row.below(
                        "[leases]\nallocation = random",
                        "10: [leases] allocation: 'random' is none of hashed, sequential"),
                Row.below(
                        "[leases]\nhistory_keep = 30",
                        "10: [leases] history_keep: '30' is shorter than 1h, or has no unit: write it as in 90d, or never"),
                Row.below(
                        "[buggy_clients]\n02-02-03-04-05-06 = si",
                        "10: [buggy_clients] 02-02-03-04-05-06: 'si' is neither on nor off"),
                Row.below("[botp]", "9: [botp]: unknown section; did you mean 'bootp'?"),
                Row.below("[BOOTP]", "9: [BOOTP]: unknown section; did you mean 'bootp'?"),
                Row.below("[elsewhere]", "9: [elsewhere]: unknown section"),
                Row.below("[web]", "9: [web]: the web console is not part of this version; remove the section"),
                Row.below(
                        "[DEFAULT]",
                        "9: [DEFAULT]: keys for every section are not supported; write them in each section"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeNamesItsLine(Row row) throws IOException {
        Optional<Settings> settings = lab.read(Settings.Services.BOTH, file(row.bootp(), row.more()));

        assertThat(lab.findings.mistakes()).containsExactly(row.mistake());
        assertThat(settings).isEmpty();
    }

    @Test
    void allMistakesComeAtOnce() throws IOException {
        lab.read(
                Settings.Services.BOTH,
                "[bootp]\nport = x\nnetmask = y\ninterface = eth0\n[static_dhcp]\nz = 1\n[tftp]\n[filters]\na = {b}\n");

        assertThat(lab.findings.mistakes())
                .containsExactly(
                        "f.ini:1: [bootp] pool_start: missing; give the first address to hand out",
                        "f.ini:2: [bootp] port: 'x' is not a whole number between 1 and 65535",
                        "f.ini:3: [bootp] netmask: 'y' is not an IPv4 address: write four numbers of 0 to 255, as in 10.0.0.1",
                        "f.ini:6: [static_dhcp] z: 'z' is not a MAC address: write AA-BB-CC-DD-EE-FF or aa:bb:cc:dd:ee:ff",
                        "f.ini:7: [tftp] root: missing; name the directory that files are served from",
                        "f.ini:9: [filters] a: unknown variable {b}; the only one is {filename}");
    }

    @Test
    void aMistakeInThePoolHidesNoOther() throws IOException {
        lab.read(
                Settings.Services.DHCP_ONLY,
                "[bootp]\npool_strat = 10.0.0.5\ninterface = eth7\naddress = 10.0.0.2\n"
                        + "[static_dhcp]\n02-02-03-04-05-06 = 10.0.0.7\n02-02-03-04-05-07 = 10.0.0.7\n");
        List<String> withoutPool = lab.findings.mistakes();
        Findings others = new Findings();
        Settings.read(
                Files.writeString(
                        directory.resolve("f.ini"),
                        "[bootp]\npool_start = 10.0.0.100\npool_count = 200\n[static_dhcp]\n02-02-03-04-05-06 = 10.0.0.1\n"),
                "f.ini",
                Settings.Services.DHCP_ONLY,
                SettingsLab.HOST,
                others);

        assertThat(withoutPool)
                .containsExactly(
                        "f.ini:1: [bootp] pool_start: missing; give the first address to hand out",
                        "f.ini:2: [bootp] pool_strat: unknown key; did you mean 'pool_start'?",
                        "f.ini:3: [bootp] interface: no interface 'eth7' is up with an IPv4 address; this host has "
                                + NETWORKS,
                        "f.ini:4: [bootp] address: 10.0.0.2 is not an address of this host; it has " + NETWORKS,
                        "f.ini:7: [static_dhcp] 02-02-03-04-05-07: 10.0.0.7 is the address of 02-02-03-04-05-06, by line 6");
        assertThat(others.mistakes())
                .containsExactly(
                        "f.ini:3: [bootp] pool_count: 200 addresses from 10.0.0.100 on do not fit into the network 10.0.0.0/24; 156 do",
                        "f.ini:5: [static_dhcp] 02-02-03-04-05-06: 10.0.0.1 is in use by this server or a router");
    }

    @Test
    void aPoolOnNoNetworkIsToldWhichNetworksThereAre() throws IOException {
        lab.read(Settings.Services.DHCP_ONLY, "[bootp]\npool_start = 10.9.9.9\n[leases]\ndata_dir = leases\n");

        assertThat(lab.findings.mistakes())
                .containsExactly(
                        "f.ini:2: [bootp] pool_start: 10.9.9.9 is on none of this host's networks: " + NETWORKS);
    }

    @Test
    void aPoolOnAnotherInterfaceThanTheNamedOneIsAMistake() throws IOException {
        lab.read(Settings.Services.BOTH, file("interface = eth1", ""));

        assertThat(lab.findings.mistakes())
                .containsExactly("f.ini:2: [bootp] pool_start: 10.0.0.100 is on no network of the interface named here;"
                        + " this host has " + NETWORKS);
    }

    @Test
    void aRootThatIsNotThereIsAMistake() throws IOException {
        for (String root : List.of("nowhere", "plain")) {
            lab.read(Settings.Services.TFTP_ONLY, "[tftp]\nroot = " + root);
        }

        assertThat(lab.findings.mistakes())
                .containsExactly(
                        "f.ini:2: [tftp] root: there is no directory '" + directory.resolve("nowhere") + "'",
                        "f.ini:2: [tftp] root: there is no directory '" + directory.resolve("plain") + "'");
    }

    @Test
    void aDataDirectoryThatCannotBeIsAMistake() throws IOException {
        lab.read(Settings.Services.DHCP_ONLY, "[bootp]\npool_start = 10.0.0.5\n[leases]\ndata_dir = plain/leases\n");

        assertThat(lab.findings.mistakes())
                .containsExactly("f.ini:4: [leases] data_dir: '" + directory.resolve("plain") + "' is not a directory");
    }

    static Stream<Row> warnings() {
        return Stream.of(
                Row.inBootp("boot_file = b.bin", "boot_file: given before, on line 3; this one holds"),
                Row.inBootp("servername = a\nserver_name = b", "server_name: not used: servername holds, on line 4"),
                Row.inBootp("server_name = b\nservername = a", "servername: given before, on line 4; this one holds"),
                Row.inBootp("netmask = 255.255.255.128", "netmask: the interface has another: eth0 10.0.0.1/24"),
                Row.inBootp(
                        "gateway = 10.9.0.1",
                        "gateway: 10.9.0.1 is no machine's address in the network 10.0.0.0/24; most machines cannot use it"),
                Row.below(
                        "[filters]\na = \"b\"", "10: [filters] a: the quotes are part of the value; write it without"),
                Row.below("[bootfile]\ndefault = x", "3: [bootp] boot_file: not used: [bootfile] default holds"),
                Row.below("[bootpd]\nport = 67", "9: [bootpd]: the section was there before, on line 1; both are read"),
                Row.below(
                        "[httpd]\nroot = /",
                        "9: [httpd]: files are not served by HTTP in this version; the section is not used"),
                Row.below("[logger]\nfile = a.log", "10: [logger] file: not used without 'type = file'"),
                Row.below(
                        "[filters]\na = b #c",
                        "10: [filters] a: '#' and what follows is part of the value; a comment behind a value starts with ';'"),
                Row.below("[filters]\na = b\na = c", "11: [filters] a: given before, on line 10; this one holds"));
    }

    @ParameterizedTest
    @MethodSource("warnings")
    void whatIsLeftUnusedIsWarnedOf(Row row) throws IOException {
        lab.read(Settings.Services.BOTH, file(row.bootp(), row.more()));

        assertThat(lab.findings.mistakes()).isEmpty();
        assertThat(lab.findings.warnings()).contains(row.mistake());
    }
}

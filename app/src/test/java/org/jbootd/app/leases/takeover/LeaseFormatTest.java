package org.jbootd.app.leases.takeover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jbootd.app.leases.takeover.LeaseFormat.DNSMASQ;
import static org.jbootd.app.leases.takeover.LeaseFormat.ISC_DHCPD;
import static org.jbootd.app.leases.takeover.LeaseFormat.KEA;
import static org.jbootd.app.leases.takeover.LeaseFormat.PYBOOTD;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of the files of other servers: of those that they really wrote, and of broken ones. */
class LeaseFormatTest {

    private static final Instant NOW = Instant.parse("2026-11-26T08:00:00Z");

    private static final String KEA_COLUMNS =
            "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context\n";

    @TempDir
    private Path directory;

    private record Reading(List<String> leases, List<String> problems) {}

    private Reading read(LeaseFormat format, byte[] content) throws IOException {
        Path file = Files.write(directory.resolve("f"), content);
        TakeoverReport report = new TakeoverReport("f", false);
        Intake intake = new Intake(report);
        format.read(file, NOW, intake);
        List<String> leases =
                intake.leases().stream().map(LeaseFormatTest::text).toList();
        StringWriter out = new StringWriter();
        report.print(new PrintWriter(out));
        List<String> lines = out.toString().replace(directory + "/", "").lines().toList();
        return new Reading(leases, lines.subList(0, lines.size() - 1));
    }

    private static String text(ForeignLease lease) {
        return lease.place().line() + " " + lease.address() + " " + lease.hardware() + " " + lease.clientIdentifier()
                + " '" + lease.hostName() + "' " + (lease.reserved() ? "reserved" : lease.until());
    }

    private Reading really(LeaseFormat format, String name) throws IOException {
        try (InputStream in = getClass().getResourceAsStream(name)) {
            return read(format, in.readAllBytes());
        }
    }

    @Test
    void whatDhcpdWroteIsRead() throws IOException {
        Reading read = really(ISC_DHCPD, "dhcpd.leases");
        assertThat(read.leases())
                .containsExactly(
                        "96 10.9.0.17 02-00-00-00-00-17 01020000000017 'forever' +1000000000-12-31T23:59:59.999999999Z",
                        "108 10.9.0.18 02-00-00-00-00-18 01020000000018 'o'dd;' 2026-11-27T07:14:13Z",
                        "52 10.9.0.14 02-00-00-00-00-14 01020000000014 '' 2026-11-27T07:14:04Z",
                        "40 10.9.0.13 02-00-00-00-00-13 0022deadbeef5c2c0a 'bert' 2026-11-27T07:14:03Z",
                        "30 10.9.0.12 02-00-00-00-00-12  '' 2026-11-27T07:14:02Z",
                        "18 10.9.0.11 02-00-00-00-00-11 01020000000011 'anna' 2026-11-27T07:13:58Z",
                        "120 10.9.0.16 02-00-00-00-00-16 01020000000016 '' 2026-11-26T07:14:31Z",
                        "75 10.9.0.15 02-00-00-00-00-15 01020000000015 '' 2026-11-26T07:14:10Z");
        assertThat(read.problems())
                .containsExactly("f:9: 10.9.0.10: abandoned: a machine that dhcpd does not know has it");
    }

    @Test
    void whatDhcpdWroteInLocalTimeIsReadTheSameWay() throws IOException {
        Reading read = really(ISC_DHCPD, "dhcpd-local-time.leases");
        assertThat(read.leases())
                .hasSize(8)
                .contains(
                        "26 10.9.0.11 02-00-00-00-00-11 01020000000011 'anna' 2026-11-27T07:13:58Z",
                        "50 10.9.0.13 02-00-00-00-00-13 0022deadbeef5c2c0a 'bert' 2026-11-27T07:14:03Z",
                        "7 10.9.0.15 02-00-00-00-00-15 01020000000015 '' 2026-11-26T07:14:10Z",
                        "113 10.9.0.16 02-00-00-00-00-16 01020000000016 'sp{ace}' 2026-11-27T07:19:03Z");
        assertThat(read.problems()).hasSize(1);
    }

    @Test
    void whatKeaWroteIsRead() throws IOException {
        Reading read = really(KEA, "kea-leases4.csv");
        assertThat(read.leases())
                .containsExactly(
                        "12 10.9.0.17 02-00-00-00-00-17 01020000000017 'forever' +1000000000-12-31T23:59:59.999999999Z",
                        "13 10.9.0.18 02-00-00-00-00-18 01020000000018 'odd' 2026-11-27T07:15:10Z",
                        "14 10.9.0.11 02-00-00-00-00-11 01020000000011 'anna' 2026-11-27T07:15:10Z",
                        "6 10.9.0.12 02-00-00-00-00-12  '' 2026-11-27T07:15:04Z",
                        "7 10.9.0.13 02-00-00-00-00-13 0022deadbeef5c2c0a 'bert' 2026-11-27T07:15:04Z",
                        "8 10.9.0.14 02-00-00-00-00-14 01020000000014 'odd' 2026-11-27T07:15:04Z",
                        "15 10.9.0.16 02-00-00-00-00-16 01020000000016 '' 2026-11-26T07:15:30Z",
                        "10 10.9.0.15 02-00-00-00-00-15 01020000000015 'gone' 2026-11-26T07:15:04Z");
        assertThat(read.problems())
                .containsExactly("f:3: 10.9.0.10: declined: a machine that Kea does not know has it");
    }

    @Test
    void whatDnsmasqWroteIsRead() throws IOException {
        Reading read = really(DNSMASQ, "dnsmasq.leases");
        assertThat(read.leases())
                .containsExactly(
                        "2 10.9.0.14 02-00-00-00-00-17 01020000000017 'forever' +1000000000-12-31T23:59:59.999999999Z",
                        "1 10.9.0.15 02-00-00-00-00-18 01020000000018 '' 2026-11-27T07:16:06Z",
                        "7 10.9.0.29 02-00-00-00-00-11 01020000000011 'anna' 2026-11-27T07:16:06Z",
                        "4 10.9.0.11 02-00-00-00-00-14 01020000000014 '' 2026-11-27T07:15:57Z",
                        "5 10.9.0.10 02-00-00-00-00-13 0022deadbeef5c2c0a 'bert' 2026-11-27T07:15:54Z",
                        "6 10.9.0.30 02-00-00-00-00-12  '' 2026-11-27T07:15:50Z",
                        "3 10.9.0.13 02-00-00-00-00-16 01020000000016 'short' 2026-11-26T07:18:06Z");
        assertThat(read.problems()).isEmpty();
    }

    /** @param leases as {@link #text} has them, without what follows the hardware address */
    private record Row(
            String sentence, LeaseFormat format, String content, List<String> leases, List<String> problems) {

        @Override
        public String toString() {
            return sentence;
        }
    }

    private static String lease(String address, String statements) {
        return "lease " + address + " {\n" + statements + "}\n";
    }

    /** Of UTF-8, as its octets are characters here. */
    private static final String MARK = "\u00ef\u00bb\u00bf";

    private static final String ACTIVE =
            "  ends never;\n  binding state active;\n  hardware ethernet 02:00:00:00:00:01;\n";

    static Stream<Row> rows() {
        return Stream.of(
                new Row(
                        "pybootd's reservations are read in both ways of writing them",
                        PYBOOTD,
                        "[bootpd]\npool_start = 10.9.0.1\n[static_dhcp]\nAA-BB-CC-DD-EE-FF = 10.9.0.7\n"
                                + "02:00:00:00:00:01 = 10.9.0.8 ; anna\nnobody = 10.9.0.9\n"
                                + "02-00-00-00-00-02 = 10.9.0\nnonsense\n",
                        List.of("4 10.9.0.7 AA-BB-CC-DD-EE-FF", "5 10.9.0.8 02-00-00-00-00-01"),
                        List.of(
                                "f:6: 'nobody' is not a MAC address: write AA-BB-CC-DD-EE-FF or aa:bb:cc:dd:ee:ff",
                                "f:7: '10.9.0' is not an IPv4 address: write four numbers of 0 to 255, as in 10.0.0.1",
                                "f:8: the line has no value: write key = value")),
                new Row(
                        "dnsmasq writes another type than Ethernet in front, and leases of IPv6 at the end",
                        DNSMASQ,
                        "0 06-aa:bb 10.9.0.1 * *\n0 02:00:00:00:00:01 10.9.0.2 *\n7200 02:00:00:00:00:01 10.9.0.3 * *\n"
                                + "0 -02:00:00:00:00:04 10.9.0.6 * *\n0 02:00:00:00:00:zz 10.9.0.4 * *\n0 2:0:0:0:0:5 10.9.0.5 * *\n"
                                + "duid 00:01\n1795763612 1 fd00::1 * 00:01\n",
                        List.of("1 10.9.0.1 6/AA-BB", "6 10.9.0.5 02-00-00-00-00-05"),
                        List.of(
                                "f:2: 10.9.0.2: the line is no lease of dnsmasq: END HARDWARE ADDRESS HOST-NAME CLIENT-ID",
                                "f:3: 10.9.0.3: '7200' is no time: this dnsmasq has no clock, and writes how long leases last,"
                                        + " and not until when",
                                "f:4: 10.9.0.6: '-02:00:00:00:00:04' is no hardware address with its type",
                                "f:5: 10.9.0.4: '02:00:00:00:00:zz' are no octets, as in 02:00:00:00:00:01",
                                "f:8: a lease of IPv6, which is not served")),
                new Row(
                        "an escape of Kea's is what it stands for, and a line that is cut off is none",
                        KEA,
                        KEA_COLUMNS + "10.9.0.1,02:00:00:00:00:01,,10,1795763612,1,0,0,a,0,{ \"a\": 1&#x2c \"b\": 2 }\n"
                                + "10.9.0.2,02:00:00:00:00:02,,10,17957",
                        List.of("2 10.9.0.1 02-00-00-00-00-01"),
                        List.of("f:3: 10.9.0.2: the line has 5 columns, and not 11")),
                new Row(
                        "of lines of pybootd's for one machine, or one address, the last counts",
                        PYBOOTD,
                        "[static_dhcp]\n02:00:00:00:00:01 = 10.9.0.7\n02:00:00:00:00:02 = 10.9.0.7\n"
                                + "02-00-00-00-00-01 = 10.9.0.8\n02-00-00-00-00-03 = 10.9.0.7\n",
                        List.of("4 10.9.0.8 02-00-00-00-00-01", "5 10.9.0.7 02-00-00-00-00-03"),
                        List.of(
                                "f:2: 10.9.0.7 is not kept for 02-00-00-00-00-01: 02-00-00-00-00-01 has another line, 4",
                                "f:3: 10.9.0.7 is not kept for 02-00-00-00-00-02: 10.9.0.7 has another line, 5")),
                new Row(
                        "the address of a group is no machine's, and one of five octets is no MAC address",
                        DNSMASQ,
                        "0 01:00:5e:00:00:01 10.9.0.1 * *\n0 00:00:00:00:00:00 10.9.0.2 * *\n0 02:00:00:00:01 10.9.0.3 * *\n"
                                + "0 06-01:02 10.9.0.4 * *\n",
                        List.of("4 10.9.0.4 6/01-02"),
                        List.of(
                                "f:1: 10.9.0.1: 01-00-5E-00-00-01 is no machine's address, but a group's or nobody's",
                                "f:2: 10.9.0.2: 00-00-00-00-00-00 is no machine's address, but a group's or nobody's",
                                "f:3: 10.9.0.3: 02-00-00-00-01 is no MAC address, which has 6 octets")),
                new Row(
                        "no older lease is taken for one whose line of dnsmasq's is cut off",
                        DNSMASQ,
                        "0 02:00:00:00:00:01 10.9.0.1 * *\n0 02:00:00:00:00:02 10.9.0.1 an",
                        List.of(),
                        List.of(
                                "f:2: 10.9.0.1: the line is no lease of dnsmasq: END HARDWARE ADDRESS HOST-NAME CLIENT-ID")),
                new Row(
                        "no older lease is taken for one whose line of Kea's is cut off",
                        KEA,
                        KEA_COLUMNS + "10.9.0.1,02:00:00:00:00:01,,10,1795763612,1,0,0,,0,\n10.9.0.1,02:00:00:00",
                        List.of(),
                        List.of("f:3: 10.9.0.1: the line has 2 columns, and not 11")),
                new Row(
                        "a byte order mark is not part of what dnsmasq wrote",
                        DNSMASQ,
                        MARK + "0 02:00:00:00:00:01 10.9.0.1 * *",
                        List.of("1 10.9.0.1 02-00-00-00-00-01"),
                        List.of()),
                new Row(
                        "a byte order mark is not part of what Kea wrote",
                        KEA,
                        MARK + KEA_COLUMNS + "10.9.0.1,02:00:00:00:00:01,,10,1795763612,1,0,0,,0,",
                        List.of("2 10.9.0.1 02-00-00-00-00-01"),
                        List.of()),
                new Row(
                        "a byte order mark is not part of what dhcpd wrote",
                        ISC_DHCPD,
                        MARK + lease("10.9.0.1", ACTIVE),
                        List.of("1 10.9.0.1 02-00-00-00-00-01"),
                        List.of()),
                new Row(
                        "a byte order mark is not part of pybootd's sections",
                        PYBOOTD,
                        MARK + "[static_dhcp]\n02-00-00-00-00-01 = 10.9.0.1\n",
                        List.of("2 10.9.0.1 02-00-00-00-00-01"),
                        List.of()),
                new Row(
                        "no older lease is taken for one that dhcpd did not begin to describe",
                        ISC_DHCPD,
                        lease("10.9.0.1", ACTIVE)
                                + lease("10.9.0.2", ACTIVE)
                                + "lease 10.9.0.1\n"
                                + lease("10.9.0.3", ACTIVE)
                                + "lease 10.9.0.4 odd {\n}\nlease 10.9.0.2",
                        List.of("12 10.9.0.3 02-00-00-00-00-01"),
                        List.of(
                                "f:11: 10.9.0.1: it is cut off: there is no {",
                                "f:17: 10.9.0.4: 'lease' is not followed by an address and {",
                                "f:19: 10.9.0.2: it is cut off: there is no {")),
                new Row(
                        "what is not known of dhcpd's file is told, and what is known to be of no use is not",
                        ISC_DHCPD,
                        "authoring-byte-order little-endian;\nserver-duid \"\\000\";\n"
                                + "failover peer \"a\" state {\n  my state normal at 4;\n}\n"
                                + "laese 10.9.0.1 {\n" + ACTIVE + "}\nodd 1;\n{ }\nauthoring-byte",
                        List.of(),
                        List.of(
                                "f:6: 'laese' is nothing that is known of dhcpd.leases",
                                "f:11: 'odd' is nothing that is known of dhcpd.leases",
                                "f:12: '' is nothing that is known of dhcpd.leases",
                                "f:13: 'authoring-byte' is cut off: there is neither ; nor {")),
                new Row(
                        "what Kea wrote last of an address counts, be it that it cannot be taken over",
                        KEA,
                        KEA_COLUMNS + "10.9.0.1,02:00:00:00:00:01,,10,1795763612,1,0,0,,0,\n"
                                + "10.9.0.1,,01:02,10,1795763612,1,0,0,,0,\n"
                                + "10.9.0.2,aa:bb,,10,1795763612,1,0,0,,0,\n10.9.0.3,02:00:00:00:00:01,,10,soon,1,0,0,,0,\n"
                                + "10.9.0.4,02:00:00:00:00:01,,10,1795763612,1,0,0,,9,\n",
                        List.of(),
                        List.of(
                                "f:3: 10.9.0.1: there is no hardware address",
                                "f:4: 10.9.0.2: 'aa:bb' is no MAC address, and the file does not say what else it is",
                                "f:5: 10.9.0.3: 'soon' is no number from 0 to 253402300799",
                                "f:6: 10.9.0.4: '9' is no state that is known of Kea")),
                new Row(
                        "a block of dhcpd's that goes over into another one is read as neither",
                        ISC_DHCPD,
                        "lease 10.9.0.1 {\n  ends never;\n  hardware ethern" + lease("10.9.0.2", ACTIVE)
                                + "lease 10.9.0.3 {\n  starts 4",
                        List.of(),
                        List.of(
                                "f:1: 10.9.0.1: it is cut off: there is no } at its end",
                                "f:8: 10.9.0.3: it is cut off: there is no } at its end")),
                new Row(
                        "a block that dhcpd cut off does not take the next one with it",
                        ISC_DHCPD,
                        "lease 10.9.0.1 {\n  ends never;\n  uid \"\\001\n" + lease("10.9.0.2", ACTIVE)
                                + "lease 10.9.0.3 {\n  starts 4",
                        List.of("4 10.9.0.2 02-00-00-00-00-01"),
                        List.of(
                                "f:1: 10.9.0.1: line 3: a text has no closing quotation mark",
                                "f:9: 10.9.0.3: it is cut off: there is no } at its end")),
                new Row(
                        "an address of dhcpd's that is free again has no client that was there before",
                        ISC_DHCPD,
                        lease("10.9.0.1", ACTIVE)
                                + lease("10.9.0.1", "  ends never;\n  binding state free;\n")
                                + lease("10.9.0.2", ACTIVE + "  reserved;\n")
                                + lease(
                                        "10.9.0.3",
                                        "ends never; hardware token-ring 1:2; on expiry { set x = \"}\"; }\n")
                                + "# lease 10.9.0.4 {\n",
                        List.of("16 10.9.0.3 6/01-02", "10 10.9.0.2 02-00-00-00-00-01"),
                        List.of()),
                new Row(
                        "what is odd in dhcpd's file is told with its line",
                        ISC_DHCPD,
                        lease("10.9.0.1", "  ends 4 2026/13/26 07:13:56;\n")
                                + lease("10.9.0.2", "  hardware wireless 02:00:00:00:00:01;\n")
                                + lease("10.9.0.3", "  hardware ethernet;\n")
                                + lease("10.9.0", ACTIVE)
                                + lease("10.9.0.5", "  ends never;\n")
                                + lease("10.9.0.6", "  hardware ethernet 02:00:00:00:00:01;\n")
                                + lease("10.9.0.7", "  binding state odd;\n")
                                + "host anna { dynamic; hardware ethernet 02:00:00:00:00:01; fixed-address 10.9.0.8; }\n"
                                + "ia-na \"\\001\" {\n  cltt 4;\n  iaaddr fd00::1 {\n    ends never;\n  }\n}\n}\n",
                        List.of(),
                        List.of(
                                "f:1: 10.9.0.1: line 2: '2026/13/26 07:13:56' is no time, as in 2026/11/24 14:05:00",
                                "f:4: 10.9.0.2: line 5: no hardware type is called 'wireless'",
                                "f:7: 10.9.0.3: line 8: 'hardware' is not followed by what it should be",
                                "f:10: '10.9.0' is not an IPv4 address: write four numbers of 0 to 255, as in 10.0.0.1",
                                "f:15: 10.9.0.5: there is no hardware address",
                                "f:18: 10.9.0.6: it is not said when it ends",
                                "f:21: 10.9.0.7: 'odd' is no state of a lease that is known of dhcpd",
                                "f:24: host anna: reservations are not taken over: 'jbootd leases reserve'",
                                "f:25: a lease of IPv6, which is not served",
                                "f:31: there is a } too many")),
                new Row(
                        "lines without end, and what a terminal would obey, do no harm",
                        DNSMASQ,
                        "x".repeat(Lines.LONGEST + 1) + "\n0 \u001b[2J 10.9.0.1 * *\n0 02:00:00:00:00:01 10.9.0.2 * *",
                        List.of("3 10.9.0.2 02-00-00-00-00-01"),
                        List.of(
                                "f:1: the line is longer than 65536 octets",
                                "f:2: 10.9.0.1: '\\u001b[2J' are no octets, as in 02:00:00:00:00:01")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void whatIsBrokenIsToldWithItsLine(Row row) throws IOException {
        Reading read = read(row.format(), row.content().getBytes(StandardCharsets.ISO_8859_1));
        assertThat(read.problems()).isEqualTo(row.problems());
        assertThat(read.leases().stream()
                        .map(text -> text.replaceFirst("^(\\S+ \\S+ \\S+).*", "$1"))
                        .toList())
                .isEqualTo(row.leases());
    }

    @Test
    void whatKeaTidiedUpIsReadBeforeWhatItWroteSince() throws IOException {
        String anna = "10.9.0.1,02:00:00:00:00:01,,10,1795763612,1,0,0,,0,\n";
        String gone = "10.9.0.1,02:00:00:00:00:01,,0,1795763612,1,0,0,,0,\n";
        Files.writeString(directory.resolve("f.2"), KEA_COLUMNS + anna + anna.replace("0.1,", "0.2,") + "damaged\n");
        Files.writeString(directory.resolve("f.1"), KEA_COLUMNS + anna.replace("0.1,", "0.3,"));
        byte[] since = (KEA_COLUMNS + gone).getBytes(StandardCharsets.ISO_8859_1);
        Reading read = read(KEA, since);
        assertThat(read.leases())
                .containsExactly(
                        "2 10.9.0.3 02-00-00-00-00-01  '' 2026-11-27T07:13:32Z",
                        "3 10.9.0.2 02-00-00-00-00-01  '' 2026-11-27T07:13:32Z",
                        "2 10.9.0.1 02-00-00-00-00-01  '' " + NOW);
        assertThat(read.problems()).containsExactly("f.2:4: the line has 1 columns, and not 11");

        Files.writeString(directory.resolve("f.completed"), KEA_COLUMNS + anna.replace("0.1,", "0.4,"));
        assertThat(read(KEA, since).leases()).hasSize(2).anyMatch(lease -> lease.startsWith("2 10.9.0.4 "));
    }

    @Test
    void whatKeaReallyTidiedUpIsRead() throws IOException {
        try (InputStream former = getClass().getResourceAsStream("kea-tidied.csv.2")) {
            Files.write(directory.resolve("f.2"), former.readAllBytes());
        }
        assertThat(really(KEA, "kea-tidied.csv").leases())
                .extracting(lease -> lease.replaceFirst(".* (10\\S+) .*'(\\w+)'.*", "$1 $2"))
                .containsExactlyInAnyOrder("10.9.0.10 n1", "10.9.0.11 n2", "10.9.0.12 n3", "10.9.0.13 n4");
    }

    @Test
    void anotherFileThanKeasIsRefused() {
        assertThatThrownBy(() -> really(KEA, "dnsmasq.leases"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(
                        "f:1: this is no kea-leases4.csv: the first line has to name the columns address,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dnsmasq.leases", "kea-leases4.csv"})
    void aFileWithoutAnythingOfDhcpdsIsRefused(String name) {
        assertThatThrownBy(() -> really(ISC_DHCPD, name))
                .isInstanceOf(IOException.class)
                .hasMessage("it is no dhcpd.leases: there is no statement of dhcpd's in it");
    }

    @Test
    void noDamageIsMoreThanAProblem() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (LeaseFormat format : List.of(ISC_DHCPD, DNSMASQ, KEA)) {
            String name = format == ISC_DHCPD ? "dhcpd.leases" : format == KEA ? "kea-leases4.csv" : "dnsmasq.leases";
            byte[] whole;
            try (InputStream in = getClass().getResourceAsStream(name)) {
                whole = in.readAllBytes();
            }
            for (int i = 0; i < 500; i++) {
                byte[] damaged = whole.clone();
                for (int k = random.nextInt(20); k >= 0; k--) {
                    damaged[random.nextInt(200, damaged.length)] = (byte) random.nextInt(256);
                }
                try {
                    read(format, damaged);
                } catch (RuntimeException crash) {
                    throw new AssertionError("seed " + seed + ", " + format + ", attempt " + i, crash);
                }
            }
        }
    }
}

package org.jbootd.app.leases.takeover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.app.leases.Ledger.Mode.CARRY_OUT;
import static org.jbootd.app.leases.Ledger.Mode.REHEARSE;
import static org.jbootd.app.leases.takeover.LeaseFormat.DNSMASQ;
import static org.jbootd.app.leases.takeover.LeaseFormat.ISC_DHCPD;
import static org.jbootd.app.leases.takeover.LeaseFormat.KEA;
import static org.jbootd.app.leases.takeover.LeaseFormat.PYBOOTD;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jbootd.app.leases.Ledger;
import org.jbootd.app.leases.LedgerCheck;
import org.jbootd.app.leases.LedgerProblem;
import org.jbootd.app.leases.StoppedLedger;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.AddressPool;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;
import org.jbootd.persistence.StoreSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the leases of other servers, in a real store. */
class TakeoverTest {

    /** Later than the end of the short lease, and before that of the others. */
    private static final String LONG = "4102444800";

    @TempDir
    private Path directory;

    private Ledger ledger;

    @BeforeEach
    void open() {
        Subnet subnet = Subnet.named("lab", new Ipv4Network(Ipv4.parse("10.9.0.0"), 24), Ipv4.parse("10.9.0.1"))
                .pool(new AddressPool(Ipv4.parse("10.9.0.10"), 21))
                .build();
        ledger = StoppedLedger.open(
                new StoreSettings(directory.resolve("data")), List.of(subnet), Identification.HARDWARE);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private String report(LeaseFormat format, Path file, Ledger.Mode mode) throws IOException, LedgerProblem {
        StringWriter out = new StringWriter();
        Takeover.run(file, format, Instant.now(), ledger, mode).print(new PrintWriter(out));
        return out.toString().replace(directory + "/", "");
    }

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("f"), content);
    }

    private List<String> ask(String sql) throws LedgerProblem {
        List<String> rows = new ArrayList<>();
        ledger.ask(sql, List.of(), values -> rows.add(values.toString()));
        return rows;
    }

    private void assertHistoryHolds() throws LedgerProblem {
        List<String> lines = new ArrayList<>();
        assertThat(LedgerCheck.run(ledger, lines)).as(lines.toString()).isTrue();
    }

    @Test
    void leasesThatGoOnAreLeasedAndThoseThatEndedAreRemembered() throws IOException, LedgerProblem {
        Path file;
        try (InputStream in = getClass().getResourceAsStream("kea-leases4.csv")) {
            // those that ended the next day go on until the year 2100
            file = file(new String(in.readAllBytes()).replaceAll("179576\\d{4}", LONG));
        }
        String declined = "f:3: 10.9.0.10: declined: a machine that Kea does not know has it\n";
        assertThat(report(KEA, file, REHEARSE))
                .isEqualTo(declined + "would be taken over: 8, already so: 0, not taken over: 1\n");
        assertThat(ask("SELECT * FROM lease_event")).isEmpty();
        assertThat(report(KEA, file, CARRY_OUT))
                .isEqualTo(declined + "taken over: 8, already so: 0, not taken over: 1\n");
        assertThat(ask("SELECT address, hardware, state, host_name, client_identifier, until IS NULL FROM lease_current"
                        + " ORDER BY address_number"))
                .containsExactly(
                        "[10.9.0.11, 02-00-00-00-00-11, BOUND, anna, 01020000000011, false]",
                        "[10.9.0.12, 02-00-00-00-00-12, BOUND, null, null, false]",
                        "[10.9.0.13, 02-00-00-00-00-13, BOUND, bert, 0022deadbeef5c2c0a, false]",
                        "[10.9.0.14, 02-00-00-00-00-14, BOUND, odd, 01020000000014, false]",
                        "[10.9.0.15, 02-00-00-00-00-15, RELEASED, gone, 01020000000015, false]",
                        "[10.9.0.16, 02-00-00-00-00-16, RELEASED, null, 01020000000016, false]",
                        "[10.9.0.17, 02-00-00-00-00-17, BOUND, forever, 01020000000017, true]",
                        "[10.9.0.18, 02-00-00-00-00-18, BOUND, odd, 01020000000018, false]");
        assertThat(ask("SELECT DISTINCT kind, cause FROM lease_event")).containsExactly("[IMPORTED, IMPORT]");
        assertThat(ask("SELECT COUNT(*) FROM lease_interval WHERE ended IS NULL"))
                .containsExactly("[6]");
        assertThat(ask("SELECT COUNT(*) FROM lease_interval")).containsExactly("[6]");
        assertHistoryHolds();

        assertThat(report(KEA, file, CARRY_OUT))
                .isEqualTo(declined + "taken over: 0, already so: 8, not taken over: 1\n");
        assertThat(ask("SELECT COUNT(*) FROM lease_event")).containsExactly("[8]");
    }

    @Test
    void eachThatIsNotTakenOverIsToldWithItsLineAndWhy() throws IOException, LedgerProblem {
        String until = LONG + " ";
        Path file = file(until + "02:00:00:00:00:01 10.9.0.10 * *\n"
                + until + "02:00:00:00:00:02 10.9.1.10 * *\n"
                + until + "02:00:00:00:00:03 10.9.0.40 * *\n"
                + until + "02:00:00:00:00:01 10.9.0.11 * *\n"
                + "1795763612 02:00:00:00:00:01 10.9.0.12 * *\n"
                + until + "nothing\n");
        report(
                DNSMASQ,
                Files.writeString(directory.resolve("before"), until + "02:00:00:00:00:09 10.9.0.13 * *"),
                CARRY_OUT);
        Files.writeString(file, Files.readString(file) + until + "02:00:00:00:00:04 10.9.0.13 * *\n");

        assertThat(report(DNSMASQ, file, CARRY_OUT)).isEqualTo("""
                f:2: 10.9.1.10 is of no network that is served
                f:3: 10.9.0.40 is in no pool, or in use by this server or a router
                f:4: the machine of 10.9.0.11 has another address here
                f:5: the machine of 10.9.0.12 has another address here
                f:6: the line is no lease of dnsmasq: END HARDWARE ADDRESS HOST-NAME CLIENT-ID
                f:7: 10.9.0.13 is another's, or rests: see 'jbootd leases history 10.9.0.13'
                taken over: 1, already so: 0, not taken over: 6
                """);
        assertHistoryHolds();
    }

    @Test
    void programsGetTheSameAsOneObject() throws IOException, LedgerProblem {
        Path file = file(LONG + " 02:00:00:00:00:01 10.9.0.10 * *\nnonsense\n");
        TakeoverReport report = Takeover.run(file, DNSMASQ, Instant.now(), ledger, REHEARSE);
        StringWriter out = new StringWriter();
        report.printJson(new PrintWriter(out));
        assertThat(report.isComplete()).isFalse();
        JsonObject json = JsonParser.parseString(out.toString()).getAsJsonObject();
        assertThat(json.toString())
                .isEqualTo("{\"file\":\"" + file + "\",\"dry_run\":true,\"taken_over\":1,\"already_so\":0,"
                        + "\"not_taken_over\":1,\"problems\":[{\"file\":\"" + file + "\",\"line\":2,\"reason\":"
                        + "\"the line is no lease of dnsmasq: END HARDWARE ADDRESS HOST-NAME CLIENT-ID\"}]}");
    }

    @Test
    void reservationsAreKept() throws IOException, LedgerProblem {
        Path file = file("""
                lease 10.9.0.12 {
                  ends never;
                  binding state active;
                  hardware ethernet 02:00:00:00:00:01;
                  reserved;
                }
                """);
        assertThat(report(ISC_DHCPD, file, CARRY_OUT)).isEqualTo("taken over: 1, already so: 0, not taken over: 0\n");
        assertThat(report(ISC_DHCPD, file, CARRY_OUT)).isEqualTo("taken over: 0, already so: 1, not taken over: 0\n");
        assertThat(ask("SELECT address, hardware, reserved FROM lease_current"))
                .containsExactly("[10.9.0.12, 02-00-00-00-00-01, true]");
    }

    @Test
    void aSecondRunChangesNothingOfReservationsThatContradictEachOther() throws IOException, LedgerProblem {
        Path file = file("[static_dhcp]\n02-00-00-00-00-01 = 10.9.0.12\n02-00-00-00-00-01 = 10.9.0.13\n");
        String overruled = "f:2: 10.9.0.12 is not kept for 02-00-00-00-00-01: 02-00-00-00-00-01 has another line, 3\n";
        assertThat(report(PYBOOTD, file, CARRY_OUT))
                .isEqualTo(overruled + "taken over: 1, already so: 0, not taken over: 1\n");
        assertThat(report(PYBOOTD, file, CARRY_OUT))
                .isEqualTo(overruled + "taken over: 0, already so: 1, not taken over: 1\n");
        assertThat(ask("SELECT address, hardware FROM lease_event")).containsExactly("[10.9.0.13, 02-00-00-00-00-01]");
    }

    @Test
    void ofProblemsTheFirstOnesAreTold() throws IOException, LedgerProblem {
        Path file = file("nonsense\n".repeat(TakeoverReport.MOST_LINES + 5));
        List<String> lines = report(DNSMASQ, file, CARRY_OUT).lines().toList();
        assertThat(lines).hasSize(TakeoverReport.MOST_LINES + 2);
        assertThat(lines.get(0)).startsWith("f:1: ");
        assertThat(lines.get(TakeoverReport.MOST_LINES)).isEqualTo("… and 5 more");
    }
}

package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A history of several parts, of 16,384 events each, without most of its events. */
class LeaseChangeViewTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    /** At both ends of parts, and in the middle of one; those of the second part are all missing. */
    private static final List<Long> ANNAS = List.of(1L, 16_383L, 32_768L, 40_000L, 49_151L, 49_152L);

    @TempDir
    private Path directory;

    private void writeAll() throws Exception {
        try (LeaseDatabase database = LeaseDatabase.open(directory)) {
            for (long seq : ANNAS) {
                write(database, seq, 1);
            }
            write(database, 50_000, 2);
        }
    }

    private static void write(LeaseDatabase database, long seq, int machine) {
        Lease lease = new Lease(
                Ipv4.parse("10.0.0.100").plus(machine),
                "lan",
                ClientIdentity.of(HardwareAddress.parse("02-00-00-00-00-0" + machine)),
                Optional.empty(),
                true,
                Lease.State.BOUND,
                NOON.plusSeconds(seq),
                Instant.MAX);
        LeaseChange change = new LeaseChange(LeaseChange.Kind.RENEWED, lease);
        database.apply(List.of(new JournalEntry(seq, NOON, Instant.EPOCH, List.of(change))));
    }

    private List<String> rows(String sql) {
        return Sqls.rows(directory, sql);
    }

    @ParameterizedTest
    @CsvSource({
        "lease_change, address = '10.0.0.101'",
        "lease_change, hardware = '02-00-00-00-00-01'",
        "boot, hardware = '02-00-00-00-00-01'"
    })
    void theChangesOfAnAddressOrAMachineAreThoseOfAllParts(String view, String which) throws Exception {
        writeAll();
        assertThat(rows("SELECT seq FROM " + view + " WHERE " + which + " ORDER BY seq"))
                .containsExactlyElementsOf(ANNAS.stream().map(String::valueOf).toList());
    }

    @Test
    void aMachineIsWhatAllItsChangesSay() throws Exception {
        writeAll();
        assertThat(rows("SELECT events FROM machine WHERE hardware = '02-00-00-00-00-01'"))
                .containsExactly("6");
    }

    @Test
    void allTogetherTheyAreTheEvents() throws Exception {
        writeAll();
        String columns = "SELECT * FROM %s ORDER BY seq";
        assertThat(rows(columns.formatted("lease_change")))
                .hasSize(7)
                .containsExactlyElementsOf(rows(columns.formatted("lease_event")));
    }

    @ParameterizedTest
    @CsvSource({
        "lease_change, address, ADDRESS",
        "lease_change, hardware, HARDWARE",
        "boot, hardware, HARDWARE",
        "machine, hardware, HARDWARE"
    })
    void theyAreFoundByAnIndex(String view, String column, String index) throws Exception {
        writeAll();
        assertThat(rows("EXPLAIN SELECT * FROM %s WHERE %s = 'x'".formatted(view, column)))
                .singleElement()
                .asString()
                .containsIgnoringWhitespaces("LEASE_EVENT_BY_" + index + ": PART = PARTS.X AND " + index);
    }

    @ParameterizedTest
    @CsvSource({"lease_change, address", "lease_change, hardware", "boot, hardware", "machine, hardware"})
    void whereNothingHasHappenedNothingIsFound(String view, String column) throws Exception {
        LeaseDatabase.open(directory).close();
        assertThat(rows("SELECT * FROM " + view)).isEmpty();
        assertThat(rows("SELECT * FROM %s WHERE %s = 'x' ORDER BY hardware".formatted(view, column)))
                .isEmpty();
    }
}

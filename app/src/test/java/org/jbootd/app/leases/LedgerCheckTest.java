package org.jbootd.app.leases;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.AddressPool;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;
import org.jbootd.persistence.StoreSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code jbootd leases verify} on a real database, into which somebody wrote. */
class LedgerCheckTest {

    private static final Ipv4 FIRST = Ipv4.parse("10.0.0.100");

    @TempDir
    private Path directory;

    private Ledger open() {
        Subnet lan = Subnet.named("lan", new Ipv4Network(Ipv4.parse("10.0.0.0"), 24), Ipv4.parse("10.0.0.1"))
                .pool(new AddressPool(FIRST, 10))
                .build();
        return StoppedLedger.open(new StoreSettings(directory), List.of(lan), Identification.HARDWARE);
    }

    private static ClientIdentity machine(int number) {
        return ClientIdentity.of(HardwareAddress.parse("02-00-00-00-00-0" + number));
    }

    /** Three leases, one of them moved, one given back. */
    @BeforeEach
    void furnish() throws Exception {
        Instant until = Instant.now().plusSeconds(3600);
        try (Ledger ledger = open()) {
            for (int i = 1; i <= 3; i++) {
                ledger.carryOut(new Order.TakeOver(machine(i), Optional.empty(), FIRST.plus(i), until));
            }
            ledger.carryOut(new Order.Reserve(machine(1), FIRST.plus(5)));
            ledger.carryOut(new Order.Release(FIRST.plus(2)));
        }
    }

    private List<String> verify(boolean expected) throws LedgerProblem {
        List<String> report = new ArrayList<>();
        try (Ledger ledger = open()) {
            assertThat(LedgerCheck.run(ledger, report)).as(report.toString()).isEqualTo(expected);
        }
        return report;
    }

    private void forge(String sql) throws Exception {
        String key = Files.readString(directory.resolve("leases.key")).strip();
        try (Connection connection =
                        DriverManager.getConnection("jdbc:h2:file:" + directory.resolve("leases"), "jbootd", key);
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).as("rows forged").isPositive();
        }
    }

    @Test
    void whatWasLeasedInOrderFits() throws Exception {
        assertThat(verify(true))
                .containsExactly("4 leases, 7 events, 3 intervals: the leases are what the history says");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            DELETE FROM lease_event WHERE seq = 2                                | events are missing behind this one, up to the next: 1, event 3
            UPDATE lease_event SET hardware = '02-00-00-00-00-09' WHERE seq = 3  | a lease is not what its last event says: 10.0.0.103, event 3
            UPDATE lease SET until = until + INTERVAL '1' HOUR WHERE seq = 3     | a lease is not what its last event says: 10.0.0.103, event 3
            UPDATE lease SET state = 'BOUND' WHERE seq = 7                       | a lease is not what its last event says: 10.0.0.102, event 7
            DELETE FROM lease WHERE seq = 3                                      | the last event of an address says that it is leased, and there is no lease: 10.0.0.103, event 3
            UPDATE lease_event SET kind = 'ENDED' WHERE seq = 3                  | a lease is not what its last event says: 10.0.0.103, event 3
            UPDATE lease SET seq = 2 WHERE seq = 7                               | a lease is not of the last event of its address: 10.0.0.102, event 7
            UPDATE lease SET host_name = 'other' WHERE seq = 3                    | a lease is not what its last event says: 10.0.0.103, event 3
            UPDATE lease SET subnet = 'other' WHERE seq = 3                       | a lease is not what its last event says: 10.0.0.103, event 3
            UPDATE lease SET address_number = 1 WHERE seq = 3                     | a lease is not what its last event says: 10.0.0.103, event 3
            UPDATE lease SET network_booted = NOT network_booted WHERE seq = 3    | a lease is not what its last event says: 10.0.0.103, event 3
            UPDATE lease SET holder = 'id:01' WHERE seq = 3                       | a lease is held by what its client is not known by: 10.0.0.103, event 3
            UPDATE lease SET holder = '02-00-00-00-00-09' WHERE seq = 3           | a lease is held by what its client is not known by: 10.0.0.103, event 3
            UPDATE lease SET holder = NULL WHERE seq = 3                          | a lease is held by what its client is not known by: 10.0.0.103, event 3
            DELETE FROM holding WHERE last_seq IS NOT NULL                        | no interval begins with this event, at its time: 10.0.0.101, event 1, and 1 more
            DELETE FROM holding WHERE first_seq = 2                               | no interval begins with this event, at its time: 10.0.0.102, event 2
            UPDATE holding SET hardware = '02-00-00-00-00-09' WHERE first_seq = 1 | an interval is not what the event says that began it: 10.0.0.101, event 1
            UPDATE holding SET subnet = 'other' WHERE first_seq = 2               | an interval is not what the event says that began it: 10.0.0.102, event 2
            UPDATE holding SET host_name = 'other' WHERE first_seq = 3            | an interval is not what the event says that began it: 10.0.0.103, event 3
            UPDATE holding SET machine_uuid = RANDOM_UUID() WHERE first_seq = 3   | an interval is not what the event says that began it: 10.0.0.103, event 3
            UPDATE holding SET client_identifier = X'01'                          | an interval is not what the event says that began it: 10.0.0.101, event 1, and 2 more
            UPDATE holding SET address_number = 1 WHERE first_seq = 2             | an interval is not what the event says that began it: 10.0.0.102, event 2
            UPDATE holding SET started = started - INTERVAL '1' DAY WHERE first_seq = 2 | no interval begins with this event, at its time: 10.0.0.102, event 2
            UPDATE holding SET started = started - INTERVAL '1' DAY WHERE first_seq = 2 | an interval begins with no event, or not at its time: 10.0.0.102, event 2
            UPDATE holding SET address = '10.0.0.109' WHERE first_seq = 2         | an interval begins with no event, or not at its time: 10.0.0.109, event 2
            UPDATE holding SET first_seq = 1 WHERE first_seq = 2                  | no interval begins with this event, at its time: 10.0.0.102, event 2
            UPDATE holding SET ended = ended + INTERVAL '1' DAY WHERE first_seq = 2 | an interval does not end as the events say: 10.0.0.102, event 7
            UPDATE holding SET ended = started + INTERVAL '1' HOUR WHERE first_seq = 1 | an interval does not end as the events say: 10.0.0.101, event 4
            UPDATE holding SET how_ended = 'EXPIRED' WHERE first_seq = 2          | an interval does not end as the events say: 10.0.0.102, event 7
            UPDATE holding SET last_seq = 5 WHERE first_seq = 2                   | an interval does not end as the events say: 10.0.0.102, event 7
            UPDATE holding SET last_seq = 7, ended = started, how_ended = 'RELEASED' WHERE first_seq = 3 | an interval does not end as the events say: 10.0.0.103, event 3
            INSERT INTO holding SELECT 99, 2, 7, address_number, '10.0.0.108', subnet, hardware, NULL, NULL, NULL, started, ended, how_ended FROM holding WHERE first_seq = 2 | an interval begins with no event, or not at its time: 10.0.0.108, event 2
            INSERT INTO holding SELECT 99, 2, 7, address_number, address, subnet, hardware, NULL, NULL, NULL, started, ended, how_ended FROM holding WHERE first_seq = 2 | two intervals begin with the same event: 10.0.0.102, event 2
            UPDATE lease_event SET part = -9 WHERE seq = 2                        | an event is not where it is looked for: 10.0.0.102, event 2
            UPDATE lease_event SET part = -1 WHERE hardware = '02-00-00-00-00-02' | an event is not where it is looked for: 10.0.0.102, event 2, and 1 more
            UPDATE history_start SET seq = 3                                      | an event is not where it is looked for: 10.0.0.101, event 1, and 1 more
            INSERT INTO lease_event (seq, part, recorded_at, kind, address_number, address, subnet, hardware, network_booted, state, since) SELECT 0, -1, recorded_at, kind, address_number, address, subnet, hardware, FALSE, state, since FROM lease_event WHERE seq = 2 | an event is none of those that were written: 10.0.0.102, event 0
            INSERT INTO lease_event (seq, part, recorded_at, kind, address_number, address, subnet, hardware, network_booted, state, since) SELECT 8, 0, recorded_at, kind, address_number, address, subnet, hardware, FALSE, state, since FROM lease_event WHERE seq = 2 | an event is none of those that were written: 10.0.0.102, event 8
            UPDATE lease_event SET kind = 'GIVEN' WHERE seq = 2                   | an event says nothing that intervals can follow from: 10.0.0.102, event 2
            DELETE FROM holding WHERE first_seq = 3                              | a lease goes on, and its interval does not, or is another machine's: 10.0.0.103, event 3
            UPDATE holding SET last_seq = NULL, ended = NULL WHERE first_seq = 2 | an interval goes on, and there is no lease: 10.0.0.102, event 2
            UPDATE holding SET address = '10.0.0.103', ended = ended + INTERVAL '1' HOUR WHERE first_seq = 2 | two intervals of an address overlap: 10.0.0.103, event 3
            """)
    void whatSomebodyChangedIsNamed(String sql, String line) throws Exception {
        forge(sql);
        assertThat(verify(false)).contains(line);
    }
}

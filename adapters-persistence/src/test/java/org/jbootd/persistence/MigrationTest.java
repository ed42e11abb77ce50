package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseChange.Kind;
import org.jbootd.domain.lease.Rekeying;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data directory of the first schema, in which every client is known by its hardware address. */
class MigrationTest {

    private static final Instant SINCE = Instant.parse("2026-03-01T08:00:00Z");

    private static final Lease ANNA = lease(1, Optional.of(Octets.parseHex("ff".repeat(255))));
    private static final Lease BERT = lease(2, Optional.empty());

    @TempDir
    private Path directory;

    private static Lease lease(int number, Optional<Octets> identifier) {
        return new Lease(
                Ipv4.parse("10.0.0.100").plus(number),
                "lan",
                new ClientIdentity(HardwareAddress.parse("02-00-00-00-00-0" + number), identifier, Optional.empty()),
                Optional.empty(),
                true,
                Lease.State.BOUND,
                SINCE.plusSeconds(number),
                SINCE.plusSeconds(3600));
    }

    private static Lease with(Lease lease, ClientIdentity client) {
        return new Lease(
                lease.address(),
                lease.subnet(),
                client,
                lease.hostName(),
                lease.networkBooted(),
                lease.state(),
                lease.since(),
                lease.until());
    }

    private static Lease byIdentifier(Lease lease) {
        return with(lease, lease.client().by(Identification.CLIENT_ID));
    }

    private static Lease onAnnasMachine(Lease lease) {
        return with(lease, ClientIdentity.of(ANNA.client().hardware()));
    }

    /** The journal is written as it always was as long as nobody is known by a client identifier. */
    @BeforeEach
    void furnish() throws Exception {
        try (EmbeddedLeaseStore store = open()) {
            store.load();
            commit(store, new LeaseChange(Kind.BOUND, ANNA), new LeaseChange(Kind.BOUND, BERT));
        }
        Files.delete(directory.resolve(LeaseDatabase.FILE));
        Flyway.configure()
                .dataSource(url(), "jbootd", "")
                .locations("classpath:org/jbootd/persistence/migration")
                .target("1")
                .load()
                .migrate();
        try (Handle handle = Jdbi.open(url(), "jbootd", "")) {
            insertAsVersion1(handle, 1, ANNA);
            insertAsVersion1(handle, 2, BERT);
            handle.execute("UPDATE journal_mark SET seq = 2");
        }
    }

    private static void insertAsVersion1(Handle handle, long seq, Lease lease) {
        String columns =
                "seq, address_number, address, subnet, hardware, client_identifier, network_booted, state, since, until";
        Object[] values = {
            seq,
            Sql.number(lease.address()),
            lease.address().toString(),
            lease.subnet(),
            lease.client().hardware().toString(),
            lease.client().clientIdentifier().map(Octets::toArray).orElse(null),
            lease.networkBooted(),
            lease.state().name(),
            lease.since().atOffset(ZoneOffset.UTC),
            lease.until().atOffset(ZoneOffset.UTC)
        };
        String marks = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?";
        handle.execute(
                "INSERT INTO lease (" + columns + ", holder) VALUES (" + marks + ", '"
                        + lease.client().hardware() + "')",
                values);
        handle.execute(
                "INSERT INTO lease_event (" + columns + ", recorded_at, kind) VALUES (" + marks
                        + ", CURRENT_TIMESTAMP, 'BOUND')",
                values);
    }

    private String url() {
        return "jdbc:h2:file:" + directory.toAbsolutePath().resolve("leases");
    }

    private EmbeddedLeaseStore open() {
        return EmbeddedLeaseStore.open(new StoreSettings(directory));
    }

    private static void commit(EmbeddedLeaseStore store, LeaseChange... changes) throws Exception {
        store.commit(List.of(changes)).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private List<String> column(String query) {
        return Sqls.rows(directory, query);
    }

    @Test
    void itOpensWithEveryLeaseAsItWas() {
        try (EmbeddedLeaseStore store = open()) {
            assertThat(store.load()).containsExactlyInAnyOrder(ANNA, BERT);
        }
        assertThat(column("SELECT holder FROM lease ORDER BY address_number"))
                .containsExactly("02-00-00-00-00-01", "02-00-00-00-00-02");
        assertThat(column("SELECT COUNT(*) FROM lease_event")).containsExactly("2");
    }

    @Test
    void clientsCanBeKnownByTheirIdentifierFromThenOn() throws Exception {
        Lease anna = byIdentifier(ANNA);
        Lease another = lease(3, Optional.empty());
        try (EmbeddedLeaseStore store = open()) {
            Rekeying rekeying = Rekeying.of(store.load(), Identification.CLIENT_ID, store.latest());
            commit(store, rekeying.changes().toArray(LeaseChange[]::new));
            // the machine's hardware address is free for a client of its own, which the database has to take as well
            commit(store, new LeaseChange(Kind.BOUND, onAnnasMachine(another)));
        }
        try (EmbeddedLeaseStore store = open()) {
            assertThat(store.load()).containsExactlyInAnyOrder(anna, BERT, onAnnasMachine(another));
        }
        assertThat(column("SELECT holder FROM lease ORDER BY address_number"))
                .containsExactly("id:" + "ff".repeat(255), "02-00-00-00-00-02", "02-00-00-00-00-01");
        assertThat(column("SELECT kind FROM lease_event ORDER BY seq"))
                .containsExactly("BOUND", "BOUND", "REKEYED", "BOUND");
        assertThat(StoreRepair.repair(directory, SINCE)).isEmpty();
    }

    @Test
    void aJournalThatIsMadeGoodFromTheDatabaseHasTheSameKeys() throws Exception {
        Lease anna = byIdentifier(ANNA);
        try (EmbeddedLeaseStore store = open()) {
            store.load();
            commit(store, new LeaseChange(Kind.REKEYED, anna));
        }
        for (String segment : directory.resolve("journal").toFile().list()) {
            Files.write(directory.resolve("journal").resolve(segment), new byte[100]);
        }
        assertThat(StoreRepair.repair(directory, SINCE)).isNotEmpty();
        try (EmbeddedLeaseStore store = open()) {
            assertThat(store.load()).containsExactlyInAnyOrder(anna, BERT);
        }
    }
}

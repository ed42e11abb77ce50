package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.lease.Cause;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseChange.Kind;
import org.jbootd.domain.lease.Occasion;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** A database with a hash chain, which somebody may forge. One event a second from noon on. */
final class ChainedHistory {

    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    static final Duration DAY = Duration.ofDays(1);

    private final Path directory;
    private final RandomChanges random;
    private long last;

    /** @param last the last event that is there */
    ChainedHistory(Path directory, Random random, long last) {
        this.last = last;
        this.directory = directory;
        this.random = new RandomChanges(random);
    }

    long last() {
        return last;
    }

    /** What is done with the database open. */
    interface Work {
        void with(LeaseDatabase database) throws Exception;
    }

    void open(Work work) throws Exception {
        try (LeaseDatabase database = LeaseDatabase.open(directory)) {
            work.with(database);
        }
    }

    /** Adds {@code count} events or some more, in several transactions. */
    void grow(LeaseDatabase database, int count) {
        long enough = last + count;
        while (last < enough) {
            add(database, random.group());
        }
    }

    void add(LeaseDatabase database, List<LeaseChange> changes) {
        Instant at = NOON.plusSeconds(last);
        JournalEntry entry = new JournalEntry(last + 1, at, at, changes);
        database.apply(List.of(entry));
        last = entry.lastSeq();
    }

    /** A change with something in every column. */
    static LeaseChange full() {
        ClientIdentity client = new ClientIdentity(
                HardwareAddress.parse("02-00-00-00-00-99"),
                Optional.of(Octets.parseHex("01020000000099")),
                Optional.of(UUID.fromString("12345678-abcd-ef00-8111-abcdefabcdef")));
        Lease lease = new Lease(
                Ipv4.parse("10.0.0.9"),
                "lan",
                client,
                Optional.of("größe,7:\n"),
                true,
                Lease.State.BOUND,
                NOON.plusNanos(123_456_789),
                NOON.plusSeconds(3600),
                true);
        Occasion occasion = new Occasion(
                Cause.SELECT,
                Optional.of(BootStage.FIRMWARE),
                Optional.of(new ClientArchitecture(7)),
                Optional.of(Ipv4.parse("10.0.0.1")),
                Optional.of(Octets.parseHex("0103aabbcc" + "0202dddd")),
                Optional.of(NOON.minusNanos(500)));
        return new LeaseChange(Kind.BOUND, lease, occasion);
    }

    /** As somebody who has the key of the database. */
    void forge(String... statements) throws Exception {
        try (Handle handle = handle()) {
            for (String sql : statements) {
                assertThat(handle.execute(sql)).as(sql).isPositive();
            }
        }
    }

    Handle handle() throws Exception {
        return Jdbi.open(
                "jdbc:h2:file:" + directory.toAbsolutePath().resolve("leases"), "jbootd", DatabaseKey.of(directory));
    }

    List<String> verify(boolean expected, ChainHead... noted) throws Exception {
        List<String> report = new ArrayList<>();
        try (Auditor auditor = Auditor.of(directory, Auditor.USER, "", new EmbeddedDialect())) {
            assertThat(ChainCheck.run(auditor::ask, List.of(noted), report))
                    .as("%s", report)
                    .isEqualTo(expected);
        }
        return report;
    }

    /** What it has now. */
    ChainHead head() {
        return ChainHead.parse(Sqls.rows(directory, "SELECT seq || ':' || RAWTOHEX(chain) FROM chain_head")
                .get(0));
    }
}

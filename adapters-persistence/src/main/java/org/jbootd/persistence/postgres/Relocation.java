package org.jbootd.persistence.postgres;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jbootd.persistence.DataDirectory;
import org.jbootd.persistence.EmbeddedLeaseStore;
import org.jbootd.persistence.StoreRefused;
import org.jbootd.persistence.StoreSettings;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * Takes the leases of a data directory, and all of their history, along into a database that has none: in one transaction, so that
 * all of it is there in the end, or nothing.
 */
public final class Relocation {

    /** A table is as long as it is; so long may a single answer of the database take. */
    private static final int SILENCE_SECONDS = 600;

    /** What was taken along. */
    public record Moved(long leases, long events, long intervals, long refusals, long transfers) {}

    private final Handle from;
    private final Handle to;

    private Relocation(Handle from, Handle to) {
        this.from = from;
        this.to = to;
    }

    /**
     * The directory is left as it is, but for what opening it does.
     *
     * @param directory of a daemon that does not run, or a backup of it
     * @throws StoreRefused when the one cannot be read or the other not be written, or has leases already; the database is as it
     *     was then
     */
    public static Moved run(Path directory, PostgresSettings settings) {
        if (!DataDirectory.hasLeases(directory)) {
            throw new StoreRefused(directory + " is no data directory with leases: it has no file 'format'");
        }
        try (EmbeddedLeaseStore store = EmbeddedLeaseStore.openForCommand(new StoreSettings(directory));
                Handle from = store.tables()) {
            Schema.prepare(settings);
            return run(from, store.latest(), settings);
        }
    }

    private static Moved run(Handle from, Instant serverTime, PostgresSettings settings) {
        try (Handle to = Jdbi.open(() -> Session.connect(settings, SILENCE_SECONDS))) {
            to.execute("SET synchronous_commit = on");
            return to.inTransaction(transaction -> {
                refuseUnlessEmpty(Head.lock(transaction), settings);
                return new Relocation(from, transaction).copyAll(serverTime);
            });
        } catch (JdbiException | SQLException e) {
            throw new StoreRefused(
                    "nothing was taken along: " + settings.place() + " does not take it: " + Failures.sentence(e), e);
        }
    }

    private static void refuseUnlessEmpty(Head head, PostgresSettings settings) {
        if (head.seq() > 0) {
            throw new StoreRefused("nothing was taken along: the database " + settings.place()
                    + " has leases already, by " + head.seq() + " changes; name one that has none");
        }
    }

    private Moved copyAll(Instant serverTime) throws SQLException {
        Moved moved = new Moved(
                new TableCopy(from, to, "lease", "address_number").copy(),
                new TableCopy(from, to, "lease_event", "seq").copy(),
                new TableCopy(from, to, "holding", TableCopy.GENERATED).copy(),
                new TableCopy(from, to, "refused", TableCopy.GENERATED).copy(),
                new TableCopy(from, to, "transfer", TableCopy.GENERATED).copy());
        new TableCopy(from, to, "event_chain", "first_seq").copy();
        new TableCopy(from, to, "chain_anchor", "seq").copy();
        writeHead(serverTime);
        return moved;
    }

    private void writeHead(Instant serverTime) {
        long mark = number("SELECT seq FROM journal_mark");
        Optional<OffsetDateTime> recorded = from.createQuery("SELECT recorded_at FROM lease_event WHERE seq = :mark")
                .bind("mark", mark)
                .mapTo(OffsetDateTime.class)
                .findOne();
        Optional<byte[]> chain = from.createQuery("SELECT chain FROM journal_mark WHERE chain IS NOT NULL")
                .mapTo(byte[].class)
                .findOne();
        to.createUpdate(
                        "UPDATE ledger_head SET seq = :seq, recorded_at = :recorded, server_time = :time, chain = :chain")
                .bind("seq", mark)
                .bind("chain", chain.orElse(null))
                .bind("recorded", recorded.orElse(Instant.EPOCH.atOffset(ZoneOffset.UTC)))
                .bind("time", serverTime.atOffset(ZoneOffset.UTC))
                .execute();
        // a directory that was repaired may lack its last events
        long start = recorded.isPresent() ? number("SELECT seq FROM history_start") : mark + 1;
        to.execute("UPDATE history_start SET seq = ?", start);
    }

    private long number(String sql) {
        return from.createQuery(sql).mapTo(Long.class).one();
    }
}

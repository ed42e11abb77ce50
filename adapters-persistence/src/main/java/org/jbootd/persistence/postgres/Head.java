package org.jbootd.persistence.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jbootd.domain.net.Octets;
import org.jbootd.persistence.Pipeline;
import org.jdbi.v3.core.Handle;

/**
 * How far the ledger goes.
 *
 * @param ledger which one, among all there are
 * @param seq number of the last event, 0 for none
 * @param recordedAt when that was recorded
 * @param serverTime how far server time is known to have come
 * @param chain the link of the last event in a hash chain; empty while events are not linked
 * @param now of the database's clock, or later: it never goes back behind what was recorded
 */
record Head(UUID ledger, long seq, Instant recordedAt, Instant serverTime, Optional<Octets> chain, Instant now) {

    private static final String SELECT =
            "SELECT ledger, seq, recorded_at, server_time, chain, CLOCK_TIMESTAMP() AS now FROM ledger_head";

    static Head read(Handle handle) {
        return handle.createQuery(SELECT).map((row, context) -> of(row)).one();
    }

    /** Keeps all others from adding to the ledger until the end of the transaction. */
    static Head lock(Handle handle) {
        return handle.createQuery(SELECT + " FOR UPDATE")
                .map((row, context) -> of(row))
                .one();
    }

    private static Head of(ResultSet row) throws SQLException {
        Instant recordedAt = time(row, "recorded_at");
        Instant now = time(row, "now");
        return new Head(
                row.getObject("ledger", UUID.class),
                row.getLong("seq"),
                recordedAt,
                time(row, "server_time"),
                Optional.ofNullable(row.getBytes("chain")).map(Octets::of),
                now.isBefore(recordedAt) ? recordedAt : now);
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** How far server time has come for all: by the database's clock, or where that was put back, by what was stored before. */
    Instant reached() {
        return now.isBefore(serverTime) ? serverTime : now;
    }

    /** The head once events up to {@code last} are recorded, if there are more. @param newChain the link of {@code last} */
    Head moved(long last, Instant newServerTime, Optional<Octets> newChain) {
        return new Head(ledger, last, last == seq ? recordedAt : now, newServerTime, newChain, now);
    }

    /** The head as it was when {@code earlier} was the last event, in what tells whether a database has gone back: all but the chain. */
    Head at(long earlier, Handle handle) {
        return earlier == seq
                ? this
                : new Head(ledger, earlier, recorded(handle, earlier).orElse(recordedAt), serverTime, chain, now);
    }

    void write(Pipeline pipeline) {
        pipeline.add(
                "UPDATE ledger_head SET seq = ?, recorded_at = ?, server_time = ?, chain = ?",
                seq,
                recordedAt.atOffset(ZoneOffset.UTC),
                serverTime.atOffset(ZoneOffset.UTC),
                chain.map(Octets::toArray).orElse(null));
    }

    Mark mark() {
        return new Mark(ledger, seq, recordedAt);
    }

    /** Why a database with this head is not the one that was seen with {@code known}, or goes on from it; empty when it is. */
    Optional<String> contradiction(Mark known, Handle handle) {
        return contradiction(
                known, seq > known.seq() ? recorded(handle, known.seq()) : Optional.of(recordedAt), handle);
    }

    /** The same, of a database in which the event {@code known} was {@code recorded} then; empty when it is not there. */
    Optional<String> contradiction(Mark known, Optional<Instant> recorded, Handle handle) {
        if (!ledger.equals(known.ledger())) {
            return Optional.of("it is another one than this node has served from");
        }
        if (seq < known.seq()) {
            return Optional.of("it went back in time: its last change is number " + seq
                    + ", and this node has seen number " + known.seq());
        }
        return isTheirs(known, recorded, handle)
                ? Optional.empty()
                : Optional.of("it went back in time and on another way: its change number " + known.seq()
                        + " is not the one that this node has seen");
    }

    /** One that need not be kept any more cannot be compared; it is older than what a backup would be good for. */
    private static boolean isTheirs(Mark known, Optional<Instant> recorded, Handle handle) {
        return known.seq() == 0
                || recorded.map(known.recordedAt()::equals).orElseGet(() -> known.seq() < historyStart(handle));
    }

    private static long historyStart(Handle handle) {
        return handle.createQuery("SELECT seq FROM history_start")
                .mapTo(Long.class)
                .one();
    }

    private static Optional<Instant> recorded(Handle handle, long seq) {
        return handle.createQuery("SELECT recorded_at FROM lease_event WHERE seq = :seq")
                .bind("seq", seq)
                .map((row, context) -> time(row, "recorded_at"))
                .findOne();
    }
}

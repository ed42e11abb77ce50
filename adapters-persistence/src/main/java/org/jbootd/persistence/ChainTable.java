package org.jbootd.persistence;

import java.time.Instant;
import org.jbootd.domain.net.Octets;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/** From when to when the history has a hash chain, within a transaction of the caller's. */
final class ChainTable {

    private final Handle handle;

    ChainTable(Handle handle) {
        this.handle = handle;
    }

    /**
     * Begins a chain, which goes on from the one before it, if there was one.
     *
     * @param lastSeq the last event that is not in it
     * @return what its first event follows
     */
    Octets begin(long lastSeq, Instant at) {
        Octets origin = handle.createQuery("SELECT head FROM event_chain ORDER BY first_seq DESC FETCH FIRST ROW ONLY")
                .map((row, context) -> Octets.of(row.getBytes("head")))
                .findOne()
                .orElse(HashChain.ORIGIN);
        Update chain = handle.createUpdate(
                        "INSERT INTO event_chain (first_seq, started_at, origin) VALUES (:first, :at, :origin)")
                .bind("first", lastSeq + 1)
                .bind("origin", origin.toArray());
        Sql.bindTime(chain, "at", at);
        chain.execute();
        return origin;
    }

    /** Ends the chain that goes on; of one without an event nothing is left. */
    void end(long lastSeq, Octets head) {
        handle.execute("DELETE FROM event_chain WHERE last_seq IS NULL AND first_seq > ?", lastSeq);
        handle.execute("UPDATE event_chain SET last_seq = ?, head = ? WHERE last_seq IS NULL", lastSeq, head.toArray());
    }
}

package org.jbootd.persistence;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jdbi.v3.core.Handle;

/**
 * The tables of leases and their history, which are the same in every database that we write. Transactions are the caller's;
 * every method may throw what JDBI throws. One thread at a time.
 */
public final class Ledger {

    private final String node;
    private final NoteTables notes;

    public Ledger() {
        this.node = DataDirectory.hostName();
        this.notes = new NoteTables(node);
    }

    public List<Lease> leases(Handle handle) {
        return new LeaseTables(handle, node).leases();
    }

    /**
     * Adds what writes {@code entries}, which follow all that is there: events, holdings and current leases.
     *
     * @param chain the link of the last event; empty when events are not linked
     * @return the same, of the last one of {@code entries}
     */
    public Optional<Octets> write(Pipeline pipeline, List<JournalEntry> entries, Optional<Octets> chain) {
        Optional<HashChain> links = chain.map(HashChain::new);
        LeaseTables.writeChanges(pipeline, node, links, entries);
        return links.map(HashChain::head);
    }

    /**
     * Begins a hash chain with the event behind {@code lastSeq}.
     *
     * @return the link that this event follows
     */
    public Octets beginChain(Handle handle, long lastSeq, Instant at) {
        return new ChainTable(handle).begin(lastSeq, at);
    }

    /** Ends the hash chain with event {@code lastSeq}, whose link is {@code head}. */
    public void endChain(Handle handle, long lastSeq, Octets head) {
        new ChainTable(handle).end(lastSeq, head);
    }

    /**
     * What others have changed behind an event.
     *
     * @param recordedAt when that event was recorded; empty when it is not there
     * @param standing what is known now of each address that changed
     */
    public record Changed(Optional<Instant> recordedAt, Map<Ipv4, Optional<Lease>> standing) {}

    /** What changed behind event {@code after}, up to {@code last}, and that event itself, all as it is at one moment. */
    public Changed changed(Handle handle, long after, long last) {
        return handle.createQuery("""
                        SELECT base.base_recorded_at, changed.changed_address, lease.* FROM (
                            SELECT (SELECT recorded_at FROM lease_event WHERE seq = :after) AS base_recorded_at) base
                        LEFT JOIN (
                            SELECT DISTINCT address_number, address AS changed_address FROM lease_event
                            WHERE seq > :after AND seq <= :last) changed ON TRUE
                        LEFT JOIN lease ON lease.address_number = changed.address_number""")
                .bind("after", after)
                .bind("last", last)
                .reduceResultSet(
                        new Changed(Optional.empty(), new HashMap<>()),
                        (changed, row, context) -> changed(changed, row));
    }

    private static Changed changed(Changed before, ResultSet row) throws SQLException {
        String address = row.getString("changed_address");
        if (address != null) {
            before.standing()
                    .put(
                            Ipv4.parse(address),
                            row.getString("address") == null ? Optional.empty() : Optional.of(LeaseTables.lease(row)));
        }
        return new Changed(
                Optional.ofNullable(row.getObject("base_recorded_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant),
                before.standing());
    }

    /** Writes what is no lease. @param ahead how far the clock by which events are recorded is ahead of this host's */
    public void note(Handle handle, Notes.Batch batch, Duration ahead) {
        notes.write(handle, batch, ahead);
    }
}

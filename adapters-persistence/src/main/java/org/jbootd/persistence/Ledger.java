package org.jbootd.persistence;

import java.time.Duration;
import java.time.Instant;
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

    /** What is known now of each address that changed behind {@code after}, up to {@code last}. */
    public Map<Ipv4, Optional<Lease>> changed(Handle handle, long after, long last) {
        Map<Ipv4, Optional<Lease>> changed = new HashMap<>();
        handle.createQuery("""
                        SELECT changed.changed_address, lease.* FROM (
                            SELECT DISTINCT address_number, address AS changed_address FROM lease_event
                            WHERE seq > :after AND seq <= :last) changed
                        LEFT JOIN lease ON lease.address_number = changed.address_number""")
                .bind("after", after)
                .bind("last", last)
                .map((row, context) -> changed.put(
                        Ipv4.parse(row.getString("changed_address")),
                        row.getString("address") == null ? Optional.empty() : Optional.of(LeaseTables.lease(row))))
                .list();
        return changed;
    }

    /** Writes what is no lease. @param ahead how far the clock by which events are recorded is ahead of this host's */
    public void note(Handle handle, Notes.Batch batch, Duration ahead) {
        notes.write(handle, batch, ahead);
    }
}

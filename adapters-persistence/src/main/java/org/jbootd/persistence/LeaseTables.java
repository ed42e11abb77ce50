package org.jbootd.persistence;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.generic.GenericType;

/** Writes journal entries into the tables, within a transaction of the caller's. */
final class LeaseTables {

    private static final RowStatement LEASE = RowStatement.insertion("lease", """
            holder, seq, address_number, address, subnet, host_name, network_booted, reserved, state, hardware, client_identifier, \
            machine_uuid, since, until""");

    /** Of a server elsewhere: a million rows at once would take more memory than their leases. */
    private static final int ROWS_AT_ONCE = 1_000;

    private static final RowStatement FORGET = new RowStatement(
            "DELETE FROM lease WHERE address_number = ?", "DELETE FROM lease WHERE address_number = ANY (?)");

    private final Handle handle;
    private final String node;
    private final Optional<HashChain> chain;

    private record Numbered(long seq, LeaseChange change) {}

    /** For what needs no links. @param node who made the changes */
    LeaseTables(Handle handle, String node) {
        this(handle, node, Optional.empty());
    }

    /** @param chain goes on with the events that are written; empty when they are not linked */
    LeaseTables(Handle handle, String node, Optional<HashChain> chain) {
        this.handle = handle;
        this.node = node;
        this.chain = chain;
    }

    void write(List<JournalEntry> entries) {
        writeChanges(RowSink.of(handle), node, chain, entries);
        writeMark(entries.get(entries.size() - 1).lastSeq());
    }

    /** All but the mark. */
    static void writeChanges(RowSink sink, String node, Optional<HashChain> chain, List<JournalEntry> entries) {
        new EventTable(sink, node, chain).write(entries);
        new HoldingTable(sink).write(entries);
        writeLeases(sink, lastOfEachAddress(entries));
    }

    /** Makes the current leases those of {@code state}, with {@code history} behind the rest, which says last what they are. */
    void restore(Snapshot state, List<JournalEntry> history) {
        RowSink sink = RowSink.of(handle);
        new EventTable(sink, node, chain).write(history);
        HoldingTable holdings = new HoldingTable(sink);
        holdings.write(history);
        handle.execute("DELETE FROM lease");
        Map<Long, Long> seqs = lastOfEachAddress();
        try (Rows insertions = sink.rows(LEASE)) {
            for (Lease lease : state.leases()) {
                add(insertions, seqs.get(Sql.number(lease.address())), lease);
            }
            insertions.send();
        }
        holdings.restore(handle, state, seqs);
        writeMark(state.seq());
    }

    /** By their addresses as numbers. */
    private Map<Long, Long> lastOfEachAddress() {
        return handle.createQuery("SELECT address_number, MAX(seq) AS seq FROM lease_event GROUP BY address_number")
                .setMapKeyColumn("address_number")
                .setMapValueColumn("seq")
                .collectInto(new GenericType<Map<Long, Long>>() {});
    }

    /** What the history says last of each address. */
    Map<Ipv4, LeaseChange> lastEvents() {
        Map<Ipv4, LeaseChange> last = new HashMap<>();
        handle.createQuery("""
                        SELECT event.*, CAST(NULL AS VARCHAR) AS holder FROM lease_event event
                            JOIN (SELECT MAX(seq) AS seq FROM lease_event GROUP BY address_number) newest ON newest.seq = event.seq""")
                .setFetchSize(ROWS_AT_ONCE)
                .map((row, context) -> new LeaseChange(LeaseChange.Kind.valueOf(row.getString("kind")), lease(row)))
                .forEach(change -> last.put(change.lease().address(), change));
        return last;
    }

    List<Lease> leases() {
        return handle.createQuery("SELECT * FROM lease")
                .setFetchSize(ROWS_AT_ONCE)
                .map((row, context) -> lease(row))
                .list();
    }

    static Lease lease(ResultSet row) throws SQLException {
        byte[] identifier = row.getBytes("client_identifier");
        String hardware = row.getString("hardware");
        String holder = row.getString("holder");
        boolean byHardware = holder == null || holder.equals(hardware);
        OffsetDateTime until = row.getObject("until", OffsetDateTime.class);
        return new Lease(
                new Ipv4((int) row.getLong("address_number")),
                row.getString("subnet"),
                new ClientIdentity(
                                HardwareAddress.parseRecorded(hardware),
                                Optional.ofNullable(identifier).map(Octets::of),
                                Optional.ofNullable(row.getObject("machine_uuid", UUID.class)))
                        .by(byHardware ? Identification.HARDWARE : Identification.CLIENT_ID),
                Optional.ofNullable(row.getString("host_name")),
                row.getBoolean("network_booted"),
                Lease.State.valueOf(row.getString("state")),
                row.getObject("since", OffsetDateTime.class).toInstant(),
                until == null ? Instant.MAX : until.toInstant(),
                row.getBoolean("reserved"));
    }

    private void writeMark(long seq) {
        handle.createUpdate("UPDATE journal_mark SET seq = :seq, chain = :chain")
                .bind("seq", seq)
                .bind("chain", chain.map(links -> links.head().toArray()).orElse(null))
                .execute();
    }

    private static Map<Ipv4, Numbered> lastOfEachAddress(List<JournalEntry> entries) {
        Map<Ipv4, Numbered> last = new LinkedHashMap<>();
        for (JournalEntry entry : entries) {
            long seq = entry.firstSeq();
            for (LeaseChange change : entry.changes()) {
                last.put(change.lease().address(), new Numbered(seq++, change));
            }
        }
        return last;
    }

    /** Deletes all before it inserts any, so that two machines may have changed places. */
    private static void writeLeases(RowSink sink, Map<Ipv4, Numbered> changes) {
        try (Rows deletions = sink.rows(FORGET);
                Rows insertions = sink.rows(LEASE)) {
            for (Map.Entry<Ipv4, Numbered> each : changes.entrySet()) {
                deletions.number(Sql.number(each.getKey())).add();
                LeaseChange change = each.getValue().change();
                if (!change.kind().ends()) {
                    add(insertions, each.getValue().seq(), change.lease());
                }
            }
            deletions.send();
            insertions.send();
        }
    }

    private static void add(Rows insertions, long seq, Lease lease) {
        boolean rests = lease.state() == Lease.State.DECLINED;
        insertions.text(rests ? null : lease.client().key().toString());
        put(insertions, seq, lease);
        insertions.add();
    }

    /** The columns seq to until. */
    static void put(Rows rows, long seq, Lease lease) {
        rows.number(seq)
                .number(Sql.number(lease.address()))
                .text(lease.address().toString())
                .text(lease.subnet())
                .text(lease.hostName().orElse(null))
                .truth(lease.networkBooted())
                .truth(lease.reserved())
                .text(lease.state().name())
                .client(lease.client())
                .time(lease.since())
                .time(lease.until().equals(Instant.MAX) ? null : lease.until());
    }
}

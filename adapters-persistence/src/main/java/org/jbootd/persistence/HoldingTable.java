package org.jbootd.persistence;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.Ipv4;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/** From when to when addresses were somebody's, within a transaction of the caller's. */
final class HoldingTable {

    static final String COLUMNS = """
            first_seq, last_seq, address_number, address, subnet, host_name, hardware, client_identifier, machine_uuid, started, ended, \
            how_ended""";

    static final RowStatement INSERT = RowStatement.insertion("holding", COLUMNS);

    private static final RowStatement END = new RowStatement("""
            UPDATE holding SET last_seq = ?, ended = GREATEST(started, ?), how_ended = ? WHERE address = ? AND last_seq IS NULL""", """
            UPDATE holding SET last_seq = ending.seq, ended = GREATEST(started, ending.time), how_ended = ending.how
            FROM UNNEST(?, ?, ?, ?) AS ending (seq, time, how, address)
            WHERE holding.address = ending.address AND last_seq IS NULL""");

    private final RowSink sink;

    /** Those that began in the entries and go on. */
    private final Map<Ipv4, Holding> open = new LinkedHashMap<>();

    private final List<Holding> over = new ArrayList<>();

    /** Of holdings that began before: the first of each address, as nothing is left for another one to end. */
    private final Map<Ipv4, Ending> endings = new LinkedHashMap<>();

    private record Holding(long firstSeq, Lease lease, Ending ending) {}

    private record Ending(Ipv4 address, long seq, Instant at, String how) {}

    HoldingTable(RowSink sink) {
        this.sink = sink;
    }

    /** Whether an interval may begin or end with it. */
    static boolean concerns(LeaseChange.Kind kind) {
        return switch (kind) {
            case RENEWED, REKEYED, RESERVED -> false;
            case BOUND, IMPORTED, RELEASED, DECLINED, EXPIRED, ENDED, RECLAIMED, MOVED -> true;
        };
    }

    void write(List<JournalEntry> entries) {
        entries.forEach(this::follow);
        end(endings.values());
        over.addAll(open.values());
        insert(over);
    }

    private void follow(JournalEntry entry) {
        for (int i = 0; i < entry.changes().size(); i++) {
            LeaseChange change = entry.changes().get(i);
            long seq = entry.firstSeq() + i;
            switch (change.kind()) {
                case BOUND, IMPORTED -> begin(change, seq);
                case RENEWED, REKEYED, RESERVED -> {}
                case RELEASED, DECLINED, EXPIRED, ENDED, RECLAIMED, MOVED -> end(ending(change, seq, time(entry, i)));
            }
        }
    }

    /**
     * What was there has ended by an event of its own; but for a lease that is taken over once more, from another server. Of one
     * that had ended there, only its client is known, and not when it began.
     */
    private void begin(LeaseChange change, long seq) {
        Lease lease = change.lease();
        if (lease.state() != Lease.State.BOUND) {
            return;
        }
        if (change.kind() == LeaseChange.Kind.IMPORTED || open.containsKey(lease.address())) {
            end(new Ending(lease.address(), seq, lease.since(), LeaseChange.Kind.RECLAIMED.name()));
        }
        open.put(lease.address(), new Holding(seq, lease, null));
    }

    /** What ends nothing else but a holding carries no time of its own: that of what it makes room for is the time. */
    private static Instant time(JournalEntry entry, int index) {
        return entry.changes().subList(index, entry.changes().size()).stream()
                .filter(change -> !change.kind().ends())
                .map(change -> change.lease().since())
                .findFirst()
                .orElse(entry.serverTime().equals(Instant.EPOCH) ? entry.recordedAt() : entry.serverTime());
    }

    private static Ending ending(LeaseChange change, long seq, Instant time) {
        Lease lease = change.lease();
        boolean ranOut = change.kind().ends() && !lease.until().isAfter(time);
        return new Ending(
                lease.address(),
                seq,
                ranOut ? lease.until() : time,
                (ranOut ? LeaseChange.Kind.EXPIRED : change.kind()).name());
    }

    private void end(Ending ending) {
        Holding begun = open.remove(ending.address());
        if (begun == null) {
            endings.putIfAbsent(ending.address(), ending);
        } else {
            over.add(new Holding(begun.firstSeq(), begun.lease(), ending));
        }
    }

    private void end(Collection<Ending> these) {
        try (Rows rows = sink.rows(END)) {
            for (Ending ending : these) {
                rows.number(ending.seq())
                        .time(ending.at())
                        .text(ending.how())
                        .text(ending.address().toString())
                        .add();
            }
            rows.send();
        }
    }

    private void insert(List<Holding> holdings) {
        try (Rows rows = sink.rows(INSERT)) {
            for (Holding holding : holdings) {
                Lease lease = holding.lease();
                Ending ending = holding.ending();
                rows.number(holding.firstSeq())
                        .numberOrNull(ending == null ? null : ending.seq())
                        .number(Sql.number(lease.address()))
                        .text(lease.address().toString())
                        .text(lease.subnet())
                        .text(lease.hostName().orElse(null))
                        .client(lease.client())
                        .time(lease.since())
                        .time(ending == null ? null : notBefore(lease.since(), ending.at()))
                        .text(ending == null ? null : ending.how())
                        .add();
            }
            rows.send();
        }
    }

    private static Instant notBefore(Instant start, Instant end) {
        return end.isBefore(start) ? start : end;
    }

    /** After a repair: what goes on is what is leased now, and nothing else. @param seqs the last event of each address */
    void restore(Handle handle, Snapshot state, Map<Long, Long> seqs) {
        Update ending = handle.createUpdate("""
                UPDATE holding SET last_seq = :seq, ended = GREATEST(started, :latest), how_ended = 'ENDED'
                WHERE last_seq IS NULL AND NOT EXISTS (SELECT 1 FROM lease WHERE lease.address_number = holding.address_number
                    AND lease.hardware = holding.hardware AND lease.state = 'BOUND')""").bind("seq", state.seq());
        Sql.bindTime(ending, "latest", state.latest());
        ending.execute();
        List<Long> known = handle.createQuery("SELECT address_number FROM holding WHERE last_seq IS NULL")
                .mapTo(Long.class)
                .list();
        Set<Long> going = new HashSet<>(known);
        insert(state.leases().stream()
                .filter(lease -> lease.state() == Lease.State.BOUND && !going.contains(Sql.number(lease.address())))
                .map(lease -> new Holding(seqs.get(Sql.number(lease.address())), lease, null))
                .toList());
    }
}

package org.jbootd.persistence;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.Occasion;
import org.jbootd.domain.net.Ipv4;

/** Every change there ever was, within a transaction of the caller's. */
final class EventTable {

    /** All but the link, in the order in which the link covers them, which therefore stays as it is: {@link HashChain}. */
    static final String COLUMNS = """
            recorded_at, kind, node, seq, address_number, address, subnet, host_name, network_booted, reserved, state, hardware, \
            client_identifier, machine_uuid, since, until, cause, stage, architecture, relay, relay_information, circuit_id, remote_id, \
            offered_at""";

    /** The embedded database has events in parts of so many, in the order of their numbers; so do its migrations. */
    private static final int PART = 16_384;

    private static final RowStatement INSERT = insertion(COLUMNS);

    private static final RowStatement INSERT_LINKED = insertion(COLUMNS + ", chain");

    private final RowSink sink;
    private final String node;
    private final Optional<HashChain> chain;

    /** @param chain goes on with what is written; empty when events are not linked */
    EventTable(RowSink sink, String node, Optional<HashChain> chain) {
        this.sink = sink;
        this.node = node;
        this.chain = chain;
    }

    void write(List<JournalEntry> entries) {
        try (Rows rows = sink.rows(chain.isPresent() ? INSERT_LINKED : INSERT, chain)) {
            for (JournalEntry entry : entries) {
                long seq = entry.firstSeq();
                for (LeaseChange change : entry.changes()) {
                    rows.time(entry.recordedAt()).text(change.kind().name()).text(node);
                    LeaseTables.put(rows, seq++, change.lease());
                    put(rows, change.occasion());
                    rows.add();
                }
            }
            rows.send();
        }
    }

    private static RowStatement insertion(String columns) {
        List<String> names = List.of(columns.split(", "));
        String marks =
                IntStream.rangeClosed(1, names.size()).mapToObj(i -> "?" + i).collect(Collectors.joining(", "));
        return new RowStatement(
                "INSERT INTO lease_event (%s, part) VALUES (%s, ?%d / %d)"
                        .formatted(columns, marks, names.indexOf("seq") + 1, PART),
                RowStatement.insertion("lease_event", columns).forAll());
    }

    private static void put(Rows rows, Occasion occasion) {
        rows.text(occasion.cause().name())
                .text(occasion.stage().map(BootStage::name).orElse(null))
                .numberOrNull(occasion.architecture()
                        .map(architecture -> (long) architecture.code())
                        .orElse(null))
                .text(occasion.relay().map(Ipv4::toString).orElse(null))
                .relayInformation(occasion.relayInformation())
                .time(occasion.offered().orElse(null));
    }
}

package org.jbootd.persistence;

import java.sql.Types;
import java.util.List;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.Occasion;
import org.jbootd.domain.net.Ipv4;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Every change there ever was, within a transaction of the caller's. */
final class EventTable {

    private static final String INSERT = """
            INSERT INTO lease_event (seq, recorded_at, kind, address_number, address, subnet, hardware, client_identifier,
                machine_uuid, host_name, network_booted, reserved, state, since, until, cause, stage, architecture, relay,
                relay_information, circuit_id, remote_id, offered_at, node)
            VALUES (:seq, :recorded_at, :kind, :address_number, :address, :subnet, :hardware, :client_identifier,
                :machine_uuid, :host_name, :network_booted, :reserved, :state, :since, :until, :cause, :stage, :architecture, :relay,
                :relay_information, :circuit_id, :remote_id, :offered_at, :node)""";

    private final Handle handle;
    private final String node;

    EventTable(Handle handle, String node) {
        this.handle = handle;
        this.node = node;
    }

    void write(List<JournalEntry> entries) {
        PreparedBatch batch = handle.prepareBatch(INSERT);
        for (JournalEntry entry : entries) {
            long seq = entry.firstSeq();
            for (LeaseChange change : entry.changes()) {
                Sql.bindTime(batch, "recorded_at", entry.recordedAt());
                batch.bind("kind", change.kind().name()).bind("node", node);
                LeaseTables.bind(batch, seq++, change.lease());
                bind(batch, change.occasion());
                batch.add();
            }
        }
        if (batch.size() > 0) {
            batch.execute();
        }
    }

    private static void bind(PreparedBatch batch, Occasion occasion) {
        batch.bind("cause", occasion.cause().name())
                .bind("stage", occasion.stage().map(BootStage::name).orElse(null))
                .bindBySqlType(
                        "architecture",
                        occasion.architecture().map(ClientArchitecture::code).orElse(null),
                        Types.INTEGER)
                .bind("relay", occasion.relay().map(Ipv4::toString).orElse(null));
        Sql.bindRelayInformation(batch, occasion.relayInformation());
        Sql.bindTime(batch, "offered_at", occasion.offered().orElse(null));
    }
}

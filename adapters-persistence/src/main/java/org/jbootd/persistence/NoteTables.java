package org.jbootd.persistence;

import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.history.Fetch;
import org.jbootd.domain.history.Refusal;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.domain.transfer.TransferOutcome;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Writes notes into their tables, so many new rows an hour at most: whoever floods the network does not fill the disk. One
 * thread at a time.
 */
final class NoteTables {

    static final int REFUSALS_AN_HOUR = 20_000;
    static final int FETCHES_AN_HOUR = 500_000;

    private static final String NOT_RECORDED = "NOT_RECORDED";

    private static final String AGAIN = """
            UPDATE refused SET last_at = :last_at, times = times + :times, detail = :detail, address = :address
            WHERE hardware = :hardware AND reason = :reason AND message = :message AND hour_number = :hour_number""";

    private static final String REFUSED = """
            INSERT INTO refused (hour_number, first_at, last_at, times, reason, detail, message, hardware, client_identifier,
                machine_uuid, host_name, stage, architecture, address, subnet, relay, relay_information, circuit_id, remote_id, node)
            VALUES (:hour_number, :first_at, :last_at, :times, :reason, :detail, :message, :hardware, :client_identifier,
                :machine_uuid, :host_name, :stage, :architecture, :address, :subnet, :relay, :relay_information, :circuit_id,
                :remote_id, :node)""";

    private static final String TRANSFER = """
            INSERT INTO transfer (started, ended, address, hardware, file, origin, octets, retransmissions, outcome, detail, node)
            VALUES (:started, :ended, :address, (SELECT hardware FROM lease WHERE address_number = :address_number AND state = 'BOUND'),
                :file, :origin, :octets, :retransmissions, :outcome, :detail, :node)""";

    private final String node;
    private long hour;
    private int refusalsLeft;
    private int fetchesLeft;

    NoteTables(String node) {
        this.node = node;
    }

    /** Within a transaction of the caller's. */
    void write(Handle handle, Notes.Batch batch) {
        long now = Notes.hour(Instant.now());
        if (now != hour) {
            hour = now;
            refusalsLeft = REFUSALS_AN_HOUR;
            fetchesLeft = FETCHES_AN_HOUR;
        }
        long lost = batch.lost() + writeRefusals(handle, batch.refusals()) + writeFetches(handle, batch.fetches());
        if (lost > 0) {
            countLost(handle, lost);
        }
    }

    /** @return how many had no row */
    private long writeRefusals(Handle handle, Map<Notes.Kind, Notes.Sum> refusals) {
        if (refusals.isEmpty()) {
            return 0;
        }
        List<Map.Entry<Notes.Kind, Notes.Sum>> all = new ArrayList<>(refusals.entrySet());
        PreparedBatch again = handle.prepareBatch(AGAIN);
        all.forEach(each -> {
            bind(again, each.getKey(), each.getValue());
            again.add();
        });
        int[] known = again.execute();
        PreparedBatch fresh = handle.prepareBatch(REFUSED);
        long lost = 0;
        for (int i = 0; i < known.length; i++) {
            Notes.Sum sum = all.get(i).getValue();
            if (known[i] == 0 && refusalsLeft > 0) {
                refusalsLeft--;
                bind(fresh, all.get(i).getKey(), sum);
                bindOrigin(fresh, sum);
                fresh.add();
            } else if (known[i] == 0) {
                lost += sum.times();
            }
        }
        if (fresh.size() > 0) {
            fresh.execute();
        }
        return lost;
    }

    private static void bind(PreparedBatch batch, Notes.Kind kind, Notes.Sum sum) {
        Refusal last = sum.last();
        batch.bind("hardware", kind.hardware())
                .bind("reason", kind.reason().name())
                .bind("message", kind.message())
                .bind("hour_number", kind.hour())
                .bind("times", sum.times())
                .bind("detail", last.detail().isEmpty() ? null : last.detail())
                .bind("address", text(last.facts().address()));
        Sql.bindTime(batch, "last_at", last.at());
    }

    private void bindOrigin(PreparedBatch batch, Notes.Sum sum) {
        Refusal last = sum.last();
        Refusal.Facts facts = last.facts();
        Sql.bindTime(batch, "first_at", sum.first());
        Optional<Octets> identifier = last.client().flatMap(ClientIdentity::clientIdentifier);
        Sql.bindOctets(batch, "client_identifier", identifier);
        batch.bindBySqlType(
                        "machine_uuid",
                        last.client().flatMap(ClientIdentity::uuid).orElse(null),
                        Types.OTHER)
                .bind("host_name", facts.hostName().orElse(null))
                .bind("stage", facts.stage().map(BootStage::name).orElse(null))
                .bindBySqlType(
                        "architecture",
                        facts.architecture().map(ClientArchitecture::code).orElse(null),
                        Types.INTEGER)
                .bind("subnet", facts.subnet().orElse(null))
                .bind("relay", text(facts.relay()))
                .bind("node", node);
        Sql.bindRelayInformation(batch, facts.relayInformation());
    }

    private static String text(Optional<Ipv4> address) {
        return address.map(Ipv4::toString).orElse(null);
    }

    private long writeFetches(Handle handle, List<Fetch> fetches) {
        List<Fetch> written = fetches.subList(0, Math.min(fetches.size(), fetchesLeft));
        fetchesLeft -= written.size();
        PreparedBatch batch = handle.prepareBatch(TRANSFER);
        for (Fetch fetch : written) {
            Sql.bindTime(batch, "started", fetch.end().minus(fetch.took()));
            Sql.bindTime(batch, "ended", fetch.end());
            batch.bind("address", fetch.client().toString())
                    .bind("address_number", Sql.number(fetch.client()))
                    .bind("file", fetch.file())
                    .bind("origin", fetch.origin().orElse(null))
                    .bind("octets", fetch.octets())
                    .bind("retransmissions", Math.min(fetch.repeated(), Integer.MAX_VALUE))
                    .bind("outcome", fetch.outcome().map(TransferOutcome::name).orElse("REFUSED"))
                    .bind("detail", fetch.detail().isEmpty() ? null : fetch.detail())
                    .bind("node", node)
                    .add();
        }
        if (batch.size() > 0) {
            batch.execute();
        }
        return fetches.size() - written.size();
    }

    private void countLost(Handle handle, long count) {
        int known = handle.execute(
                "UPDATE refused SET times = times + ?, last_at = CURRENT_TIMESTAMP"
                        + " WHERE hardware = '' AND reason = ? AND message = '' AND hour_number = ?",
                count,
                NOT_RECORDED,
                hour);
        if (known == 0) {
            handle.execute(
                    "INSERT INTO refused (hour_number, first_at, last_at, times, reason, message, hardware, node)"
                            + " VALUES (?, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, ?, ?, '', '', ?)",
                    hour,
                    count,
                    NOT_RECORDED,
                    node);
        }
    }
}

package org.jbootd.persistence;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.history.Fetch;
import org.jbootd.domain.history.Refusal;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.transfer.TransferOutcome;
import org.jdbi.v3.core.Handle;

/**
 * Writes notes into their tables, so many new rows an hour at most: whoever floods the network does not fill the disk. One
 * thread at a time.
 */
final class NoteTables {

    static final int REFUSALS_AN_HOUR = 20_000;
    static final int FETCHES_AN_HOUR = 500_000;

    private static final String NOT_RECORDED = "NOT_RECORDED";

    private static final String AGAIN = """
            UPDATE refused SET last_at = ?, times = times + ?, detail = ?, address = ?
            WHERE hardware = ? AND reason = ? AND message = ? AND hour_number = ?""";

    private static final String REFUSED = """
            INSERT INTO refused (last_at, times, detail, address, hardware, reason, message, hour_number, first_at, client_identifier,
                machine_uuid, host_name, stage, architecture, subnet, relay, relay_information, circuit_id, remote_id, node)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private static final String TRANSFER = """
            INSERT INTO transfer (started, ended, address, hardware, file, origin, octets, retransmissions, outcome, detail, node)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private final String node;
    private long hour;
    private int refusalsLeft;
    private int fetchesLeft;

    NoteTables(String node) {
        this.node = node;
    }

    /**
     * Within a transaction of the caller's. The leases of those who fetched something have to be there already. What fails has used up
     * nothing of the hour, and may be tried again.
     *
     * @param ahead how far the clock by which these are recorded is ahead of this host's
     */
    void write(Handle handle, Notes.Batch batch, Duration ahead) {
        long now = Notes.hour(Instant.now());
        if (now != hour) {
            hour = now;
            refusalsLeft = REFUSALS_AN_HOUR;
            fetchesLeft = FETCHES_AN_HOUR;
        }
        int refusalsBefore = refusalsLeft;
        int fetchesBefore = fetchesLeft;
        boolean written = false;
        try {
            writeRows(handle, batch, ahead);
            written = true;
        } finally {
            if (!written) {
                refusalsLeft = refusalsBefore;
                fetchesLeft = fetchesBefore;
            }
        }
    }

    private void writeRows(Handle handle, Notes.Batch batch, Duration ahead) {
        long lost =
                batch.lost() + writeRefusals(handle, batch.refusals()) + writeFetches(handle, batch.fetches(), ahead);
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
        int[] known;
        try (RowBatch again = new RowBatch(handle, AGAIN)) {
            for (Map.Entry<Notes.Kind, Notes.Sum> each : all) {
                put(again, each.getKey(), each.getValue());
                again.add();
            }
            known = again.execute();
        }
        long lost = 0;
        try (RowBatch fresh = new RowBatch(handle, REFUSED)) {
            for (int i = 0; i < known.length; i++) {
                Notes.Sum sum = all.get(i).getValue();
                if (known[i] == 0 && refusalsLeft > 0) {
                    refusalsLeft--;
                    put(fresh, all.get(i).getKey(), sum);
                    putOrigin(fresh, sum);
                    fresh.add();
                } else if (known[i] == 0) {
                    lost += sum.times();
                }
            }
            fresh.execute();
        }
        return lost;
    }

    /** The columns that alike refusals change, and those that say which are alike. */
    private static void put(Rows rows, Notes.Kind kind, Notes.Sum sum) {
        Refusal last = sum.last();
        rows.time(last.at())
                .number(sum.times())
                .text(last.detail().isEmpty() ? null : last.detail())
                .text(text(last.facts().address()))
                .text(kind.hardware())
                .text(kind.reason().name())
                .text(kind.message())
                .number(kind.hour());
    }

    private void putOrigin(Rows rows, Notes.Sum sum) {
        Refusal last = sum.last();
        Refusal.Facts facts = last.facts();
        rows.time(sum.first())
                .octets(last.client().flatMap(ClientIdentity::clientIdentifier))
                .uuid(last.client().flatMap(ClientIdentity::uuid))
                .text(facts.hostName().orElse(null))
                .text(facts.stage().map(BootStage::name).orElse(null))
                .numberOrNull(facts.architecture()
                        .map(architecture -> (long) architecture.code())
                        .orElse(null))
                .text(facts.subnet().orElse(null))
                .text(text(facts.relay()))
                .relayInformation(facts.relayInformation())
                .text(node);
    }

    private static String text(Optional<Ipv4> address) {
        return address.map(Ipv4::toString).orElse(null);
    }

    private long writeFetches(Handle handle, List<Fetch> fetches, Duration ahead) {
        List<Fetch> written = fetches.subList(0, Math.min(fetches.size(), fetchesLeft));
        fetchesLeft -= written.size();
        Map<Ipv4, Holders> holders = new HashMap<>();
        try (RowBatch rows = new RowBatch(handle, TRANSFER)) {
            for (Fetch fetch : written) {
                Instant started = fetch.end().minus(fetch.took());
                Optional<String> machine = holders.computeIfAbsent(
                                fetch.client(), address -> Holders.of(handle, address))
                        .at(started.plus(ahead));
                rows.time(started)
                        .time(fetch.end())
                        .text(fetch.client().toString())
                        .text(machine.orElse(null))
                        .text(fetch.file())
                        .text(fetch.origin().orElse(null))
                        .number(fetch.octets())
                        .number(Math.min(fetch.repeated(), Integer.MAX_VALUE))
                        .text(fetch.outcome().map(TransferOutcome::name).orElse("REFUSED"))
                        .text(fetch.detail().isEmpty() ? null : fetch.detail())
                        .text(node)
                        .add();
            }
            rows.execute();
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

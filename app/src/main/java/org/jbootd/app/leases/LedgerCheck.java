package org.jbootd.app.leases;

import java.util.ArrayList;
import java.util.List;
import org.jbootd.persistence.Auditor;
import org.jbootd.persistence.IntervalCheck;

/** Holds the current leases and the intervals against the history that they must be the result of. */
public final class LedgerCheck {

    /** What must have no rows. @param what the operator is told that a row shows */
    private record Law(String what, String sql) {}

    private static final String ENDS = "('ENDED', 'RECLAIMED', 'MOVED')";

    /** The last event of each address. */
    private static final String NEWEST = "(SELECT address, MAX(seq) AS seq FROM lease_event GROUP BY address) newest";

    private static final List<Law> LAWS = List.of(
            new Law("events are missing behind this one, up to the next", """
                    SELECT before_it, seq FROM (SELECT seq, LAG(seq) OVER (ORDER BY seq) AS before_it FROM lease_event
                        WHERE seq >= (SELECT seq FROM history_start)) pair WHERE seq <> before_it + 1 ORDER BY seq"""),
            new Law("an event is none of those that were written", """
                    SELECT address, seq FROM lease_event WHERE seq < 1 OR seq > (SELECT seq FROM chain_head) ORDER BY seq"""),
            new Law("a lease is not what its last event says", """
                    SELECT lease.address, lease.seq FROM lease LEFT JOIN lease_event event ON event.seq = lease.seq
                    WHERE event.seq IS NULL OR event.kind IN %s OR event.address <> lease.address
                        OR event.address_number <> lease.address_number OR event.subnet <> lease.subnet
                        OR event.hardware <> lease.hardware OR event.state <> lease.state OR event.reserved <> lease.reserved
                        OR event.network_booted <> lease.network_booted OR event.host_name IS DISTINCT FROM lease.host_name
                        OR event.since <> lease.since OR event.until IS DISTINCT FROM lease.until
                        OR event.machine_uuid IS DISTINCT FROM lease.machine_uuid
                        OR event.client_identifier IS DISTINCT FROM lease.client_identifier
                    ORDER BY lease.seq""".formatted(ENDS)),
            new Law("the last event of an address says that it is leased, and there is no lease", """
                    SELECT event.address, event.seq FROM %s JOIN lease_event event ON event.seq = newest.seq
                    WHERE event.kind NOT IN %s AND NOT EXISTS (SELECT 1 FROM lease
                        WHERE lease.address_number = event.address_number AND lease.seq = event.seq)
                    ORDER BY event.seq""".formatted(
                            NEWEST, ENDS)),
            new Law("a lease is not of the last event of its address", """
                    SELECT event.address, event.seq FROM lease_event event WHERE EXISTS (SELECT 1 FROM lease
                        WHERE lease.address_number = event.address_number AND lease.seq < event.seq)
                    ORDER BY event.seq"""),
            new Law("two intervals of an address overlap", """
                    SELECT address, first_seq FROM (
                        SELECT address, first_seq, started, LAG(id) OVER neighbours AS before_it, LAG(ended) OVER neighbours AS ended_before
                        FROM holding WINDOW neighbours AS (PARTITION BY address ORDER BY started, id)) pair
                    WHERE before_it IS NOT NULL AND (ended_before IS NULL OR ended_before > started)
                    ORDER BY first_seq"""),
            new Law("a lease goes on, and its interval does not, or is another machine's", """
                    SELECT lease.address, lease.seq FROM lease WHERE lease.state = 'BOUND' AND NOT EXISTS (SELECT 1 FROM holding
                        WHERE holding.address_number = lease.address_number AND holding.last_seq IS NULL
                            AND holding.hardware = lease.hardware)
                    ORDER BY lease.seq"""),
            new Law("an interval goes on, and there is no lease", """
                    SELECT holding.address, holding.first_seq FROM holding WHERE holding.last_seq IS NULL AND NOT EXISTS (
                        SELECT 1 FROM lease WHERE lease.address_number = holding.address_number AND lease.state = 'BOUND')
                    ORDER BY holding.first_seq"""));

    /** The embedded database finds the events of an address and of a machine by it, in parts that its migrations define. */
    private static final String HAS_PARTS = """
            SELECT 1 FROM information_schema.columns WHERE LOWER(table_name) = 'lease_event' AND LOWER(column_name) = 'part'""";

    private static final Law PARTS = new Law("an event is not where it is looked for", """
            SELECT address, seq FROM lease_event
            WHERE CASE WHEN seq < (SELECT seq FROM history_start) THEN part NOT IN (-1, -2) ELSE part <> seq / 16384 END
            ORDER BY seq""");

    /** Rests, or by what the client is known whose address it is. */
    private static final String HOLDERS = """
            SELECT address, seq, holder, client_identifier FROM lease
            WHERE (state = 'DECLINED') <> (holder IS NULL) OR holder <> hardware ORDER BY seq""";

    private LedgerCheck() {}

    /**
     * @param report takes a line for each thing that was compared, and for each first row that broke a law
     * @return whether everything holds
     */
    public static boolean run(Ledger ledger, List<String> report) throws LedgerProblem {
        Auditor.Source<LedgerProblem> source = ledger::ask;
        boolean holds = IntervalCheck.run(source, report);
        for (Law law : LAWS) {
            holds &= tell(law.what(), source.rows(law.sql(), List.of()), report);
        }
        if (!source.rows(HAS_PARTS, List.of()).isEmpty()) {
            holds &= tell(PARTS.what(), source.rows(PARTS.sql(), List.of()), report);
        }
        holds &= tell("a lease is held by what its client is not known by", strangers(ledger), report);
        List<Object> sizes = source.rows("""
                        SELECT (SELECT COUNT(*) FROM lease), (SELECT COUNT(*) FROM lease_event), (SELECT COUNT(*) FROM holding),
                            (SELECT seq FROM history_start)""", List.of()).get(0);
        report.add(sizes.get(0) + " leases, " + sizes.get(1) + " events, " + sizes.get(2) + " intervals"
                + (sizes.get(3).equals(1L) ? "" : "; the history begins with event " + sizes.get(3))
                + (holds ? ": the leases are what the history says" : ""));
        return holds;
    }

    /** @param broken rows that break a law @return whether there are none */
    private static boolean tell(String what, List<List<Object>> broken, List<String> report) {
        if (!broken.isEmpty()) {
            report.add(what + ": " + broken.get(0).get(0) + ", event "
                    + broken.get(0).get(1) + (broken.size() > 1 ? ", and " + (broken.size() - 1) + " more" : ""));
        }
        return broken.isEmpty();
    }

    private static List<List<Object>> strangers(Ledger ledger) throws LedgerProblem {
        List<List<Object>> strangers = new ArrayList<>();
        ledger.ask(HOLDERS, List.of(), row -> {
            if (row.get(2) == null || !row.get(2).equals("id:" + row.get(3))) {
                strangers.add(row);
            }
        });
        return strangers;
    }
}

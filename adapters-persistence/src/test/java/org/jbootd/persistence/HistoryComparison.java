package org.jbootd.persistence;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Holds the tables of a data directory against the changes that they should have. */
final class HistoryComparison {

    /** What both the events and the current leases say of a lease. @param until null for ever */
    private record Row(
            long seq,
            String address,
            String subnet,
            String hardware,
            Optional<Octets> clientIdentifier,
            String state,
            Instant since,
            Instant until) {

        static Row of(ResultSet row) throws SQLException {
            OffsetDateTime until = row.getObject("until", OffsetDateTime.class);
            return new Row(
                    row.getLong("seq"),
                    row.getString("address"),
                    row.getString("subnet"),
                    row.getString("hardware"),
                    Optional.ofNullable(row.getBytes("client_identifier")).map(Octets::of),
                    row.getString("state"),
                    row.getObject("since", OffsetDateTime.class).toInstant(),
                    until == null ? null : until.toInstant());
        }

        static Row of(long seq, Lease lease) {
            return new Row(
                    seq,
                    lease.address().toString(),
                    lease.subnet(),
                    lease.client().hardware().toString(),
                    lease.client().clientIdentifier(),
                    lease.state().name(),
                    lease.since().truncatedTo(ChronoUnit.MICROS),
                    lease.until().equals(Instant.MAX) ? null : lease.until().truncatedTo(ChronoUnit.MICROS));
        }
    }

    private record Event(String kind, Row row) {

        static Event of(long seq, LeaseChange change) {
            return new Event(change.kind().name(), Row.of(seq, change.lease()));
        }
    }

    private HistoryComparison() {}

    /**
     * Compares the events with the first ones of {@code history}, and the current leases with what these add up to.
     *
     * @param whole whether all of it has to be there
     * @return the first difference; empty when there is none
     */
    static Optional<String> difference(Path directory, List<LeaseChange> history, boolean whole) {
        try (Handle handle = Jdbi.open(LeaseDatabase.url(directory), Auditor.USER, "")) {
            List<Event> events = handle.createQuery("SELECT * FROM lease_event ORDER BY seq")
                    .map((row, context) -> new Event(row.getString("kind"), Row.of(row)))
                    .list();
            if (events.size() > history.size() || whole && events.size() < history.size()) {
                return Optional.of(
                        "the history has " + events.size() + " changes, and " + history.size() + " were stored");
            }
            List<LeaseChange> known = history.subList(0, events.size());
            return differentEvent(events, known).or(() -> differentState(handle, known));
        }
    }

    private static Optional<String> differentEvent(List<Event> events, List<LeaseChange> known) {
        for (int i = 0; i < events.size(); i++) {
            Event expected = Event.of(i + 1, known.get(i));
            if (!events.get(i).equals(expected)) {
                return Optional.of("the history has " + events.get(i) + ", and what was stored is " + expected);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> differentState(Handle handle, List<LeaseChange> known) {
        List<Row> current = handle.createQuery("SELECT * FROM lease ORDER BY seq")
                .map((row, context) -> Row.of(row))
                .list();
        Map<Ipv4, Row> expected = new HashMap<>();
        for (int i = 0; i < known.size(); i++) {
            Lease lease = known.get(i).lease();
            if (known.get(i).kind().ends()) {
                expected.remove(lease.address());
            } else {
                expected.put(lease.address(), Row.of(i + 1, lease));
            }
        }
        List<Row> sorted = expected.values().stream()
                .sorted(Comparator.comparingLong(Row::seq))
                .toList();
        return current.equals(sorted)
                ? Optional.empty()
                : Optional.of("the current leases are " + current + ", and by the history " + sorted);
    }
}

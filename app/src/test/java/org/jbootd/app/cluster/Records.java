package org.jbootd.app.cluster;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jbootd.app.leases.Ledger;
import org.jbootd.app.leases.LedgerCheck;
import org.jbootd.app.leases.LedgerProblem;
import org.jbootd.app.leases.Order;
import org.jbootd.persistence.Auditor;

/** What the database has of it all, held against itself and against what the machines were told. */
final class Records {

    private record Event(String hardware, Instant recordedAt, Instant until) {}

    private final Connection connection;

    Records(Connection connection) {
        this.connection = connection;
    }

    /** What {@code jbootd leases verify} says. @return whether all is well */
    boolean check(List<String> report) throws LedgerProblem, SQLException {
        return LedgerCheck.run(new Asked(), report);
    }

    /** Acknowledgements for which there is no event that was there before they were heard, and lasts as long as they said. */
    List<String> unrecorded(List<BootingMachine.Acknowledgement> acks) throws SQLException {
        Map<String, List<Event>> events = events();
        List<String> unrecorded = new ArrayList<>();
        for (BootingMachine.Acknowledgement ack : acks) {
            String hardware = BootingMachine.hardware(ack.machine()).toString();
            Instant end = ack.asked().plus(ack.lease());
            boolean recorded = events.getOrDefault(ack.address().toString(), List.of()).stream()
                    .anyMatch(event -> event.hardware().equals(hardware)
                            && !event.recordedAt().isAfter(ack.heard())
                            && !event.until().isBefore(end));
            if (!recorded) {
                unrecorded.add("no event is behind " + ack);
            }
        }
        return unrecorded;
    }

    private Map<String, List<Event>> events() throws SQLException {
        Map<String, List<Event>> events = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT address, hardware, recorded_at, until FROM lease_event"
                        + " WHERE kind IN ('BOUND', 'RENEWED')")) {
            while (row.next()) {
                events.computeIfAbsent(row.getString("address"), none -> new ArrayList<>())
                        .add(new Event(row.getString("hardware"), time(row, "recorded_at"), time(row, "until")));
            }
        }
        return events;
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** The database as what can be asked, and nothing else. */
    private final class Asked implements Ledger {

        @Override
        public void ask(String sql, List<?> arguments, Auditor.Rows rows) throws LedgerProblem {
            try {
                new Auditor(connection, new Plain()).ask(sql, arguments, rows);
            } catch (Auditor.NoAnswer e) {
                throw new LedgerProblem(e.getMessage(), e);
            }
        }

        @Override
        public List<Order.Outcome> carryOut(List<Order> orders, Mode mode) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void backup(Path target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    /** PostgreSQL's, for questions that are known. */
    private static final class Plain implements Auditor.Dialect {

        @Override
        public void check(String sql) {}

        @Override
        public Object value(ResultSet result, int column) throws SQLException {
            return result.getMetaData().getColumnTypeName(column).equals("timestamptz")
                    ? result.getObject(column, OffsetDateTime.class)
                    : result.getObject(column);
        }

        @Override
        public String inWords(SQLException failure) {
            return failure.getMessage();
        }
    }
}

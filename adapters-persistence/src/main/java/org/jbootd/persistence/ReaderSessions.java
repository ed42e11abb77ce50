package org.jbootd.persistence;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The sessions of those who may only read the embedded database. One thread at a time. */
final class ReaderSessions {

    private static final String ALL =
            """
            SELECT session_id, user_name, client_addr, executing_statement, contains_uncommitted
            FROM information_schema.sessions WHERE user_name IN ('%s', '%s')""".formatted(Auditor.USER.toUpperCase(Locale.ROOT), Auditor.COMMANDS.toUpperCase(Locale.ROOT));

    /** A statement notices now and then only that it was cancelled. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long LOOK_MILLIS = 10;

    /**
     * @param ofAuditor or of this process, for a command
     * @param client address and port; empty if it is this process
     * @param statement that is carried out
     * @param holdsRows that others want to write: whoever only reads holds none
     */
    record Session(int id, boolean ofAuditor, Optional<String> client, Optional<String> statement, boolean holdsRows) {}

    private final Connection owner;

    ReaderSessions(Connection owner) {
        this.owner = owner;
    }

    List<Session> list() throws SQLException {
        List<Session> sessions = new ArrayList<>();
        try (Statement statement = owner.createStatement();
                ResultSet rows = statement.executeQuery(ALL)) {
            while (rows.next()) {
                sessions.add(new Session(
                        rows.getInt("session_id"),
                        Auditor.USER.equalsIgnoreCase(rows.getString("user_name")),
                        Optional.ofNullable(rows.getString("client_addr")),
                        Optional.ofNullable(rows.getString("executing_statement")),
                        rows.getBoolean("contains_uncommitted")));
            }
        }
        return sessions;
    }

    /**
     * Ends {@code sessions}, and what they have begun: first their statements, as H2 does not stop for the end of a session, and would
     * hold what the statement holds.
     */
    void end(Collection<Session> sessions) throws SQLException {
        Set<Integer> ids = sessions.stream().map(Session::id).collect(Collectors.toSet());
        call("CANCEL_SESSION", ids);
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (isAnyBusy(ids) && end - System.nanoTime() > 0) {
            pause();
        }
        call("ABORT_SESSION", ids);
        rollBackWhatIsPrepared();
    }

    private void call(String function, Set<Integer> ids) throws SQLException {
        try (PreparedStatement statement = owner.prepareStatement("CALL " + function + "(?)")) {
            for (int id : ids) {
                statement.setInt(1, id);
                statement.execute();
            }
        }
    }

    private boolean isAnyBusy(Set<Integer> ids) throws SQLException {
        return list().stream()
                .anyMatch(session ->
                        ids.contains(session.id()) && session.statement().isPresent());
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@code PREPARE COMMIT} outlives its session, with all that it holds; nobody but a reader has a use for it here. */
    private void rollBackWhatIsPrepared() throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = owner.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT transaction_name FROM information_schema.in_doubt")) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
            for (String name : names) {
                statement.execute("ROLLBACK TRANSACTION \"" + name.replace("\"", "\"\"") + '"');
            }
        }
    }
}

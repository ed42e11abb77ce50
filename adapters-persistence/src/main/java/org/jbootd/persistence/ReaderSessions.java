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
            SELECT session_id, user_name, client_addr, executing_statement,
                contains_uncommitted OR blocker_id IS NOT NULL AS wants_rows
            FROM information_schema.sessions WHERE user_name IN ('%s', '%s')""".formatted(Auditor.USER.toUpperCase(Locale.ROOT), Auditor.COMMANDS.toUpperCase(Locale.ROOT));

    /** A statement notices now and then only that it was cancelled. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long LOOK_MILLIS = 10;

    /**
     * @param ofAuditor or of this process, for a command
     * @param client address and port; empty if it is this process
     * @param statement that is carried out
     * @param wantsRows whether it holds rows that others may want to write, or waits for such: whoever only reads does neither
     */
    record Session(int id, boolean ofAuditor, Optional<String> client, Optional<String> statement, boolean wantsRows) {}

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
                        rows.getBoolean("wants_rows")));
            }
        }
        return sessions;
    }

    /**
     * Ends {@code sessions}, and what they have begun: each once its statement has stopped, as H2 does not wait for that, and would hold
     * what the statement holds. Who waits for another of them stops when that one has gone.
     */
    void end(Collection<Session> sessions) throws SQLException {
        Set<Integer> left = sessions.stream().map(Session::id).collect(Collectors.toSet());
        call("CANCEL_SESSION", left);
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!left.isEmpty() && end - System.nanoTime() > 0) {
            Set<Integer> busy = busy();
            Set<Integer> idle = left.stream().filter(id -> !busy.contains(id)).collect(Collectors.toSet());
            call("ABORT_SESSION", idle);
            left.removeAll(idle);
            if (!left.isEmpty()) {
                pause();
            }
        }
        call("ABORT_SESSION", left);
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

    private Set<Integer> busy() throws SQLException {
        return list().stream()
                .filter(session -> session.statement().isPresent())
                .map(Session::id)
                .collect(Collectors.toSet());
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

package org.jbootd.persistence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that nobody who asks the embedded database is in the way of the leases: by what he does but ask, by memory, by room on the
 * disk. H2 has no bounds of its own for a user who may only read. By a thread of its own.
 */
final class SqlWatch implements AutoCloseable {

    /** Free in the file system of the data directory, in octets: below this nobody asks. */
    static final long LEAST_ROOM = 256_000_000;

    /** Why who asks is sent away when it is for FOR UPDATE. */
    static final String ROWS_HELD = "somebody who asked held rows that the history is written to (FOR UPDATE)";

    private static final long MEGABYTE = 1_000_000;
    private static final long LOOK_MILLIS = 500;
    private static final int SHOWN = 80;

    /** How a statement begins that asks, or that is over at once and leaves nothing. */
    private static final Pattern QUESTION = Pattern.compile("(?is)(?:\\s|\\(|--[^\\n]*\\n|/\\*.*?\\*/)*+"
            + "(?:SELECT|WITH|VALUES|TABLE|EXPLAIN|SHOW|CALL|HELP|SET|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|BEGIN)\\b.*");

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.leases");

    private final Path directory;
    private final SqlOwner owner;
    private final SqlDoor door;
    private final Optional<SqlServer> server;
    private final LongSupplier room;
    private final SparseLog log = new SparseLog();
    private final Thread thread = new Thread(this::run, "jbootd-sql-watch");

    private FullHeap heap;
    private boolean full;
    private boolean closed;

    /** @param server empty when this process alone asks */
    SqlWatch(Path directory, SqlOwner owner, SqlDoor door, Optional<SqlServer> server) {
        this(directory, owner, door, server, () -> room(directory));
    }

    /** @param room what is free for the data directory, in octets */
    SqlWatch(Path directory, SqlOwner owner, SqlDoor door, Optional<SqlServer> server, LongSupplier room) {
        this.directory = directory;
        this.owner = owner;
        this.door = door;
        this.server = server;
        this.room = room;
        thread.setDaemon(true);
    }

    private static long room(Path directory) {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            return Long.MAX_VALUE; // who writes there will hear of it
        }
    }

    /** Watches from now on, if it does not already. */
    synchronized void start() {
        if (heap == null && !closed) {
            heap = new FullHeap(this::heapIsFull);
            thread.start();
        }
    }

    private synchronized void heapIsFull() {
        full = true;
        notifyAll();
    }

    private void run() {
        while (await()) {
            try {
                look();
            } catch (SQLException e) {
                LOG.debug("who asks the history is not watched now", e);
            }
        }
    }

    /** @return false at the end */
    private synchronized boolean await() {
        try {
            if (!full && !closed) {
                wait(server.isPresent() ? LOOK_MILLIS : 0);
            }
        } catch (InterruptedException e) {
            closed = true;
        }
        return !closed;
    }

    private synchronized boolean isFull() {
        boolean was = full;
        full = false;
        return was;
    }

    private void look() throws SQLException {
        if (isFull()) {
            door.shut(
                    "the heap was more than " + FullHeap.PERCENT
                            + " % full, and an answer that takes much memory ends the daemon: ask for less at once, or ask a backup");
            int ended = owner.end(session -> true);
            door.tell(ended);
            if (ended > 0) {
                System.gc(); // to know whether it was that, and to be told the next time
            }
        } else if (server.filter(SqlServer::hasGuests).isPresent()) {
            lookAtGuests(server.get());
        }
    }

    private void lookAtGuests(SqlServer guests) throws SQLException {
        if (room.getAsLong() < LEAST_ROOM) {
            door.shut("less than " + LEAST_ROOM / MEGABYTE + " MB are free for " + directory
                    + ", and leases need them: make room");
            door.tell(owner.end(ReaderSessions.Session::ofAuditor));
            return;
        }
        List<ReaderSessions.Session> sessions = owner.sessions();
        List<ReaderSessions.Session> guilty =
                sessions.stream().filter(SqlWatch::doesMoreThanAsk).toList();
        if (guilty.stream().anyMatch(ReaderSessions.Session::wantsRows)) {
            door.shut(ROWS_HELD); // else those who come back at once get the rows before who is to write them
        }
        if (!guilty.isEmpty()) {
            guilty.stream().limit(1).forEach(this::tell);
            Set<Integer> ids = guilty.stream().map(ReaderSessions.Session::id).collect(Collectors.toSet());
            owner.end(session -> ids.contains(session.id()));
        }
        guests.closeAllBut(
                sessions.stream().flatMap(session -> session.client().stream()).collect(Collectors.toSet()));
    }

    private static boolean doesMoreThanAsk(ReaderSessions.Session session) {
        return session.ofAuditor()
                && (session.wantsRows()
                        || session.statement()
                                .filter(Predicate.not(SqlWatch::isQuestion))
                                .isPresent());
    }

    static boolean isQuestion(String sql) {
        return QUESTION.matcher(sql).matches();
    }

    private void tell(ReaderSessions.Session session) {
        log.warn("the session of the auditor at " + session.client().orElse("this host")
                + " was ended, which does more than ask: "
                + session.statement()
                        .map(sql -> sql.replaceAll("[^\\x20-\\x7e]", " "))
                        .map(sql -> sql.substring(0, Math.min(SHOWN, sql.length())))
                        .orElse("it holds rows that the history is written to (FOR UPDATE), or a table of its own"));
    }

    @Override
    public void close() {
        boolean started;
        synchronized (this) {
            closed = true;
            started = heap != null;
            notifyAll();
        }
        if (started) {
            heap.close();
            Threads.join(thread);
        }
    }
}

package org.jbootd.persistence;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the owner of the embedded database does about those who ask it, by a connection of its own: beside the follower, whose
 * transactions it never waits for. It connects when it is first needed, and anew after the database was closed. Threads may share it.
 */
final class SqlOwner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.leases");

    private final Path directory;
    private final ReaderKeys readers;

    /** Null when there is none. */
    private Connection connection;

    SqlOwner(Path directory, ReaderKeys readers) {
        this.directory = directory;
        this.readers = readers;
    }

    @FunctionalInterface
    private interface Task<T> {

        T run(Connection connection) throws SQLException;
    }

    /** Makes the auditor's password what it should be: he can change it. */
    void resetAuditorPassword() throws SQLException {
        run(owner -> {
            LeaseDatabase.setPassword(owner, Auditor.USER, readers.auditor());
            return null;
        });
    }

    List<ReaderSessions.Session> sessions() throws SQLException {
        return run(owner -> new ReaderSessions(owner).list());
    }

    /** Ends those sessions of readers that are {@code meant}. @return how many they were */
    int end(Predicate<ReaderSessions.Session> meant) throws SQLException {
        return run(owner -> {
            ReaderSessions sessions = new ReaderSessions(owner);
            List<ReaderSessions.Session> ended =
                    sessions.list().stream().filter(meant).toList();
            sessions.end(ended);
            return ended.size();
        });
    }

    private synchronized <T> T run(Task<T> task) throws SQLException {
        if (connection != null) {
            try {
                return task.run(connection);
            } catch (SQLException e) {
                LOG.debug("the owner's connection fails, another one is made", e);
                close();
            }
        }
        try {
            connection = LeaseDatabase.owner(directory);
        } catch (IOException e) {
            throw new SQLException(e.getMessage(), e);
        }
        return task.run(connection);
    }

    @Override
    public synchronized void close() {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.debug("closing the owner's connection failed", e);
            }
            connection = null;
        }
    }
}

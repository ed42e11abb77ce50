package org.jbootd.persistence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.jbootd.domain.lease.Lease;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The H2 database in the data directory: leases and their history in tables, for questions in SQL. It follows the journal
 * and never leads. One thread at a time; every method may throw what JDBI, H2 and Flyway throw.
 */
final class LeaseDatabase implements AutoCloseable {

    /** The newest migration in {@code migration/}. */
    static final int SCHEMA = 1;

    private static final String NAME = "leases";
    static final String FILE = NAME + ".mv.db";

    private static final String MIGRATIONS = "classpath:org/jbootd/persistence/migration";

    /** 8 MB of page cache; no trace file; closed by us, not by a hook of its own under our feet. */
    private static final String OPTIONS = ";CACHE_SIZE=8192;TRACE_LEVEL_FILE=0;DB_CLOSE_ON_EXIT=FALSE";

    private static final String USER = "jbootd";

    private final Handle handle;

    private LeaseDatabase(Handle handle) {
        this.handle = handle;
    }

    /**
     * Opens it and brings its schema up to date; makes it when there is none.
     *
     * @throws StoreRefused when it was written by a newer version; it is left as it was
     */
    static LeaseDatabase open(Path directory) throws IOException {
        String url = "jdbc:h2:file:" + directory.toAbsolutePath().resolve(NAME) + OPTIONS;
        Handle handle = Jdbi.open(url, USER, "");
        try {
            Permissions.narrow(directory.resolve(FILE));
            migrate(handle, url);
            return new LeaseDatabase(handle);
        } catch (IOException | RuntimeException e) {
            handle.close();
            throw e;
        }
    }

    static boolean exists(Path directory) {
        return Files.exists(directory.resolve(FILE));
    }

    /** Flyway takes longer than all the rest of a start, so it is asked only when there is something to do. */
    private static void migrate(Handle handle, String url) {
        int schema = schema(handle);
        if (schema > SCHEMA) {
            throw new StoreRefused(FILE + " has schema " + schema + ", and this version of jbootd knows no more than "
                    + SCHEMA + ": start the newer version");
        }
        if (schema < SCHEMA) {
            Flyway.configure()
                    .dataSource(url, USER, "")
                    .locations(MIGRATIONS)
                    .load()
                    .migrate();
        }
    }

    private static int schema(Handle handle) {
        boolean fresh = handle.createQuery(
                        "SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 'flyway_schema_history'")
                .mapTo(Integer.class)
                .one()
                .equals(0);
        return fresh
                ? 0
                : handle.createQuery(
                                "SELECT COALESCE(MAX(CAST(\"version\" AS INT)), 0) FROM \"flyway_schema_history\" WHERE \"success\"")
                        .mapTo(Integer.class)
                        .one();
    }

    /** Number of the last change that is in the tables. */
    long mark() {
        return handle.createQuery("SELECT seq FROM journal_mark")
                .mapTo(Long.class)
                .one();
    }

    /** Writes {@code entries}, which follow the mark, and the mark: all or none. */
    void apply(List<JournalEntry> entries) {
        handle.useTransaction(transaction -> new LeaseTables(transaction).write(entries));
    }

    /** The current leases, as far as the mark. */
    List<Lease> leases() {
        return new LeaseTables(handle).leases();
    }

    /** Puts {@code state} in the place of all current leases, and {@code history}, which follows the mark, behind the rest. */
    void restore(Snapshot state, List<JournalEntry> history) {
        handle.useTransaction(transaction -> new LeaseTables(transaction).restore(state, history));
    }

    /** Returns once all that was applied is on disk. */
    void checkpoint() {
        handle.execute("CHECKPOINT SYNC");
    }

    @Override
    public void close() {
        try (handle;
                Statement statement = handle.getConnection().createStatement()) {
            statement.execute("SHUTDOWN");
        } catch (SQLException e) {
            throw new IllegalStateException("closing " + FILE + " failed: " + e.getMessage(), e);
        }
    }
}

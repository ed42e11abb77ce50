package org.jbootd.persistence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.h2.api.ErrorCode;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The H2 database in the data directory: leases and their history in tables, for questions in SQL. It follows the journal
 * and never leads. One thread at a time; every method may throw what JDBI, H2 and Flyway throw.
 */
final class LeaseDatabase implements HistoryDatabase {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.leases");

    /** The newest migration in {@code migration/}. */
    static final int SCHEMA = 7;

    static final String NAME = "leases";
    static final String FILE = NAME + ".mv.db";

    private static final String COPY = NAME + "-new";
    private static final String COPY_FILE = COPY + ".mv.db";

    private static final long MEGABYTE = 1_000_000;

    private static final String MIGRATIONS = "classpath:org/jbootd/persistence/migration";

    /**
     * 16 MB of page cache; pages of 8 KB, which are written as a whole: half of that took a fifth more of the processor's time, and
     * twice as much gained nothing; all our statements stay prepared; H2 does not write on its own before our next sync, as what it
     * wrote in the middle of a transaction it has to write again; no trace file; closed by us, not by a hook of its own under our
     * feet.
     */
    private static final String OPTIONS = ";CACHE_SIZE=16384;PAGE_SIZE=8192;QUERY_CACHE_SIZE=64;WRITE_DELAY=2000"
            + ";TRACE_LEVEL_FILE=0;DB_CLOSE_ON_EXIT=FALSE";

    private static final String USER = "jbootd";

    private final Handle handle;
    private final String node = DataDirectory.hostName();
    private final NoteTables notes = new NoteTables(node);

    /** The link of the last event; empty when events are not linked. */
    private Optional<Octets> chain = Optional.empty();

    private LeaseDatabase(Handle handle) {
        this.handle = handle;
    }

    /**
     * Opens it and brings its schema up to date; makes it when there is none.
     *
     * @param heard told of each step of a migration; a test's may break it off
     * @throws StoreRefused when it may not be written, or was written by a newer version; it is left as it was
     */
    static LeaseDatabase open(Path directory, Callback... heard) throws IOException {
        if (exists(directory) && !Files.isWritable(directory.resolve(FILE))) {
            throw new StoreRefused(directory.resolve(FILE) + " cannot be written by user "
                    + System.getProperty("user.name") + ": change its owner or its mode");
        }
        int schema = isMade(directory) ? schema(directory) : 0;
        if (schema < SCHEMA) {
            migrate(directory, schema, heard);
        }
        return connect(directory, NAME).readChain();
    }

    /** In place of an empty file H2 makes a new database, and so do we. */
    private static boolean isMade(Path directory) throws IOException {
        return exists(directory) && Files.size(directory.resolve(FILE)) > 0;
    }

    private LeaseDatabase readChain() {
        try {
            chain = handle.createQuery("SELECT chain FROM journal_mark")
                    .map((row, context) ->
                            Optional.ofNullable(row.getBytes("chain")).map(Octets::of))
                    .one();
            return this;
        } catch (RuntimeException e) {
            handle.close();
            throw e;
        }
    }

    static boolean exists(Path directory) {
        return Files.exists(directory.resolve(FILE));
    }

    /** Whether it is what a migration works on before it takes the database's place. */
    static boolean isUnfinished(Path file) {
        return file.endsWith(COPY_FILE);
    }

    /** Looks without a change: H2 makes an older one of a damaged database when it may write. */
    private static int schema(Path directory) throws IOException {
        Optional<String> key = DatabaseKey.find(directory);
        try (Handle handle = look(directory, key)) {
            int schema = schema(handle);
            if (schema > SCHEMA) {
                throw new StoreRefused(FILE + " has schema " + schema
                        + ", and this version of jbootd knows no more than " + SCHEMA + ": start the newer version");
            }
            if (schema == 0) {
                throw new IllegalStateException("it has none of our tables");
            }
            handle.execute("SELECT * FROM journal_mark");
            return schema;
        }
    }

    private static Handle look(Path directory, Optional<String> key) {
        String url = url(directory, NAME) + ";ACCESS_MODE_DATA=r";
        try {
            return Jdbi.open(url, USER, key.orElse(DatabaseKey.NONE));
        } catch (ConnectionException e) {
            if (!isWrongPassword(e)) {
                throw e;
            }
            if (key.isEmpty()) {
                throw new IllegalStateException("its key, " + DatabaseKey.FILE + ", is missing", e);
            }
            return lookWithoutKey(url);
        }
    }

    private static Handle lookWithoutKey(String url) {
        try {
            return Jdbi.open(url, USER, DatabaseKey.NONE);
        } catch (ConnectionException e) {
            throw isWrongPassword(e)
                    ? new IllegalStateException(DatabaseKey.FILE + " is not the key of " + FILE, e)
                    : e;
        }
    }

    private static LeaseDatabase connect(Path directory, String name) throws IOException {
        String key = DatabaseKey.of(directory);
        try {
            return new LeaseDatabase(Jdbi.open(url(directory, name), USER, key));
        } catch (ConnectionException e) {
            if (!isWrongPassword(e)) {
                throw e;
            }
            Handle madeBeforeThereWasAKey = Jdbi.open(url(directory, name), USER, DatabaseKey.NONE);
            madeBeforeThereWasAKey.execute("ALTER USER " + USER + " SET PASSWORD '" + key + "'");
            return new LeaseDatabase(madeBeforeThereWasAKey);
        }
    }

    private static boolean isWrongPassword(ConnectionException e) {
        return e.getCause() instanceof SQLException sql && sql.getErrorCode() == ErrorCode.WRONG_USER_OR_PASSWORD;
    }

    private static String url(Path directory, String name) {
        return location(directory, name) + OPTIONS;
    }

    /** For who joins those that have it open. */
    static String url(Path directory) {
        return location(directory, NAME);
    }

    /** Joins the owner's own connection, for what is not the leases'. */
    static Connection owner(Path directory) throws IOException, SQLException {
        return DriverManager.getConnection(url(directory, NAME) + ";IFEXISTS=TRUE", USER, DatabaseKey.of(directory));
    }

    /**
     * For who reads one that nobody has open, and changes not an octet of it. That there is to be no trace file counts from the
     * opening on, and is refused to a user who may only read as a setting of his connection.
     */
    static String readOnlyUrl(Path directory) {
        return url(directory) + ";ACCESS_MODE_DATA=r;TRACE_LEVEL_FILE=0;IGNORE_UNKNOWN_SETTINGS=TRUE";
    }

    private static String location(Path directory, String name) {
        return "jdbc:h2:file:" + directory.toAbsolutePath().resolve(name);
    }

    /**
     * On a copy, which takes the place of the database once it is whole: a schema is not changed in one transaction, and a
     * crash half-way would leave neither the old one nor the new one.
     */
    private static void migrate(Path directory, int schema, Callback... heard) throws IOException {
        Path file = directory.resolve(FILE);
        if (schema == 0) {
            migrateCopy(directory, Optional.empty(), heard);
            return;
        }
        LOG.info(
                "{} has schema {} and gets schema {}: up to 20 s for each million changes in it, and twice its room meanwhile",
                file,
                schema,
                SCHEMA);
        try {
            migrateCopy(directory, Optional.of(file), heard);
        } catch (IOException | FlywayException e) {
            throw new StoreRefused(
                    "%s has schema %d and cannot get schema %d: %s; it is as it was, and the version that wrote it may go on with it. Its conversion takes up to twice the %,d MB that it has, and %,d MB are free"
                            .formatted(
                                    file,
                                    schema,
                                    SCHEMA,
                                    Trouble.sentence(e),
                                    Files.size(file) / MEGABYTE + 1,
                                    Files.getFileStore(file).getUsableSpace() / MEGABYTE),
                    e);
        }
        LOG.info("{} has schema {} now", file, SCHEMA);
    }

    /** Leaves no copy behind when it fails: that might be what fills the disk. */
    private static void migrateCopy(Path directory, Optional<Path> original, Callback... heard) throws IOException {
        Path copy = directory.resolve(COPY_FILE);
        try {
            Files.deleteIfExists(copy);
            if (original.isPresent()) {
                Files.copy(original.get(), copy);
                connect(directory, COPY).close(); // that has the key now, if the original had none
            }
            Flyway.configure()
                    .dataSource(url(directory, COPY), USER, DatabaseKey.of(directory))
                    .locations(MIGRATIONS)
                    .callbacks(heard)
                    .load()
                    .migrate();
            Permissions.narrow(copy);
            DiskFiles.sync(copy);
            Files.move(
                    copy, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            DiskFiles.sync(directory);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    /** The newest migration that was carried out; 0 for none. Flyway would take longer to say so than all the rest of a start. */
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

    /** Whether it has the tables of this version, and all changes up to {@code last}. */
    static boolean isFollowed(Handle handle, long last) {
        return schema(handle) == SCHEMA && mark(handle) == last;
    }

    @Override
    public void admitReaders(ReaderKeys keys) throws SQLException {
        Connection connection = handle.getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE USER IF NOT EXISTS " + Auditor.COMMANDS + " PASSWORD ''"); // for this moment
            statement.execute("GRANT SELECT ON SCHEMA PUBLIC TO " + Auditor.COMMANDS);
        }
        setPassword(connection, Auditor.COMMANDS, keys.commands());
        setPassword(connection, Auditor.USER, keys.auditor());
    }

    /** @param owner a connection of the owner's */
    static void setPassword(Connection owner, String user, String password) throws SQLException {
        try (PreparedStatement statement = owner.prepareStatement("ALTER USER " + user + " SET PASSWORD ?")) {
            statement.setString(1, password);
            statement.execute();
        }
    }

    @Override
    public int endReaders() throws SQLException {
        ReaderSessions sessions = new ReaderSessions(handle.getConnection());
        List<ReaderSessions.Session> inTheWay = sessions.list().stream()
                .filter(session -> session.ofAuditor() || session.wantsRows())
                .toList();
        sessions.end(inTheWay);
        return inTheWay.size();
    }

    @Override
    public long mark() {
        return mark(handle);
    }

    private static long mark(Handle handle) {
        return handle.createQuery("SELECT seq FROM journal_mark")
                .mapTo(Long.class)
                .one();
    }

    @Override
    public void apply(List<JournalEntry> entries) {
        Optional<HashChain> links = chain.map(HashChain::new);
        handle.useTransaction(transaction -> new LeaseTables(transaction, node, links).write(entries));
        chain = links.map(HashChain::head);
    }

    @Override
    public boolean keepChain(boolean wanted) {
        if (wanted == chain.isPresent()) {
            return false;
        }
        long mark = mark();
        chain = handle.inTransaction(transaction -> {
            endChain(transaction, mark);
            return wanted ? beginChain(transaction, mark) : Optional.<Octets>empty();
        });
        checkpoint(); // what comes from the journal after a crash is linked as it was before
        return true;
    }

    private void endChain(Handle transaction, long mark) {
        chain.ifPresent(head -> new ChainTable(transaction).end(mark, head));
        transaction.execute("UPDATE journal_mark SET chain = NULL");
    }

    private static Optional<Octets> beginChain(Handle transaction, long mark) {
        Octets origin = new ChainTable(transaction).begin(mark, Instant.now());
        transaction.execute("UPDATE journal_mark SET chain = ?", origin.toArray());
        return Optional.of(origin);
    }

    @Override
    public void note(Notes.Batch batch) {
        handle.useTransaction(transaction -> notes.write(transaction, batch, Duration.ZERO));
    }

    @Override
    public boolean forget(Retention retention, Instant now) {
        return handle.inTransaction(transaction -> retention.step(transaction, now));
    }

    /** The current leases, as far as the mark. */
    List<Lease> leases() {
        return new LeaseTables(handle, node).leases();
    }

    /** What the history says last of each address. Reads all of it. */
    Map<Ipv4, LeaseChange> lastEvents() {
        return new LeaseTables(handle, node).lastEvents();
    }

    /**
     * Puts {@code state} in the place of all current leases, and {@code history}, which follows the mark and may have gaps, behind
     * the rest, where it says last of each address what is leased. Where events are linked, a chain ends before {@code history}, and another begins behind it.
     */
    void restore(Snapshot state, List<JournalEntry> history) {
        long mark = mark();
        chain = handle.inTransaction(transaction -> {
            endChain(transaction, mark);
            new LeaseTables(transaction, node).restore(state, history);
            return chain.isPresent() ? beginChain(transaction, state.seq()) : chain;
        });
    }

    @Override
    public void backup(Path zip) {
        handle.execute("BACKUP TO ?", zip.toAbsolutePath().toString());
    }

    @Override
    public void checkpoint() {
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

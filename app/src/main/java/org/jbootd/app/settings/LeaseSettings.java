package org.jbootd.app.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jbootd.domain.lease.Allocation;
import org.jbootd.persistence.SqlAccess;
import org.jbootd.persistence.postgres.PostgresSettings;

/**
 * {@code [leases]}.
 *
 * @param place where they are kept
 * @param orphans how many live leases a reload may leave without their address
 * @param historyKeep how long what is over is kept; empty for ever
 * @param sql where auditors may ask by SQL; empty for nowhere
 * @param hashChain whether the history has a hash chain from now on; empty as it was before
 */
public record LeaseSettings(
        Place place,
        Allocation allocation,
        int orphans,
        Optional<Duration> historyKeep,
        Optional<SqlAccess> sql,
        Optional<Boolean> hashChain) {

    /** Where leases are kept when nothing else is said. */
    public static final Path STANDARD_DIRECTORY = Path.of("/var/lib/jbootd");

    private static final String H2 = "jdbc:h2:";

    private static final Duration LEAST_HISTORY = Duration.ofHours(1);

    private static final Map<String, Allocation> ALLOCATIONS =
            Map.of("sequential", Allocation.SEQUENTIAL, "hashed", Allocation.HASHED);

    /** Where leases are kept. */
    public sealed interface Place {}

    /** In files of this host. @param path absolute; may have to be made */
    record Directory(Path path) implements Place {}

    /**
     * In a server that others may share.
     *
     * @param memory the directory of this host where the daemon remembers how far it has seen them, and listens for commands;
     *     absolute, may have to be made
     */
    record Database(PostgresSettings settings, Path memory) implements Place {}

    /** @return empty when a mistake leaves no place to keep them in */
    static Optional<LeaseSettings> from(Section leases, Path base) {
        Optional<Allocation> allocation = leases.optional("allocation", Values.word(ALLOCATIONS));
        Optional<Duration> historyKeep =
                leases.optional("history_keep", LeaseSettings::historyKeep).filter(keep -> !keep.equals(Values.NEVER));
        Optional<Boolean> hashChain = leases.optional("hash_chain", Values::flag);
        int orphans = leases.optional("orphans", Values.number(0, 1 << 20), 0);
        Optional<String> url = leases.optional("url", text -> text);
        boolean shared =
                url.filter(text -> text.startsWith(PostgresSettings.PREFIX)).isPresent();
        Optional<? extends Place> place = shared
                ? database(leases, url.get(), base)
                : directory(leases, base).map(Directory::new);
        Optional<SqlAccess> sql = shared ? SqlSettings.refuseAll(leases) : SqlSettings.from(leases, base);
        return place.map(found -> new LeaseSettings(
                found, allocation.orElse(Allocation.SEQUENTIAL), orphans, historyKeep, sql, hashChain));
    }

    private static Optional<Database> database(Section leases, String url, Path base) {
        Optional<PostgresSettings> settings = DatabaseSettings.from(leases, url, base);
        Optional<Path> memory = writable(leases, named(leases, base), leases.has("data_dir"));
        return settings.flatMap(database -> memory.map(directory -> new Database(database, directory)));
    }

    private static Optional<Path> named(Section leases, Path base) {
        return leases.optional("data_dir", text -> directory(base.resolve(text)));
    }

    private static Optional<Path> directory(Section leases, Path base) {
        Function<String, String> notThere = text -> {
            throw new IllegalArgumentException(
                    "the embedded lease database has no users; remove the line, or write url = "
                            + PostgresSettings.PREFIX + "//HOST/DATABASE");
        };
        leases.optional("user", notThere);
        leases.optional("password", notThere);
        leases.optional("password_file", notThere);
        Optional<Path> named = named(leases, base);
        Optional<Path> byUrl = leases.optional("url", text -> directory(base.resolve(directoryOf(text))));
        if (named.isPresent() && byUrl.isPresent() && !named.equals(byUrl)) {
            leases.mistake("url", "names another directory than data_dir; write one of the two");
        }
        return writable(leases, byUrl.or(() -> named), leases.has("data_dir") || leases.has("url"));
    }

    /** @param said whether there should be one that is named */
    private static Optional<Path> writable(Section leases, Optional<Path> named, boolean said) {
        Optional<Path> directory = said ? named : Optional.of(STANDARD_DIRECTORY);
        directory
                .filter(LeaseSettings::cannotBeWritten)
                .ifPresent(found -> leases.warning("data_dir", "'" + found + "' cannot be written by this user"));
        return directory;
    }

    /** Nothing of a URL is repeated, which may hold a password. */
    private static String directoryOf(String url) {
        if (!url.startsWith(H2)) {
            throw new IllegalArgumentException("no such database is known; write " + H2 + "DIRECTORY or "
                    + PostgresSettings.PREFIX + "//HOST/DATABASE");
        }
        String directory = url.substring(H2.length());
        if (directory.isEmpty() || !directory.matches("[^;:~]+")) {
            throw new IllegalArgumentException("only a directory may follow " + H2 + ", without parameters");
        }
        return directory;
    }

    /** Empty when they are in a database elsewhere. */
    public Optional<Path> directory() {
        return place instanceof Directory directory ? Optional.of(directory.path()) : Optional.empty();
    }

    /** Empty when they are in a directory. */
    public Optional<PostgresSettings> database() {
        return place instanceof Database database ? Optional.of(database.settings()) : Optional.empty();
    }

    /** What is the daemon's own on this host, wherever leases are kept. */
    public Path ownDirectory() {
        return place instanceof Database database ? database.memory() : ((Directory) place).path();
    }

    /** Where they are, for people. */
    public String inWords() {
        return database()
                .map(PostgresSettings::place)
                .or(() -> directory().map(Path::toString))
                .orElseThrow();
    }

    private static Duration historyKeep(String text) {
        Duration keep = Values.time(text);
        if (keep.compareTo(LEAST_HISTORY) < 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is shorter than 1h, or has no unit: write it as in 90d, or never");
        }
        return keep;
    }

    private static Path directory(Path named) {
        Path directory = named.toAbsolutePath().normalize();
        Path existing = nearestThatExists(directory);
        if (!Files.isDirectory(existing)) {
            throw new IllegalArgumentException("'" + existing + "' is not a directory");
        }
        return directory;
    }

    /** Of this user only: whoever checks a configuration need not be who runs the daemon. */
    private static boolean cannotBeWritten(Path directory) {
        return !Files.isWritable(nearestThatExists(directory));
    }

    private static Path nearestThatExists(Path path) {
        Path existing = path;
        while (existing.getParent() != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing;
    }
}

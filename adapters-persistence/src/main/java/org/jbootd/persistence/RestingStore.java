package org.jbootd.persistence;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * A data directory that nobody has open, to be asked and not changed: it may be a backup, and on a disk that cannot be written. One
 * thread at a time.
 */
public final class RestingStore implements AutoCloseable {

    private final Optional<DirectoryLock> lock;
    private final Auditor auditor;

    private RestingStore(Optional<DirectoryLock> lock, Auditor auditor) {
        this.lock = lock;
        this.auditor = auditor;
    }

    /**
     * @param password of {@link Auditor#USER}, if he has one
     * @return empty when only an {@link EmbeddedLeaseStore} can answer, or tell what is wrong: the database does not have all of the
     *     journal, say, or an older schema
     * @throws StoreRefused when the directory is a daemon's, or unsafe
     */
    public static Optional<RestingStore> open(Path directory, String password) {
        try {
            Optional<DirectoryLock> lock = DirectoryLock.share(directory);
            Optional<RestingStore> store = Optional.empty();
            try {
                DataDirectory.refuseOthers(directory);
                store = auditor(directory, password).map(auditor -> new RestingStore(lock, auditor));
                return store;
            } finally {
                if (store.isEmpty() && lock.isPresent()) {
                    lock.get().close();
                }
            }
        } catch (IOException e) {
            throw new StoreRefused("data directory " + directory + " cannot be asked: " + DataDirectory.reason(e), e);
        }
    }

    private static Optional<Auditor> auditor(Path directory, String password) {
        if (!DataDirectory.isOfThisFormat(directory) || !LeaseDatabase.exists(directory)) {
            return Optional.empty();
        }
        return Stream.of(password, "")
                .distinct()
                .flatMap(one -> followed(directory, one).stream())
                .findFirst();
    }

    /** @return empty when it is not certain that the database has all, and for another password */
    private static Optional<Auditor> followed(Path directory, String password) {
        String url = LeaseDatabase.readOnlyUrl(directory);
        try (Handle handle = Jdbi.open(url, Auditor.USER, password)) {
            long last = Recovery.of(new DiskFiles(directory.resolve("journal"))).lastSeq();
            return LeaseDatabase.isFollowed(handle, last)
                    ? Optional.of(Auditor.of(url, Auditor.USER, password, new EmbeddedDialect()))
                    : Optional.empty();
        } catch (IOException | JdbiException e) {
            return Optional.empty();
        }
    }

    /** As {@link Auditor#ask}. */
    public void ask(String sql, List<?> arguments, Auditor.Rows rows) throws Auditor.NoAnswer {
        auditor.ask(sql, arguments, rows);
    }

    @Override
    public void close() {
        auditor.close();
        try {
            if (lock.isPresent()) {
                lock.get().close();
            }
        } catch (IOException e) {
            throw new IllegalStateException("giving the data directory free failed: " + e.getMessage(), e);
        }
    }
}

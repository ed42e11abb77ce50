package org.jbootd.persistence;

import java.io.IOException;
import java.sql.SQLException;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a store, opened, checked one against the other, and not yet in use.
 *
 * @param table what the journal adds up to
 * @param database at or behind the journal, which has all that it misses
 * @param mark the last change that the database has
 * @param readers by whose passwords it can be asked
 */
record OpenFiles(
        DataDirectory directory,
        Journal journal,
        LeaseTable table,
        HistoryDatabase database,
        long mark,
        ReaderKeys readers) {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.leases");

    /** @throws StoreRefused when one part cannot be opened, or they do not fit together */
    static OpenFiles of(StoreSettings settings, Platform platform, DirectoryLock.Holder holder) {
        DataDirectory directory = DataDirectory.take(settings.directory(), holder);
        try {
            return of(directory, settings, platform);
        } catch (RuntimeException e) {
            giveFree(directory, e);
            throw e;
        }
    }

    private static OpenFiles of(DataDirectory directory, StoreSettings settings, Platform platform) {
        JournalFiles files = platform.journal().apply(directory.journal());
        Recovery recovery = recover(directory, files);
        if (!LeaseDatabase.exists(directory.path()) && recovery.firstSeq() > 1) {
            throw refused(
                    directory,
                    LeaseDatabase.FILE + " is missing, and with it the history before change " + recovery.firstSeq(),
                    null);
        }
        HistoryDatabase database = database(directory, platform.database());
        try {
            long mark = database.mark();
            checkMark(directory, mark, recovery);
            ReaderKeys readers = ReaderKeys.of(settings.auditorPassword());
            database.admitReaders(readers);
            settings.hashChain().ifPresent(wanted -> keepChain(directory, database, wanted));
            Journal journal = Journal.open(files, recovery, platform.size());
            return new OpenFiles(directory, journal, recovery.table(), database, mark, readers);
        } catch (IOException e) {
            database.close();
            throw new StoreRefused(
                    "the lease journal in " + directory.journal() + " cannot be written: " + DataDirectory.reason(e),
                    e);
        } catch (SQLException | JdbiException e) {
            database.close();
            throw refused(directory, LeaseDatabase.FILE + " cannot be read or written: " + Trouble.sentence(e), e);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private static Recovery recover(DataDirectory directory, JournalFiles files) {
        try {
            Recovery recovery = Recovery.of(files);
            recovery.notes().forEach(LOG::warn);
            return recovery;
        } catch (JournalDamaged e) {
            throw refused(directory, "the lease journal is damaged: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new StoreRefused(
                    "the lease journal in " + directory.journal() + " cannot be read: " + DataDirectory.reason(e), e);
        }
    }

    private static HistoryDatabase database(DataDirectory directory, HistoryDatabase.Opener opener) {
        try {
            return opener.open(directory.path());
        } catch (StoreRefused e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw refused(directory, LeaseDatabase.FILE + " cannot be opened: " + Trouble.sentence(e), e);
        }
    }

    /** The database follows the journal: it is never ahead, and the journal has everything that it misses. */
    private static void checkMark(DataDirectory directory, long mark, Recovery recovery) {
        if (mark > recovery.lastSeq()) {
            throw refused(
                    directory,
                    "the lease journal ends with change " + recovery.lastSeq() + ", and " + LeaseDatabase.FILE
                            + " has change " + mark,
                    null);
        }
        if (mark + 1 < recovery.firstSeq()) {
            throw refused(
                    directory,
                    LeaseDatabase.FILE + " ends with change " + mark + ", and the lease journal begins with change "
                            + recovery.firstSeq(),
                    null);
        }
    }

    /** What the journal has and the database misses is linked as well. */
    private static void keepChain(DataDirectory directory, HistoryDatabase database, boolean wanted) {
        try {
            if (database.keepChain(wanted)) {
                LOG.info("the history goes on {} a hash chain", wanted ? "with" : "without");
            }
        } catch (JdbiException e) {
            throw refused(directory, LeaseDatabase.FILE + " cannot be written: " + Trouble.sentence(e), e);
        }
    }

    private static StoreRefused refused(DataDirectory directory, String what, Throwable cause) {
        return new StoreRefused(
                "data directory " + directory.path() + ": " + what
                        + "; nothing was changed: restore the whole directory from a backup, or repair it"
                        + " with 'jbootd repair'",
                cause);
    }

    private static void giveFree(DataDirectory directory, RuntimeException cause) {
        try {
            directory.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }
}

package org.jbootd.persistence;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** The database that follows the journal, as the store uses it. One thread at a time. */
interface HistoryDatabase extends AutoCloseable {

    /** Opens the one of a data directory, and makes it when there is none. */
    interface Opener {

        /** @throws StoreRefused when it may not be written, or was written by a newer version; it is left as it was */
        HistoryDatabase open(Path directory) throws IOException;
    }

    /** Number of the last change that it has. */
    long mark();

    /** Writes {@code entries}, which follow the mark, and the mark: all or none. */
    void apply(List<JournalEntry> entries);

    /** Writes what is no lease: all or none. The leases of those who fetched something have to be applied already. */
    void note(Notes.Batch batch);

    /** Deletes some of what need not be kept: all of that or nothing. @return whether there may be more */
    boolean forget(Retention retention, Instant now);

    /** Returns once all that was applied is on disk. */
    void checkpoint();

    /** Writes a copy of itself, as it is now, into a new ZIP file. */
    void backup(Path zip);

    /** Links the events behind the mark, or does not: all that it takes or nothing. @return whether that is new */
    boolean keepChain(boolean wanted);

    /** Lets those who only ask in by {@code keys} from now on. No failure tells them. */
    void admitReaders(ReaderKeys keys) throws SQLException;

    /** Ends the sessions of those who only ask, if they are auditors' or hold what is to be written. @return how many they were */
    int endReaders() throws SQLException;

    @Override
    void close();
}

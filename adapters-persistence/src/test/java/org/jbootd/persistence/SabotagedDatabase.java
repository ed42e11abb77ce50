package org.jbootd.persistence;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** A database that does what it is told, but for what is overridden. */
class SabotagedDatabase implements HistoryDatabase {

    private final HistoryDatabase database;

    SabotagedDatabase(HistoryDatabase database) {
        this.database = database;
    }

    @Override
    public long mark() {
        return database.mark();
    }

    @Override
    public void apply(List<JournalEntry> entries) {
        database.apply(entries);
    }

    @Override
    public void note(Notes.Batch batch) {
        database.note(batch);
    }

    @Override
    public boolean forget(Retention retention, Instant now) {
        return database.forget(retention, now);
    }

    @Override
    public void checkpoint() {
        database.checkpoint();
    }

    @Override
    public void backup(Path zip) {
        database.backup(zip);
    }

    @Override
    public boolean keepChain(boolean wanted) {
        return database.keepChain(wanted);
    }

    @Override
    public void admitReaders(ReaderKeys keys) throws SQLException {
        database.admitReaders(keys);
    }

    @Override
    public int endReaders() throws SQLException {
        return database.endReaders();
    }

    @Override
    public void close() {
        database.close();
    }
}

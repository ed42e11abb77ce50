package org.jbootd.persistence;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.simulation.World;

/** A list of changes that behaves as a database does, for runs that are about what stands above it, in a tenth of the time. */
final class ModelDatabaseFile extends DatabaseFile<ModelDatabaseFile.Tables> {

    /** @param mark the number of the last change, by what it was told */
    record Tables(List<LeaseChange> changes, long mark) {

        private static final Tables EMPTY = new Tables(List.of(), 0);
    }

    private Tables onDisk = Tables.EMPTY;

    ModelDatabaseFile(World world) {
        super(world, Tables.EMPTY);
    }

    @Override
    HistoryDatabase open() {
        return new Model();
    }

    @Override
    Tables read() {
        return onDisk;
    }

    @Override
    void write(Tables content) {
        onDisk = content;
    }

    @Override
    void abandon() {}

    @Override
    Optional<String> difference(List<LeaseChange> history, boolean whole) {
        List<LeaseChange> known = onDisk.changes();
        if (known.size() > history.size() || whole && known.size() < history.size()) {
            return Optional.of("the history has " + known.size() + " changes, and " + history.size() + " were stored");
        }
        return IntStream.range(0, known.size())
                .filter(i -> !known.get(i).equals(history.get(i)))
                .mapToObj(i -> "the history has " + known.get(i) + ", and what was stored is " + history.get(i))
                .findFirst();
    }

    private final class Model implements HistoryDatabase {

        private final List<LeaseChange> changes = new ArrayList<>(onDisk.changes());
        private long mark = onDisk.mark();

        @Override
        public long mark() {
            return mark;
        }

        @Override
        public void apply(List<JournalEntry> entries) {
            for (JournalEntry entry : entries) {
                if (entry.firstSeq() <= mark) {
                    throw new IllegalStateException("there is a change " + entry.firstSeq() + " already");
                }
                changes.addAll(entry.changes());
                mark = entry.lastSeq();
            }
        }

        @Override
        public void note(Notes.Batch batch) {}

        @Override
        public boolean forget(Retention retention, Instant now) {
            return false;
        }

        @Override
        public void checkpoint() {
            onDisk = new Tables(List.copyOf(changes), mark);
        }

        @Override
        public void backup(Path zip) {
            throw new UnsupportedOperationException("there is no file");
        }

        @Override
        public boolean keepChain(boolean wanted) {
            return false;
        }

        @Override
        public void admitReaders(ReaderKeys keys) {}

        @Override
        public int endReaders() {
            return 0;
        }

        @Override
        public void close() {
            checkpoint();
        }
    }
}

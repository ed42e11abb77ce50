package org.jbootd.persistence;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * What a store stands on: usually this host. Tests have disks that fail and a time of their own.
 *
 * @param clock the wall clock
 * @param journal where the files of the journal's directory are
 * @param size of the journal's files
 */
record Platform(
        InstantSource clock,
        Workers workers,
        Function<Path, JournalFiles> journal,
        JournalSize size,
        HistoryDatabase.Opener database) {

    static Platform host() {
        return new Platform(
                InstantSource.system(), Workers.threads(), DiskFiles::new, JournalSize.USUAL, LeaseDatabase::open);
    }

    Platform with(InstantSource other) {
        return new Platform(other, workers, journal, size, database);
    }

    Platform with(Function<Path, JournalFiles> other) {
        return new Platform(clock, workers, other, size, database);
    }
}

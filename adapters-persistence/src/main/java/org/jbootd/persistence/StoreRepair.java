package org.jbootd.persistence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jbootd.domain.lease.Lease;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a data directory that {@link EmbeddedLeaseStore#open} refuses usable again, when the operator asks for it: keeps
 * everything that can be read, moves aside what is damaged, deletes nothing. Can be interrupted anywhere and run again.
 */
public final class StoreRepair {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.leases");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String REBUILT = "journal.rebuilt";
    private static final int MANY = 4096;

    private final DataDirectory directory;
    private final String aside;
    private final List<String> report = new ArrayList<>();

    private Recovery journal;
    private boolean journalDamaged;
    private LeaseDatabase database;
    private boolean databaseDamaged;

    private StoreRepair(DataDirectory directory, Instant now) {
        this.directory = directory;
        this.aside = ".damaged-" + STAMP.format(now);
    }

    /**
     * Repairs {@code directory}.
     *
     * @param now for the names of what is moved aside
     * @return what was wrong, what was done and what is lost, a sentence each; empty when nothing was wrong
     * @throws StoreRefused when a daemon uses the directory, a newer version wrote it, or the disk fails
     */
    public static List<String> repair(Path directory, Instant now) {
        try (DataDirectory taken = DataDirectory.takeForRepair(directory)) {
            return new StoreRepair(taken, now).run();
        } catch (IOException e) {
            throw new StoreRefused(
                    "data directory " + directory + " cannot be repaired: " + DataDirectory.reason(e), e);
        }
    }

    private List<String> run() throws IOException {
        finishInterrupted();
        readJournal();
        openDatabase();
        try {
            long mark = database == null ? 0 : database.mark();
            boolean ahead = mark > journal.lastSeq();
            boolean behind = mark + 1 < journal.firstSeq();
            if (ahead && !journalDamaged) {
                report.add("the journal ends with change " + journal.lastSeq() + ", and " + LeaseDatabase.FILE
                        + " has change " + mark);
            }
            if (behind && !databaseDamaged) {
                report.add("the history of changes " + (mark + 1) + " to " + (journal.firstSeq() - 1) + " is missing");
            }
            if (journalDamaged || databaseDamaged || ahead || behind) {
                mend(ahead ? ofDatabase(mark) : ofJournal(), mark, journalDamaged || ahead);
            }
        } finally {
            if (database != null) {
                database.close();
            }
        }
        return List.copyOf(report);
    }

    /** The last step of a repair is two renamings; between them there is no journal. */
    private void finishInterrupted() throws IOException {
        Path rebuilt = directory.path().resolve(REBUILT);
        if (!Files.exists(rebuilt)) {
            return;
        }
        if (new DiskFiles(directory.journal()).names().isEmpty()) {
            Files.move(rebuilt, directory.journal(), StandardCopyOption.REPLACE_EXISTING);
            DiskFiles.sync(directory.path());
        } else {
            deleteAll(rebuilt);
        }
    }

    private void readJournal() throws IOException {
        JournalFiles files = new DiskFiles(directory.journal());
        try {
            journal = Recovery.of(files);
        } catch (JournalDamaged e) {
            journalDamaged = true;
            report.add("the lease journal is damaged: " + e.getMessage());
            journal = Recovery.salvage(files);
        }
    }

    private void openDatabase() throws IOException {
        boolean missing = !LeaseDatabase.exists(directory.path());
        if (missing && journal.lastSeq() == 0) {
            return;
        }
        if (missing) {
            databaseDamaged = true;
            report.add(LeaseDatabase.FILE + " is missing");
            return;
        }
        try {
            database = LeaseDatabase.open(directory.path());
            database.leases();
        } catch (StoreRefused newer) {
            throw newer;
        } catch (RuntimeException e) {
            databaseDamaged = true;
            report.add(LeaseDatabase.FILE + " cannot be read: " + Trouble.sentence(e));
            giveUpDatabase();
        }
    }

    private void giveUpDatabase() {
        LeaseDatabase unreadable = database;
        database = null;
        try {
            if (unreadable != null) {
                unreadable.close();
            }
        } catch (RuntimeException e) {
            LOG.debug("closing the damaged history database failed", e);
        }
    }

    private Snapshot ofJournal() {
        return new Snapshot(
                journal.lastSeq(), journal.table().latest(), journal.table().leases());
    }

    private Snapshot ofDatabase(long mark) {
        List<Lease> leases = database.leases();
        Instant latest = leases.stream()
                .map(Lease::since)
                .filter(since -> since.isAfter(journal.table().latest()))
                .max(Comparator.naturalOrder())
                .orElse(journal.table().latest());
        return new Snapshot(mark, latest, leases);
    }

    /** @param newJournal whether the journal begins anew, with {@code state} */
    private void mend(Snapshot state, long mark, boolean newJournal) throws IOException {
        report.add("kept: " + state.leases().size() + " leases, as they were after change " + state.seq());
        long known = lastChangeKnown();
        if (known > state.seq()) {
            report.add("lost: changes " + (state.seq() + 1) + " to " + known
                    + " or later. A machine that got its address with one of them may see it given to another:"
                    + " start such machines again, or look for their addresses before");
        }
        if (newJournal) {
            writeJournal(state);
        }
        mendDatabase(state, mark);
        if (newJournal) {
            moveAside(directory.journal());
            Files.move(directory.path().resolve(REBUILT), directory.journal());
            DiskFiles.sync(directory.path());
        }
    }

    /** By what segments that cannot be reached say of themselves. */
    private long lastChangeKnown() {
        return journal.segments().stream()
                .mapToLong(segment -> segment.firstSeq() - 1)
                .max()
                .orElse(0);
    }

    private void writeJournal(Snapshot state) throws IOException {
        Path rebuilt = directory.path().resolve(REBUILT);
        Files.createDirectory(rebuilt, Permissions.forDirectory(rebuilt));
        JournalFiles files = new DiskFiles(rebuilt);
        state.write(files);
        Journal.open(files, Recovery.beginningWith(files, state), JournalSize.USUAL)
                .close();
    }

    private void mendDatabase(Snapshot state, long mark) throws IOException {
        List<JournalEntry> history = history(mark, state.seq());
        if (databaseDamaged) {
            if (LeaseDatabase.exists(directory.path())) {
                moveAside(directory.path().resolve(LeaseDatabase.FILE));
            }
            report.add("the history in the new " + LeaseDatabase.FILE + " begins "
                    + (history.isEmpty()
                            ? "after change " + state.seq()
                            : "with change " + history.get(0).firstSeq()));
            database = LeaseDatabase.open(directory.path());
        }
        database.restore(state, history);
        database.checkpoint();
    }

    /** What the old journal has of the changes behind {@code mark}, without a gap up to {@code to}. */
    private List<JournalEntry> history(long mark, long to) throws IOException {
        JournalFiles files = new DiskFiles(directory.journal());
        List<JournalEntry> history = new ArrayList<>();
        long next = Math.max(mark + 1, journal.firstSeq());
        try {
            while (next <= to) {
                history.addAll(Journal.read(files, journal.segments(), next, to, MANY));
                next = history.get(history.size() - 1).lastSeq() + 1;
            }
        } catch (JournalDamaged | DamagedFile gap) {
            report.add("the history has no changes " + next + " to " + to);
        }
        return history;
    }

    private void moveAside(Path path) throws IOException {
        Path target = path.resolveSibling(path.getFileName() + aside);
        Files.move(path, target);
        report.add(path.getFileName() + " was moved to " + target);
    }

    private static void deleteAll(Path rebuilt) throws IOException {
        try (Stream<Path> files = Files.list(rebuilt)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(rebuilt);
    }
}

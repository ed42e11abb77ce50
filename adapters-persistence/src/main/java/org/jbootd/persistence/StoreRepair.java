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
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.Ipv4;
import org.jdbi.v3.core.JdbiException;
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
    private static final String LOST = ". A machine that got its address with one of them may see it given to another:"
            + " start such machines again, or look for their addresses before";

    private final DataDirectory directory;
    private final Instant now;
    private final String aside;
    private final List<String> report = new ArrayList<>();

    private Recovery journal;
    private boolean journalDamaged;
    private LeaseDatabase database;
    private boolean databaseDamaged;
    private Map<Ipv4, LeaseChange> lastEvents = Map.of();

    private StoreRepair(DataDirectory directory, Instant now) {
        this.directory = directory;
        this.now = now;
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
        refuseAsAnother(directory);
        try (DataDirectory taken = DataDirectory.takeForRepair(directory)) {
            return new StoreRepair(taken, now).run();
        } catch (IOException e) {
            throw new StoreRefused(
                    "data directory " + directory + " cannot be repaired: " + DataDirectory.reason(e), e);
        } catch (JdbiException e) {
            throw new StoreRefused(
                    directory.resolve(LeaseDatabase.FILE) + " cannot be read or written: " + Trouble.sentence(e)
                            + ": move it away and repair again",
                    e);
        }
    }

    private static void refuseAsAnother(Path directory) {
        try {
            Optional<String> owner =
                    Files.isDirectory(directory) ? Permissions.otherOwner(directory) : Optional.empty();
            if (owner.isPresent()) {
                throw new StoreRefused("data directory " + directory + " is " + owner.get()
                        + "'s, who could not use what this writes: run this as " + owner.get() + ", as in 'sudo -u "
                        + owner.get() + " jbootd repair …'");
            }
        } catch (IOException e) {
            throw new StoreRefused(
                    "data directory " + directory + ": its owner cannot be found out: " + DataDirectory.reason(e), e);
        }
    }

    private List<String> run() throws IOException {
        furnish();
        finishInterrupted();
        readJournal();
        openDatabase();
        try {
            long mark = database == null ? 0 : database.mark();
            boolean ahead = mark > journal.lastSeq();
            if (ahead && !journalDamaged) {
                report.add("the journal ends with change " + journal.lastSeq() + ", and " + LeaseDatabase.FILE
                        + " has change " + mark);
            }
            JournalRemains remains = JournalRemains.of(new DiskFiles(directory.journal()));
            Patchwork leases = Patchwork.of(ahead ? ofDatabase(mark) : ofJournal(), remains);
            Patchwork history = Patchwork.of(ofDatabase(mark), remains);
            if (journalDamaged || databaseDamaged || ahead || !history.gaps().isEmpty()) {
                mend(leases, history, journalDamaged || ahead, hasOpenEnd(mark, remains));
            }
        } finally {
            if (database != null) {
                database.close();
            }
        }
        return List.copyOf(report);
    }

    private void furnish() throws IOException {
        if (!directory.hasFormat()) {
            boolean missing = !Files.exists(directory.format());
            report.add("the file 'format' was " + (missing ? "missing" : "damaged") + ", and is written anew");
            if (!missing) {
                moveAside(directory.format());
            }
        }
        if (Files.isRegularFile(directory.journal())) {
            report.add("the lease journal is a file, and no directory");
            moveAside(directory.journal());
        }
        directory.furnish();
    }

    /** Whether there may have been changes that nothing is known of. */
    private boolean hasOpenEnd(long mark, JournalRemains remains) {
        return mark > Math.max(remains.lastKnown(), journal.lastSeq()) || journalDamaged && remains.openEnd();
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
        if (missing && journal.lastSeq() == 0 && !journalDamaged) {
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
            lastEvents = database.lastEvents();
        } catch (StoreRefused newer) {
            throw newer;
        } catch (DamagedFile | RuntimeException e) {
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
        List<Lease> leases = database == null ? List.of() : database.leases();
        Instant latest = leases.stream()
                .map(Lease::since)
                .filter(since -> since.isAfter(journal.table().latest()))
                .max(Comparator.naturalOrder())
                .orElse(journal.table().latest());
        return new Snapshot(mark, latest, leases);
    }

    /**
     * @param leases begins with what the journal or the database has for certain, whichever has more
     * @param history begins with what the database has
     * @param newJournal whether the journal begins anew
     */
    private void mend(Patchwork leases, Patchwork history, boolean newJournal, boolean openEnd) throws IOException {
        Snapshot kept = leases.state();
        report.add("kept: " + kept.leases().size() + " leases, as they were after change " + kept.seq());
        tellOfLosses(leases, history, openEnd);
        List<JournalEntry> events = new ArrayList<>(history.history());
        JournalEntry restated =
                new JournalEntry(kept.seq() + 1, now, kept.latest(), Restatement.of(lastEvents, events, kept.leases()));
        Snapshot state = new Snapshot(restated.lastSeq(), kept.latest(), kept.leases());
        if (!restated.changes().isEmpty()) {
            events.add(restated);
        }
        if (newJournal) {
            writeJournal(state);
        } else if (!restated.changes().isEmpty()) {
            append(restated);
        }
        mendDatabase(state, events);
        if (newJournal) {
            moveAside(directory.journal());
            Files.move(directory.path().resolve(REBUILT), directory.journal());
            DiskFiles.sync(directory.path());
        }
    }

    private void tellOfLosses(Patchwork leases, Patchwork history, boolean openEnd) {
        if (!leases.gaps().isEmpty()) {
            report.add("lost: " + inWords(leases.gaps()) + LOST);
        }
        if (openEnd) {
            report.add(
                    "lost, if there were any: changes behind " + leases.state().seq() + LOST);
        }
        List<Patchwork.Gap> missing = history.gaps().stream()
                .filter(gap -> !leases.gaps().contains(gap) && !(databaseDamaged && gap.first() == 1))
                .toList();
        if (!missing.isEmpty()) {
            report.add("the history has no " + inWords(missing));
        }
    }

    private static String inWords(List<Patchwork.Gap> gaps) {
        return gaps.stream().map(Patchwork.Gap::toString).collect(Collectors.joining(", "));
    }

    /** To a journal that is whole. */
    private void append(JournalEntry entry) throws IOException {
        try (Journal open = Journal.open(new DiskFiles(directory.journal()), journal, JournalSize.USUAL)) {
            open.append(entry, List.of(LeaseCodec.encodeChanges(entry.changes())));
        }
    }

    private void writeJournal(Snapshot state) throws IOException {
        Path rebuilt = directory.path().resolve(REBUILT);
        Files.createDirectory(rebuilt, Permissions.forDirectory(rebuilt));
        JournalFiles files = new DiskFiles(rebuilt);
        state.write(files);
        Journal.open(files, Recovery.beginningWith(files, state), JournalSize.USUAL)
                .close();
    }

    private void mendDatabase(Snapshot state, List<JournalEntry> history) throws IOException {
        if (databaseDamaged) {
            if (LeaseDatabase.exists(directory.path())) {
                moveAside(directory.path().resolve(LeaseDatabase.FILE));
            }
            if (DatabaseKey.isEmpty(directory.path())) {
                moveAside(directory.path().resolve(DatabaseKey.FILE));
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

    private void moveAside(Path path) throws IOException {
        Path target = path.resolveSibling(path.getFileName() + aside);
        for (int more = 2; Files.exists(target); more++) {
            target = path.resolveSibling(path.getFileName() + aside + "-" + more);
        }
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

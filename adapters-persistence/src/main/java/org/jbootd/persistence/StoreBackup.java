package org.jbootd.persistence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A copy of a data directory, taken while it is in use: a data directory itself, like that of a daemon that was killed in the
 * moment of the copy.
 */
public final class StoreBackup {

    /** What is copied as it is; the lock and the socket are of the process. */
    private static final List<String> PLAIN = List.of(DatabaseKey.FILE, "format");

    private static final String JOURNAL = "journal";

    private StoreBackup() {}

    /**
     * Copies what is there. Whoever calls keeps the journal from being cut meanwhile; it may go on growing, and what is written
     * meanwhile is left out: the copy of an entry that is not whole yet looks like damage.
     *
     * @param target made; its parent must be there
     * @throws FileAlreadyExistsException when there is something already
     */
    static void write(Path directory, Journal journal, HistoryDatabase database, Path target) throws IOException {
        Path unfinished = target.resolveSibling(
                JournalNames.unfinished(target.getFileName().toString()));
        if (Files.exists(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        Files.createDirectory(unfinished, Permissions.forDirectory(unfinished));
        boolean whole = false;
        try {
            // before the journal, which then has all that it misses
            copy(database, unfinished);
            copyAll(directory.resolve(JOURNAL), unfinished.resolve(JOURNAL), journal.durable());
            for (String name : PLAIN) {
                copy(directory.resolve(name), unfinished.resolve(name));
            }
            DiskFiles.sync(unfinished);
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            whole = true;
        } finally {
            if (!whole) {
                delete(unfinished);
            }
        }
        DiskFiles.sync(target.toAbsolutePath().getParent());
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /**
     * Makes a data directory of a backup. Should it not come to its end, the directory is refused at a start, as its file
     * {@code format} is missing.
     *
     * @param directory not there, or empty
     * @throws StoreRefused when there is something already, or {@code backup} is none: a directory that is in use changes while it is
     *     copied
     */
    public static void restore(Path backup, Path directory) throws IOException {
        for (String name : List.of("format", DatabaseKey.FILE, LeaseDatabase.FILE, JOURNAL)) {
            if (!Files.exists(backup.resolve(name))) {
                throw new StoreRefused(backup + " is no backup of leases: it has no '" + name + "'");
            }
        }
        Optional<DirectoryLock> lock = lock(backup);
        try {
            restoreResting(backup, directory);
        } finally {
            if (lock.isPresent()) {
                lock.get().close();
            }
        }
    }

    private static Optional<DirectoryLock> lock(Path backup) throws IOException {
        try {
            return DirectoryLock.share(backup);
        } catch (StoreRefused inUse) {
            throw new StoreRefused(
                    backup + " is no backup of leases, but in use: make one of it with 'jbootd leases backup' ("
                            + inUse.getMessage() + ")",
                    inUse);
        }
    }

    private static void restoreResting(Path backup, Path directory) throws IOException {
        if (Files.exists(directory)) {
            refuseUnlessEmpty(directory);
        } else {
            Files.createDirectories(
                    directory,
                    Permissions.forDirectory(directory.toAbsolutePath().getParent()));
        }
        copyAll(backup.resolve(JOURNAL), directory.resolve(JOURNAL), files(backup.resolve(JOURNAL)));
        for (String name : List.of(LeaseDatabase.FILE, DatabaseKey.FILE, "format")) {
            copy(backup.resolve(name), directory.resolve(name));
        }
        DiskFiles.sync(directory);
    }

    private static void refuseUnlessEmpty(Path directory) throws IOException {
        try (Stream<Path> found = Files.list(directory)) {
            if (found.findAny().isPresent()) {
                throw new StoreRefused(
                        directory + " is not empty: move away what is in it, or name another [leases] data_dir");
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        copy(from, to, Long.MAX_VALUE);
    }

    /** @param length how many octets of it are wanted, at most */
    private static void copy(Path from, Path to, long length) throws IOException {
        try (InputStream in = Files.newInputStream(from)) {
            save(in, to, length);
        }
    }

    private static void save(InputStream in, Path to, long length) throws IOException {
        Files.createFile(to, Permissions.forFile(to));
        Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
        Permissions.narrow(to);
        try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
        DiskFiles.sync(to);
    }

    private static void copy(HistoryDatabase database, Path to) throws IOException {
        Path zip = to.resolve(JournalNames.unfinished("backup.zip"));
        database.backup(zip);
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.getName().endsWith(LeaseDatabase.FILE)) {
                    save(in, to.resolve(LeaseDatabase.FILE), Long.MAX_VALUE);
                }
            }
        }
        Files.delete(zip);
        if (!Files.exists(to.resolve(LeaseDatabase.FILE))) {
            throw new IOException("the database did not write itself into its backup");
        }
    }

    private static Map<String, Long> files(Path directory) throws IOException {
        return new DiskFiles(directory)
                .names().stream()
                        .filter(name -> !JournalNames.isUnfinished(name))
                        .collect(Collectors.toMap(name -> name, name -> Long.MAX_VALUE));
    }

    /** @param lengths the files, and how many octets of each are wanted, at most */
    private static void copyAll(Path from, Path to, Map<String, Long> lengths) throws IOException {
        Files.createDirectory(to, Permissions.forDirectory(to));
        for (Map.Entry<String, Long> file : lengths.entrySet()) {
            try {
                copy(from.resolve(file.getKey()), to.resolve(file.getKey()), file.getValue());
            } catch (NoSuchFileException e) {
                throw new IOException("the journal was cut while it was copied", e);
            }
        }
        DiskFiles.sync(to);
    }
}

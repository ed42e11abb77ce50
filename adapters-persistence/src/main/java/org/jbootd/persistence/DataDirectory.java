package org.jbootd.persistence;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jbootd.persistence.DirectoryLock.Holder;

/**
 * The data directory, ours alone while this is open: {@code lock} names the process that has it, {@code format} says how
 * the rest is written, {@code journal/} and the database hold the leases. Of a daemon whose leases are elsewhere it holds only the
 * lock, and what that daemon saves.
 */
public final class DataDirectory implements AutoCloseable {

    private static final String FORMAT_FILE = "format";
    private static final String FORMAT = "jbootd leases, format ";
    private static final int VERSION = 1;

    /** A segment, and as much for the database. */
    private static final int ROOM = 2 * JournalSize.USUAL.segment();

    private final Path path;
    private final DirectoryLock lock;

    private DataDirectory(Path path, DirectoryLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /** @throws StoreRefused when it may not or cannot be used; the message names the mend */
    static DataDirectory take(Path path, Holder holder) {
        return take(path, holder, () -> prepareForLeases(path, false));
    }

    /** The same, even if its file {@code format} or its journal is none: {@link #furnish} comes next. */
    static DataDirectory takeForRepair(Path path) {
        if (!Files.isDirectory(path)) {
            throw new StoreRefused("data directory " + path + " does not exist: there is nothing to repair");
        }
        return take(path, Holder.COMMAND, () -> prepareForLeases(path, true));
    }

    /** For a daemon whose leases are elsewhere. @throws StoreRefused as {@link #take} */
    public static DataDirectory takeWithoutLeases(Path path) {
        return take(path, Holder.DAEMON, () -> {});
    }

    /** Whether it was ever taken for leases, be it that its file {@code format} was lost since. */
    public static boolean hasLeases(Path path) {
        return Files.exists(path.resolve(FORMAT_FILE)) || LeaseDatabase.exists(path);
    }

    private interface Step {
        void run() throws IOException;
    }

    private static DataDirectory take(Path path, Holder holder, Step prepare) {
        try {
            make(path);
            DirectoryLock lock = DirectoryLock.take(path, holder);
            try {
                refuseOthers(path);
                prepare.run();
                return new DataDirectory(path, lock);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StoreRefused("data directory " + path + " cannot be used: " + reason(e), e);
        }
    }

    private static void prepareForLeases(Path path, boolean repair) throws IOException {
        needRoom(path);
        checkFormat(path, repair);
        if (!repair) {
            makeJournal(path);
        }
    }

    private static void makeJournal(Path path) throws IOException {
        try {
            Files.createDirectories(path.resolve("journal"), Permissions.forDirectory(path));
        } catch (FileAlreadyExistsException e) {
            throw new StoreRefused(
                    path.resolve("journal") + " is a file, and should be the directory of the lease journal"
                            + ": restore the whole directory from a backup, or repair it with 'jbootd repair'");
        }
        DiskFiles.sync(path);
    }

    Path format() {
        return path.resolve(FORMAT_FILE);
    }

    /** Whether {@link #format} says something. */
    boolean hasFormat() throws IOException {
        return Files.isRegularFile(format()) && readFormat(path).startsWith(FORMAT);
    }

    /** For a repair, where nothing is in the way any more: what makes it a data directory. */
    void furnish() throws IOException {
        if (!Files.exists(format())) {
            save(FORMAT_FILE, FORMAT + VERSION);
        }
        makeJournal(path);
    }

    public Path path() {
        return path;
    }

    /** Writes a file of one line, in the place of one that is there: whole and on disk, or not at all. */
    public void save(String name, String line) throws IOException {
        DiskFiles.save(path, name, line);
    }

    Path journal() {
        return path.resolve("journal");
    }

    /** What an exception says, in a form that means something without its class: some messages are a bare file name. */
    public static String reason(IOException e) {
        if (e instanceof AccessDeniedException denied) {
            return "user " + System.getProperty("user.name") + " may not use " + denied.getFile()
                    + ": change its owner or its mode";
        }
        return e.getClass() == IOException.class || e instanceof JournalDamaged || e instanceof DamagedFile
                ? e.getMessage()
                : e.getClass()
                                .getSimpleName()
                                .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                                .replace(" Exception", "")
                                .toLowerCase(java.util.Locale.ROOT)
                        + ": " + e.getMessage();
    }

    private static void make(Path path) throws IOException {
        try {
            Files.createDirectories(path, Permissions.forDirectory(path));
        } catch (FileAlreadyExistsException e) {
            throw new StoreRefused(
                    "data directory " + path + " is not a directory: move the file away, or name another");
        }
        if (!Files.isWritable(path)) {
            throw new StoreRefused("data directory " + path + " cannot be written by user "
                    + System.getProperty("user.name") + ": change its owner, or mount it for writing");
        }
    }

    /** Neither the directories nor what is read from them may be changed by anybody but its owner. */
    static void refuseOthers(Path path) throws IOException {
        for (Path directory : List.of(path, path.resolve("journal"))) {
            if (Files.isDirectory(directory)) {
                refuseOthers(path, directory);
                try (Stream<Path> inside = Files.list(directory)) {
                    for (Path file : inside.filter(DataDirectory::isRead).toList()) {
                        refuseOthers(path, file);
                    }
                }
            }
        }
    }

    private static void refuseOthers(Path path, Path ours) throws IOException {
        Optional<Path> open = Permissions.openToOthers(ours);
        if (open.isPresent()) {
            throw new StoreRefused("data directory " + path + ": others than its owner may write " + open.get()
                    + ", and leases could be forged: chmod go-w " + open.get());
        }
    }

    /** Unfinished files are deleted unread, and a start that broke off may have left them with any mode. */
    private static boolean isRead(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && !LeaseDatabase.isUnfinished(file);
    }

    /** Nothing is changed in a directory in which nothing can be finished. */
    private static void needRoom(Path path) throws IOException {
        long free = Files.getFileStore(path).getUsableSpace();
        if (free < ROOM) {
            throw new StoreRefused("data directory " + path + " is on a full disk: " + free
                    + " octets are free there, and a start needs " + ROOM + ": make room");
        }
    }

    static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "this host";
        }
    }

    static boolean isOfThisFormat(Path path) {
        try {
            return Files.readString(path.resolve(FORMAT_FILE)).strip().equals(FORMAT + VERSION);
        } catch (IOException none) {
            return false;
        }
    }

    private static void checkFormat(Path path, boolean repair) throws IOException {
        Path format = path.resolve(FORMAT_FILE);
        if (!Files.exists(format)) {
            if (repair) {
                return;
            }
            if (Files.exists(path.resolve("journal")) || LeaseDatabase.exists(path)) {
                throw refusedFormat(path, "missing");
            }
            DiskFiles.save(path, FORMAT_FILE, FORMAT + VERSION);
        }
        String found = readFormat(path);
        if (!found.startsWith(FORMAT)) {
            if (repair) {
                return;
            }
            throw refusedFormat(path, "damaged");
        }
        if (!found.equals(FORMAT + VERSION)) {
            throw new StoreRefused(
                    "data directory " + path + " is of '" + found + "', and this version of jbootd knows '" + FORMAT
                            + VERSION + "': start the version that wrote it, or name another directory");
        }
    }

    private static StoreRefused refusedFormat(Path path, String what) {
        return new StoreRefused("data directory " + path + " holds leases, and its file '" + FORMAT_FILE + "' is "
                + what + ": restore the whole directory from a backup, or repair it with 'jbootd repair'");
    }

    /** Whatever octets it has. */
    private static String readFormat(Path path) throws IOException {
        return Files.readString(path.resolve(FORMAT_FILE), StandardCharsets.ISO_8859_1)
                .strip();
    }

    /** Gives the directory free, once. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}

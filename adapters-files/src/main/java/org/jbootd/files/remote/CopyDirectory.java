package org.jbootd.files.remote;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory that copies are in. One that is kept has a name, made of its URL, and a {@link CopyLabel} behind its content. One
 * that is not whole yet has another name, and a lock for as long as its process lives. Several processes may use one directory: what
 * one of them deletes or exchanges, another that has it open goes on reading. Threads may share it.
 */
final class CopyDirectory {

    /** A copy that is kept, and not open here. */
    record Kept(Path path, Object key, long octets, long usedMillis) {}

    /** A copy that was found, and found to be as it was written. */
    record Found(CopyFile file, CopyLabel label) {}

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.files");
    private static final Pattern WHOLE = Pattern.compile("[0-9a-f]{64}\\.copy");
    private static final Pattern UNFINISHED = Pattern.compile("[0-9a-f-]{36}-\\d+\\.part");
    private static final String THIS_PROCESS = UUID.randomUUID().toString();
    private static final AtomicLong COUNT = new AtomicLong();

    private final Path directory;
    private final Keeping keeping;

    CopyDirectory(Path directory, Keeping keeping) {
        this.directory = directory;
        this.keeping = keeping;
    }

    /** Why no copies can be kept in a directory, for the operator; empty when they can. */
    static Optional<String> trouble(Path directory) {
        if (!Files.isDirectory(directory)) {
            return Optional.of("there is no directory '" + directory + "'");
        }
        if (!Files.isWritable(directory)) {
            return Optional.of("'" + directory + "' cannot be written by this user");
        }
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
            if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                    || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
                return Optional.of(
                        "'" + directory + "' can be written by others than its owner (chmod go-w mends that)");
            }
            return isOurs(directory)
                    ? Optional.empty()
                    : Optional.of("'" + directory + "' belongs to "
                            + Files.getOwner(directory).getName() + ", and not to this user");
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.of("'" + directory + "' cannot be used: " + e);
        }
    }

    /** A process may not know its user's name, but what it makes belongs to him. */
    private static boolean isOurs(Path directory) throws IOException {
        Path probe = Files.createTempFile(directory, "jbootd-", ".probe");
        try {
            return Files.getOwner(probe).equals(Files.getOwner(directory));
        } finally {
            Files.delete(probe);
        }
    }

    /** Deletes what processes left behind that were killed. */
    void sweep() {
        if (keeping != Keeping.ALL) {
            return;
        }
        try (DirectoryStream<Path> names = Files.newDirectoryStream(directory, CopyDirectory::isOfAnotherProcess)) {
            for (Path name : names) {
                sweep(name);
            }
        } catch (IOException e) {
            LOG.warn("cannot look into [tftp] cache_dir {}: {}", directory, e.toString());
        }
    }

    /** Closing a file of this process would give its lock up. */
    private static boolean isOfAnotherProcess(Path path) {
        String name = path.getFileName().toString();
        return UNFINISHED.matcher(name).matches() && !name.startsWith(THIS_PROCESS);
    }

    private static void sweep(Path name) {
        try (FileChannel file = FileChannel.open(name, WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock lock = file.tryLock()) {
            if (lock != null) {
                Files.deleteIfExists(name);
            }
        } catch (IOException e) {
            LOG.debug("{} is left where it is: {}", name, e.toString());
        }
    }

    /** An empty one. */
    CopyFile create() throws IOException {
        if (keeping != Keeping.ALL) {
            Path name = Files.createTempFile(directory, "jbootd-", ".copy");
            return new CopyFile(
                    FileChannel.open(name, READ, WRITE, DELETE_ON_CLOSE), Optional.empty(), Optional.empty(), false);
        }
        Path name = directory.resolve(THIS_PROCESS + "-" + COUNT.incrementAndGet() + ".part");
        FileChannel channel = FileChannel.open(name, READ, WRITE, CREATE_NEW);
        try {
            channel.tryLock();
        } catch (IOException e) {
            // a file system without locks, where sweeping gets none either
            LOG.debug("no lock: {}", e.toString());
        }
        try {
            return new CopyFile(channel, Optional.of(name), Optional.of(CopyFile.keyOf(name)), false);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Gives a whole one its name for good, in the place of an older one, once all of it is on the disk.
     *
     * @return whether copies are kept at all
     */
    boolean keep(CopyFile file, CopyLabel label) throws IOException {
        if (keeping != Keeping.ALL) {
            return false;
        }
        file.write(label.encode(), label.length());
        file.force();
        Path name = name(label.url());
        Files.move(file.name().orElseThrow(), name, StandardCopyOption.ATOMIC_MOVE);
        file.renamed(name);
        try (FileChannel names = FileChannel.open(directory, READ)) {
            names.force(true);
        }
        return true;
    }

    private Path name(String url) {
        MessageDigest digest = Sha256.digest();
        digest.update(url.getBytes(StandardCharsets.UTF_8));
        return directory.resolve(Sha256.of(digest) + ".copy");
    }

    /**
     * What is kept of a URL. Reads all of it, and deletes it if it is not as it was written.
     *
     * @param known what is open here already
     */
    Optional<Found> find(String url, Optional<Object> known) {
        Path name = name(url);
        if (keeping == Keeping.NOTHING || !Files.exists(name, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            Object key = CopyFile.keyOf(name);
            return known.filter(key::equals).isPresent() ? Optional.empty() : open(name, key, url);
        } catch (NoSuchFileException e) {
            return Optional.empty(); // another process deleted it just now
        } catch (IOException e) {
            LOG.warn("the copy of {} in [tftp] cache_dir cannot be read, and is not used: {}", url, e.toString());
            return Optional.empty();
        }
    }

    private Optional<Found> open(Path name, Object key, String url) throws IOException {
        Optional<Path> ours = keeping == Keeping.ALL ? Optional.of(name) : Optional.empty();
        FileChannel channel = FileChannel.open(name, READ, LinkOption.NOFOLLOW_LINKS);
        CopyFile file = new CopyFile(channel, ours, Optional.of(key), true);
        boolean taken = false;
        try {
            Optional<CopyLabel> label =
                    CopyLabel.read(channel).filter(read -> read.url().equals(url));
            taken = label.isPresent()
                    && file.sha256(label.get().length()).equals(label.get().sha256());
            return taken ? Optional.of(new Found(file, label.get())) : Optional.empty();
        } finally {
            if (!taken) {
                LOG.warn("the copy of {} in [tftp] cache_dir is damaged, and not used: {}", url, name);
                file.discard();
            }
        }
    }

    /** All that are kept, but for those that are open here, in the order of their use. */
    List<Kept> others(Set<Object> open) {
        List<Kept> others = new ArrayList<>();
        if (keeping != Keeping.ALL) {
            return others;
        }
        try (DirectoryStream<Path> names = Files.newDirectoryStream(
                directory, name -> WHOLE.matcher(name.getFileName().toString()).matches())) {
            for (Path name : names) {
                kept(name).filter(kept -> !open.contains(kept.key())).ifPresent(others::add);
            }
        } catch (IOException e) {
            LOG.warn("cannot look into [tftp] cache_dir {}: {}", directory, e.toString());
        }
        others.sort(Comparator.comparingLong(Kept::usedMillis));
        return others;
    }

    private static Optional<Kept> kept(Path name) {
        try {
            BasicFileAttributes file = Files.readAttributes(name, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return Optional.of(new Kept(
                    name, file.fileKey(), file.size(), file.lastModifiedTime().toMillis()));
        } catch (IOException e) {
            return Optional.empty(); // another process deleted it just now
        }
    }

    void delete(Kept kept) {
        try {
            if (CopyFile.keyOf(kept.path()).equals(kept.key())) {
                Files.deleteIfExists(kept.path());
            }
        } catch (IOException e) {
            LOG.debug("{} is left where it is: {}", kept.path(), e.toString());
        }
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}

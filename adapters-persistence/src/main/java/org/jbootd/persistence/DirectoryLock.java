package org.jbootd.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock on a data directory's file {@code lock}, which names who has it: a daemon, or a command, has it alone; commands that only
 * ask share it. A command is done soon, so it is waited for; a daemon is not.
 */
final class DirectoryLock implements AutoCloseable {

    /** Who takes it. */
    enum Holder {
        DAEMON(""),
        COMMAND("a command, ");

        private final String words;

        Holder(String words) {
            this.words = words;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.leases");

    static final String FILE = "lock";

    /** How long a command is waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

    private static final Set<StandardOpenOption> OURS =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);

    private static final int MAX_HOLDER_LENGTH = 200;

    private final FileChannel channel;
    private final boolean shared;

    private DirectoryLock(FileChannel channel, boolean shared) {
        this.channel = channel;
        this.shared = shared;
    }

    /** Has it alone. @throws StoreRefused when it is another's, and stays so if that is a command */
    static DirectoryLock take(Path directory, Holder holder) throws IOException {
        FileChannel channel = FileChannel.open(directory.resolve(FILE), OURS, Permissions.forFile(directory));
        return locked(directory, channel, false, holder);
    }

    /**
     * Has it together with others that only ask.
     *
     * @return empty when there is none to be had, as in a backup
     * @throws StoreRefused as {@link #take}
     */
    static Optional<DirectoryLock> share(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Set<StandardOpenOption> options = Files.isWritable(file)
                ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE)
                : Set.of(StandardOpenOption.READ);
        return Optional.of(locked(directory, FileChannel.open(file, options), true, Holder.COMMAND));
    }

    private static DirectoryLock locked(Path directory, FileChannel channel, boolean shared, Holder holder)
            throws IOException {
        boolean ours = false;
        try {
            await(directory, channel, shared, holder);
            if (!shared || Files.isWritable(directory.resolve(FILE))) {
                name(channel, holder);
            }
            ours = true;
            return new DirectoryLock(channel, shared);
        } catch (OverlappingFileLockException e) {
            throw new StoreRefused("data directory " + directory + " is in use by this process (pid "
                    + ProcessHandle.current().pid() + ")");
        } finally {
            if (!ours) {
                channel.close();
            }
        }
    }

    private static void await(Path directory, FileChannel channel, boolean shared, Holder us) throws IOException {
        long begin = System.nanoTime();
        boolean told = false;
        FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
        while (lock == null) {
            String holder = holder(channel);
            boolean over = System.nanoTime() - begin >= PATIENCE.toNanos()
                    || Thread.currentThread().isInterrupted();
            if (over || isDaemon(holder)) {
                throw refused(directory, holder, us);
            }
            if (!told) {
                LOG.info("waiting for {} to be done with data directory {}", inWords(holder), directory);
                told = true;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            lock = channel.tryLock(0, Long.MAX_VALUE, shared);
        }
    }

    private static StoreRefused refused(Path directory, String holder, Holder us) {
        String inUse = "data directory " + directory + " is in use by " + inWords(holder);
        if (!isDaemon(holder)) {
            return new StoreRefused(
                    inUse + ", and still is after " + PATIENCE.toSeconds() + " s: let that end, and try again");
        }
        return new StoreRefused(
                us == Holder.DAEMON
                        ? inUse + ": stop that one, or give this one a data_dir of its own"
                        : inUse + ", a daemon that does not answer commands now: try again, or stop it");
    }

    /** Who has just got it, or is just about to give it free, is not named. */
    private static boolean isDaemon(String holder) {
        return !holder.isEmpty() && !holder.startsWith(Holder.COMMAND.words);
    }

    private static String inWords(String holder) {
        return holder.isEmpty() ? "another process" : holder;
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(MAX_HOLDER_LENGTH);
        channel.read(text, 0);
        return StandardCharsets.UTF_8.decode(text.flip()).toString().strip();
    }

    private static void name(FileChannel channel, Holder holder) throws IOException {
        String text = holder.words + "pid " + ProcessHandle.current().pid() + " on " + DataDirectory.hostName() + "\n";
        channel.truncate(0);
        channel.write(StandardCharsets.UTF_8.encode(text), 0);
    }

    /** Gives it free, once. */
    @Override
    public void close() throws IOException {
        try (channel) {
            if (channel.isOpen() && !shared) {
                channel.truncate(0);
            }
        }
    }
}

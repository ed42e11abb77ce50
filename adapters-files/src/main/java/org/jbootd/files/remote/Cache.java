package org.jbootd.files.remote;

import static org.jbootd.domain.files.FileUnavailable.Why.BROKEN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.OpenFile;

/**
 * Copies of remote files on this machine's disk: so many and so large at most; beyond that, those go that nobody reads, the
 * one not used for longest first. They have no names, so that the process takes them along when it ends, however it ends.
 * Threads may share it.
 */
final class Cache {

    private static final long MEBIBYTE = 1 << 20;

    private final Path directory;
    private final long capacity;
    private final int most;

    /** In the order of use. */
    private final LinkedHashSet<Copy> copies = new LinkedHashSet<>();

    private long reserved;
    private boolean closed;

    Cache(Path directory, long capacity, int most) {
        this.directory = directory;
        this.capacity = capacity;
        this.most = most;
    }

    /** An empty copy, in use by the one who fills it. */
    synchronized Copy create(String origin, Validator validator, OptionalLong size) throws FileUnavailable {
        if (closed) {
            throw new FileUnavailable(BROKEN, "no more files are copied: another configuration is in force");
        }
        makeRoom(origin, size.orElse(0), 1);
        Copy copy = new Copy(origin, validator, newFile(), size);
        copy.reserved = size.orElse(0);
        reserved += copy.reserved;
        copies.add(copy);
        return copy;
    }

    private FileChannel newFile() throws FileUnavailable {
        try {
            Path file = Files.createTempFile(directory, "jbootd-", ".copy");
            return FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            throw new FileUnavailable(BROKEN, "no file can be made in [tftp] cache_dir " + directory + ": " + e, e);
        }
    }

    /** Room for {@code octets} more in a copy whose size the server did not tell. */
    synchronized void grow(Copy copy, long octets) throws FileUnavailable {
        if (copy.arrived() + octets > copy.reserved) {
            long more = copy.arrived() + octets - copy.reserved;
            makeRoom(copy.origin(), more, 0);
            copy.reserved += more;
            reserved += more;
        }
    }

    private void makeRoom(String origin, long octets, int files) throws FileUnavailable {
        List<Copy> idle = copies.stream().filter(copy -> copy.users == 0).toList();
        long kept = reserved - idle.stream().mapToLong(copy -> copy.reserved).sum();
        if (kept + octets > capacity) {
            throw new FileUnavailable(
                    BROKEN,
                    origin + " needs room for " + octets + " octets, and files in use leave " + (capacity - kept)
                            + " of the " + capacity / MEBIBYTE + " MiB that [tftp] cache_size allows");
        }
        if (copies.size() - idle.size() + files > most) {
            throw new FileUnavailable(BROKEN, origin + " has to wait: " + most + " remote files are in use");
        }
        Iterator<Copy> oldest = idle.iterator();
        while (reserved + octets > capacity || copies.size() + files > most) {
            Copy copy = oldest.next();
            copies.remove(copy);
            drop(copy);
        }
    }

    private void drop(Copy copy) {
        reserved -= copy.reserved;
        copy.discard();
    }

    /** Empty when it is not here any more. */
    synchronized Optional<OpenFile> open(Copy copy) {
        if (!copies.remove(copy)) {
            return Optional.empty();
        }
        copies.add(copy);
        copy.users++;
        return Optional.of(new View(copy));
    }

    synchronized boolean has(Copy copy) {
        return copies.contains(copy);
    }

    /** Nobody will open it again. */
    synchronized void retire(Copy copy) {
        copy.retired = true;
        dropIfDone(copy);
    }

    /** Ends an {@link #open} or a {@link #create}. */
    synchronized void release(Copy copy) {
        copy.users--;
        dropIfDone(copy);
    }

    private void dropIfDone(Copy copy) {
        if (copy.users == 0 && (copy.retired || closed) && copies.remove(copy)) {
            drop(copy);
        }
    }

    /** What is read now goes when it has been read. */
    synchronized void close() {
        closed = true;
        copies.removeIf(copy -> {
            boolean idle = copy.users == 0;
            if (idle) {
                drop(copy);
            }
            return idle;
        });
    }

    synchronized long reservedOctets() {
        return reserved;
    }

    /** A copy, open for one reader. */
    private final class View implements OpenFile {

        private final Copy copy;
        private final AtomicBoolean open = new AtomicBoolean(true);

        View(Copy copy) {
            this.copy = copy;
        }

        @Override
        public long size() {
            return copy.size();
        }

        @Override
        public String origin() {
            return copy.origin();
        }

        @Override
        public Object version() {
            return copy;
        }

        @Override
        public CompletionStage<Void> ready(long end) {
            return copy.ready(end);
        }

        @Override
        public void read(long position, ByteBuffer into) throws IOException {
            copy.read(position, into);
        }

        @Override
        public void close() {
            if (open.getAndSet(false)) {
                release(copy);
            }
        }
    }
}

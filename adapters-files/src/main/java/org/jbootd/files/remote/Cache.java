package org.jbootd.files.remote;

import static org.jbootd.domain.files.FileUnavailable.Why.BROKEN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.OpenFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of remote files on this machine's disk: so many and so large at most, with those in the directory that are not open
 * here; beyond that, those go that nobody reads, the one not used for longest first. Threads may share it.
 */
final class Cache {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.files");
    private static final long MEBIBYTE = 1 << 20;

    private final CopyDirectory directory;
    private final long capacity;
    private final int most;

    /** In the order of use. */
    private final LinkedHashSet<Copy> copies = new LinkedHashSet<>();

    /** As of the last look into the directory, in the order of use. */
    private Deque<CopyDirectory.Kept> others = new ArrayDeque<>();

    private long reserved;
    private boolean closed;

    Cache(CopyDirectory directory, long capacity, int most) {
        this.directory = directory;
        this.capacity = capacity;
        this.most = most;
    }

    /** Deletes what was left unfinished, and of what was kept that for which there is no room. */
    synchronized void tidy() {
        directory.sweep();
        look();
        makeRoomAmongIdle(List.of(), 0, 0);
    }

    private void look() {
        Set<Object> open =
                copies.stream().flatMap(copy -> copy.file().key().stream()).collect(Collectors.toSet());
        others = new ArrayDeque<>(directory.others(open));
    }

    /** An empty copy, in use by the one who fills it. */
    synchronized Copy create(String origin, Validator validator, OptionalLong size) throws FileUnavailable {
        refuseIfClosed();
        look();
        makeRoom(origin, size.orElse(0), 1);
        return add(new Copy(origin, validator, newFile(), size), size.orElse(0));
    }

    private void refuseIfClosed() throws FileUnavailable {
        if (closed) {
            throw new FileUnavailable(BROKEN, "no more files are copied: another configuration is in force");
        }
    }

    private CopyFile newFile() throws FileUnavailable {
        try {
            return directory.create();
        } catch (IOException e) {
            throw new FileUnavailable(BROKEN, "no file can be made in [tftp] cache_dir " + directory + ": " + e, e);
        }
    }

    private Copy add(Copy copy, long octets) {
        copy.reserved = octets;
        reserved += octets;
        copy.usedMillis = System.currentTimeMillis();
        copies.add(copy);
        return copy;
    }

    /**
     * The copy that an earlier process, or another one, kept. Reads all of it.
     *
     * @param known what is here already
     * @return in use by the caller; empty when there is none but the known one
     */
    Optional<Copy> find(String origin, String url, Optional<Copy> known) throws FileUnavailable {
        Optional<CopyDirectory.Found> found =
                directory.find(url, known.flatMap(copy -> copy.file().key()));
        return found.isPresent() ? Optional.of(adopt(origin, found.get())) : Optional.empty();
    }

    private synchronized Copy adopt(String origin, CopyDirectory.Found found) throws FileUnavailable {
        boolean taken = false;
        try {
            refuseIfClosed();
            Optional<Copy> same = copies.stream()
                    .filter(copy -> copy.file().key().equals(found.file().key()))
                    .findFirst();
            if (same.isPresent()) {
                same.get().users++;
                return same.get();
            }
            look();
            others.removeIf(
                    other -> found.file().key().filter(other.key()::equals).isPresent());
            makeRoom(origin, found.label().length(), 1);
            found.file().touch(System.currentTimeMillis());
            taken = true;
            return add(Copy.whole(origin, found), found.label().length());
        } finally {
            if (!taken) {
                found.file().close();
            }
        }
    }

    /** Gives a whole copy a name, so that the next process finds it. False when there is none to find. */
    boolean keep(Copy copy, String url) {
        try {
            return !isRetired(copy) && directory.keep(copy.file(), copy.label(url));
        } catch (IOException e) {
            LOG.warn("the copy of {} cannot be kept beyond the end of this process: {}", copy.origin(), e.toString());
            return false;
        }
    }

    private synchronized boolean isRetired(Copy copy) {
        return copy.retired;
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
        makeRoomAmongIdle(idle, octets, files);
    }

    private void makeRoomAmongIdle(List<Copy> idle, long octets, int files) {
        List<Copy> left = new ArrayList<>(idle);
        long elsewhere = others.stream().mapToLong(CopyDirectory.Kept::octets).sum();
        while (reserved + elsewhere + octets > capacity || copies.size() + others.size() + files > most) {
            if (left.isEmpty() || !others.isEmpty() && others.peekFirst().usedMillis() <= left.get(0).usedMillis) {
                CopyDirectory.Kept oldest = others.removeFirst();
                elsewhere -= oldest.octets();
                directory.delete(oldest);
            } else {
                Copy oldest = left.remove(0);
                oldest.retired = true;
                copies.remove(oldest);
                drop(oldest);
            }
        }
    }

    /** Empty when it is not here any more. */
    synchronized Optional<OpenFile> open(Copy copy) {
        if (!copies.remove(copy)) {
            return Optional.empty();
        }
        copies.add(copy);
        copy.usedMillis = System.currentTimeMillis();
        copy.users++;
        return Optional.of(new View(copy));
    }

    synchronized boolean has(Copy copy) {
        return copies.contains(copy);
    }

    /** Nobody will open it again. */
    synchronized void retire(Copy copy) {
        copy.retired = true;
        copy.file().deleteName();
        dropIfDone(copy);
    }

    /** Ends an {@link #open}, a {@link #create} or a {@link #find}. */
    synchronized void release(Copy copy) {
        copy.users--;
        dropIfDone(copy);
    }

    private void dropIfDone(Copy copy) {
        if (copy.users == 0 && (copy.retired || closed) && copies.remove(copy)) {
            drop(copy);
        }
    }

    private void drop(Copy copy) {
        reserved -= copy.reserved;
        if (copy.retired) {
            copy.file().discard();
        } else {
            copy.file().touch(copy.usedMillis);
            copy.file().close();
        }
    }

    /** What is read now goes when it has been read; what is kept stays in the directory. */
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

    /** The copy that a file is read from; empty when it is not of a cache. */
    static Optional<Copy> copyOf(OpenFile file) {
        return file instanceof View view ? Optional.of(view.copy) : Optional.empty();
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

package org.jbootd.udp.tftp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jbootd.domain.files.OpenFile;

/**
 * The pieces of files that the transfers of one event loop have in memory: at most a fixed number of octets, whatever the
 * files' sizes and however many transfers there are. Transfers of the same version of a file share its descriptor and its
 * pieces. All methods are called on that event loop.
 */
final class ChunkShelf {

    /** Pieces' worth of memory that is kept for the next ones: allocating is dear, since the system hands it out zeroed. */
    private static final int SPARES = 16;

    private record Key(Object version, boolean largeBlocks) {}

    private final Executor loop;
    private final Executor readers;
    private final long capacityOctets;
    private final Map<Key, SharedFile> files = new HashMap<>();
    private final Set<SharedFile> starved = new LinkedHashSet<>();
    private final Deque<ByteBuf> spares = new ArrayDeque<>(SPARES);
    private final Chunk newest = new Chunk(null, 0, 0, 0);
    private final Chunk oldest = new Chunk(null, 0, 0, 0);
    private long heldOctets;

    ChunkShelf(Executor loop, Executor readers, long capacityOctets) {
        this.loop = loop;
        this.readers = readers;
        this.capacityOctets = capacityOctets;
        newest.older = oldest;
        oldest.newer = newest;
    }

    /** Takes over {@code opened}: the file to use is the one returned, and {@link SharedFile#leave} gives it back. */
    SharedFile share(OpenFile opened, int blockSize) {
        boolean largeBlocks = blockSize > SharedFile.SMALL_OVERLAP;
        Key key = new Key(opened.version(), largeBlocks);
        SharedFile shared = files.get(key);
        if (shared == null) {
            shared = new SharedFile(this, opened, key, largeBlocks);
            files.put(key, shared);
        } else {
            close(opened);
        }
        shared.join();
        return shared;
    }

    void forget(Object key) {
        files.remove(key);
    }

    /** Away from the loop, since closing may block; once the server stops there is nobody to do it but ourselves. */
    void close(OpenFile file) {
        try {
            readers.execute(file::close);
        } catch (RejectedExecutionException stopping) {
            file.close();
        }
    }

    void read(Runnable job) {
        readers.execute(job);
    }

    void onLoop(Runnable task) {
        loop.execute(task);
    }

    /** Memory for a piece; null when every piece held is just being read, in which case {@code file} gets its turn later. */
    ByteBuf take(int octets, SharedFile file) {
        ByteBuf free = octets == SharedFile.USUAL_PIECE && !spares.isEmpty() ? spares.pop() : makeRoom(octets);
        if (free == null && heldOctets + octets > capacityOctets) {
            starved.add(file);
            return null;
        }
        if (free == null) {
            free = UnpooledByteBufAllocator.DEFAULT.directBuffer(octets, octets);
            heldOctets += octets;
        }
        return free.clear();
    }

    /** Drops pieces until there is room. One of just the right size is returned to be filled again. */
    private ByteBuf makeRoom(int octets) {
        while (heldOctets + octets > capacityOctets && !spares.isEmpty()) {
            free(spares.pop());
        }
        while (heldOctets + octets > capacityOctets && oldest.newer != newest) {
            Chunk chunk = oldest.newer;
            remove(chunk);
            chunk.file.dropped(chunk);
            if (chunk.octets.capacity() == octets) {
                return chunk.octets;
            }
            giveBack(chunk.octets);
        }
        return null;
    }

    void giveBack(ByteBuf octets) {
        if (octets.capacity() == SharedFile.USUAL_PIECE && spares.size() < SPARES) {
            spares.push(octets);
        } else {
            free(octets);
        }
    }

    private void free(ByteBuf octets) {
        heldOctets -= octets.capacity();
        octets.release();
    }

    /** Marks a loaded piece as used now; only those marked once are ever dropped. */
    void touch(Chunk chunk) {
        if (newest.older != chunk) {
            if (chunk.older != null) {
                remove(chunk);
            }
            chunk.older = newest.older;
            chunk.newer = newest;
            chunk.older.newer = chunk;
            newest.older = chunk;
        }
    }

    void remove(Chunk chunk) {
        chunk.older.newer = chunk.newer;
        chunk.newer.older = chunk.older;
        chunk.older = null;
        chunk.newer = null;
    }

    /** Some piece can be dropped again: those who found no memory try once more. */
    void feedStarved() {
        List<SharedFile> hungry = List.copyOf(starved);
        starved.clear();
        hungry.forEach(SharedFile::readNext);
    }

    /** Whether memory is short, so that reading ahead would only drive out what others need. */
    boolean isCrowded() {
        return heldOctets() > capacityOctets / 2;
    }

    /** Without what is only kept for the next pieces. */
    long heldOctets() {
        return heldOctets - (long) spares.size() * SharedFile.USUAL_PIECE;
    }

    int openFiles() {
        return files.size();
    }
}

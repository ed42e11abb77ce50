package org.jbootd.udp.tftp;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import org.jbootd.domain.files.OpenFile;

/**
 * One version of a file, and the pieces of it that are in memory. Pieces start every {@value #STRIDE} octets, or every
 * {@value #LARGE_STRIDE} for large blocks, and overlap by a block, so that every block lies within one piece. Belongs to
 * one event loop; reading happens on other threads, one read at a time.
 */
final class SharedFile {

    static final int STRIDE = 64 << 10;
    static final int SMALL_OVERLAP = 2 << 10;

    /** Of most pieces of most files. */
    static final int USUAL_PIECE = STRIDE + SMALL_OVERLAP;

    private static final int LARGE_STRIDE = 256 << 10;
    private static final int LARGE_OVERLAP = 64 << 10;
    private static final int PIECES_AHEAD = 4;

    /** A window may have to be repeated, and is not longer than this. */
    private static final int PIECES_BEHIND = 4;

    private static final long NOTHING = Long.MAX_VALUE;

    private final ChunkShelf shelf;
    private final OpenFile opened;
    private final Object key;
    private final int stride;
    private final int overlap;
    private final long size;
    private final LongObjectMap<Chunk> chunks = new LongObjectHashMap<>(4);
    private final Queue<Chunk> wanted = new ArrayDeque<>(4);
    private boolean reading;

    /** What is to come before the next read; {@link #NOTHING} when none of it is waited for. */
    private long awaited = NOTHING;

    private int users;

    /** @param key of this file on the shelf */
    SharedFile(ChunkShelf shelf, OpenFile opened, Object key, boolean largeBlocks) {
        this.shelf = shelf;
        this.opened = opened;
        this.key = key;
        this.stride = largeBlocks ? LARGE_STRIDE : STRIDE;
        this.overlap = largeBlocks ? LARGE_OVERLAP : SMALL_OVERLAP;
        this.size = opened.size();
    }

    long size() {
        return size;
    }

    String origin() {
        return opened.origin();
    }

    void join() {
        users++;
    }

    /** Ends a {@link #join}; the last one closes the file. */
    void leave() {
        users--;
        if (users == 0) {
            shelf.forget(key);
            if (!reading) {
                close();
            }
        }
    }

    private void close() {
        for (Chunk chunk : chunks.values()) {
            if (chunk.loaded) {
                shelf.remove(chunk);
                shelf.giveBack(chunk.octets);
            }
        }
        chunks.clear();
        wanted.clear();
        shelf.close(opened);
        shelf.feedStarved();
    }

    /** The piece that holds {@code position} and at least a block after it; null when it is not in memory. */
    Chunk at(long position) {
        Chunk chunk = chunks.get(position / stride);
        if (chunk == null || !chunk.loaded) {
            return null;
        }
        shelf.touch(chunk);
        return chunk;
    }

    /** Has the piece that holds {@code position} read; {@code reader} hears when it is there, once. */
    void fetch(long position, Chunk.Reader reader) {
        want(position / stride).waiting.add(reader);
        readNext();
    }

    /** Has the pieces after {@code position} read, if it is far enough into its own. */
    void readAhead(long position) {
        if (position % stride < stride / 2) {
            return;
        }
        long next = position / stride + 1;
        if (next * stride >= size || chunks.containsKey(next)) {
            return;
        }
        // Whoever fetched more than one piece most likely wants the whole file.
        long until = next + (next == 1 || shelf.isCrowded() ? 1 : PIECES_AHEAD);
        for (long index = next; index < until && index * stride < size; index++) {
            want(index);
        }
        if (users == 1) {
            dropUntil(next - 1 - PIECES_BEHIND);
        }
        readNext();
    }

    /** What a lone reader has behind it nobody needs: so the next pieces are read into memory that the processor knows. */
    private void dropUntil(long end) {
        for (long index = end - 1; index >= 0 && drop(index); index--) {}
    }

    private boolean drop(long index) {
        Chunk chunk = chunks.get(index);
        if (chunk == null || !chunk.loaded) {
            return false;
        }
        chunks.remove(index);
        shelf.remove(chunk);
        shelf.giveBack(chunk.octets);
        return true;
    }

    private Chunk want(long index) {
        Chunk chunk = chunks.get(index);
        if (chunk == null) {
            chunk = chunkAt(index);
            chunks.put(index, chunk);
            wanted.add(chunk);
        }
        return chunk;
    }

    private Chunk chunkAt(long index) {
        long start = index * stride;
        return new Chunk(this, index, start, (int) Math.min(stride + overlap, size - start));
    }

    /** Starts reading what is wanted and has come, unless a read is going on already. */
    void readNext() {
        if (reading || users == 0) {
            return;
        }
        List<Chunk> job = new ArrayList<>(PIECES_AHEAD);
        boolean fed = true;
        for (Iterator<Chunk> next = wanted.iterator(); fed && job.size() < PIECES_AHEAD && next.hasNext(); ) {
            Chunk chunk = next.next();
            if (hasCome(chunk)) {
                chunk.octets = shelf.take(chunk.length, this);
                fed = chunk.octets != null;
                if (fed) {
                    next.remove();
                    job.add(chunk);
                }
            }
        }
        if (!job.isEmpty()) {
            reading = true;
            shelf.read(() -> read(job));
        } else if (fed) {
            awaitFirst();
        }
    }

    private boolean hasCome(Chunk chunk) {
        return opened.ready(end(chunk)).toCompletableFuture().isDone();
    }

    private static long end(Chunk chunk) {
        return chunk.start + chunk.length;
    }

    /** Takes no memory, and holds no thread, for what is still on its way from another machine. */
    private void awaitFirst() {
        long first = wanted.stream().mapToLong(SharedFile::end).min().orElse(NOTHING);
        if (first < awaited) {
            awaited = first;
            opened.ready(first).thenRun(() -> shelf.onLoop(() -> arrived(first)));
        }
    }

    private void arrived(long end) {
        if (awaited == end) {
            awaited = NOTHING;
        }
        readNext();
    }

    /** On a thread that may block. */
    private void read(List<Chunk> job) {
        Throwable failure = null;
        try {
            for (Chunk chunk : job) {
                ByteBuffer into = chunk.octets.nioBuffer(0, chunk.length);
                opened.read(chunk.start, into);
            }
        } catch (Exception e) {
            failure = e;
        }
        Throwable outcome = failure;
        shelf.onLoop(() -> finished(job, outcome));
    }

    private void finished(List<Chunk> job, Throwable failure) {
        reading = false;
        for (Chunk chunk : job) {
            if (failure == null) {
                chunk.loaded = true;
                shelf.touch(chunk);
            } else {
                chunks.remove(chunk.index);
                shelf.giveBack(chunk.octets);
            }
        }
        if (users == 0) {
            close();
            return;
        }
        join(); // a reader may leave while it is told
        for (Chunk chunk : job) {
            tell(chunk, failure);
        }
        leave();
        readNext();
        shelf.feedStarved();
    }

    private static void tell(Chunk chunk, Throwable failure) {
        List<Chunk.Reader> told = List.copyOf(chunk.waiting);
        chunk.waiting.clear();
        for (Chunk.Reader reader : told) {
            if (failure == null) {
                reader.contentArrived();
            } else {
                reader.contentFailed(failure);
            }
        }
    }

    /** The shelf needed the memory of {@code chunk}. */
    void dropped(Chunk chunk) {
        chunks.remove(chunk.index);
    }
}

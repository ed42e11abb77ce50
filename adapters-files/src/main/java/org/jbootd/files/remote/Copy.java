package org.jbootd.files.remote;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One version of a remote file on this machine's disk: whole, or still arriving. One thread writes; any may read.
 */
final class Copy {

    private static final CompletionStage<Void> READY = CompletableFuture.completedStage(null);

    private final String origin;
    private final Validator validator;
    private final FileChannel channel;
    private final OptionalLong announced;
    private final NavigableMap<Long, CompletableFuture<Void>> waiting = new TreeMap<>();
    private long arrived;
    private boolean over;
    private IOException failure;

    /** Views that are open, and the download. Guarded by the {@link Cache}, as the next two. */
    int users = 1;

    boolean retired;
    long reserved;

    /** @param announced the size, if the server told */
    Copy(String origin, Validator validator, FileChannel channel, OptionalLong announced) {
        this.origin = origin;
        this.validator = validator;
        this.channel = channel;
        this.announced = announced;
    }

    String origin() {
        return origin;
    }

    Validator validator() {
        return validator;
    }

    OptionalLong announced() {
        return announced;
    }

    synchronized long arrived() {
        return arrived;
    }

    /** Known once the server told it, or everything has come. */
    synchronized long size() {
        return announced.orElse(arrived);
    }

    synchronized boolean isWhole() {
        return over && failure == null;
    }

    synchronized boolean isBroken() {
        return failure != null;
    }

    /** @throws IOException when the disk does not take it */
    void append(ByteBuffer octets) throws IOException {
        long at = arrived();
        while (octets.hasRemaining()) {
            at += channel.write(octets, at);
        }
        List<CompletableFuture<Void>> come;
        synchronized (this) {
            arrived = at;
            NavigableMap<Long, CompletableFuture<Void>> satisfied = waiting.headMap(at, true);
            come = List.copyOf(satisfied.values());
            satisfied.clear();
        }
        come.forEach(stage -> stage.complete(null));
    }

    void finish() {
        end(null);
    }

    void breakOff(IOException cause) {
        end(cause);
    }

    private void end(IOException cause) {
        List<CompletableFuture<Void>> told;
        synchronized (this) {
            over = true;
            failure = cause;
            told = List.copyOf(waiting.values());
            waiting.clear();
        }
        told.forEach(stage -> stage.complete(null));
    }

    /** As {@link org.jbootd.domain.files.OpenFile#ready}. */
    synchronized CompletionStage<Void> ready(long end) {
        return over || end <= arrived ? READY : waiting.computeIfAbsent(end, some -> new CompletableFuture<>());
    }

    /** Fills {@code into} from {@code position}, completely unless the file ends first. */
    void read(long position, ByteBuffer into) throws IOException {
        long end = Math.min(position + into.remaining(), size());
        ready(end).toCompletableFuture().join();
        synchronized (this) {
            if (end > arrived) {
                throw new IOException(origin + " broke off after " + arrived + " of " + size() + " octets", failure);
            }
        }
        int limit = into.limit();
        into.limit((int) (into.position() + Math.max(0, end - position)));
        try {
            long at = position;
            while (into.hasRemaining()) {
                int count = channel.read(into, at);
                if (count < 0) {
                    throw new IOException("the copy of " + origin + " on this disk ends at " + at);
                }
                at += count;
            }
        } finally {
            into.limit(limit);
        }
    }

    void discard() {
        try {
            channel.close();
        } catch (IOException e) {
            // nobody reads it any more, and it has no name
        }
    }
}

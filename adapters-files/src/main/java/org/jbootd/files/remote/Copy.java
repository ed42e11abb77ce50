package org.jbootd.files.remote;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
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
    private final CopyFile file;
    private final OptionalLong announced;
    private final MessageDigest digest = Sha256.digest();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final CompletableFuture<Boolean> kept = new CompletableFuture<>();
    private final NavigableMap<Long, CompletableFuture<Void>> waiting = new TreeMap<>();
    private final boolean found;
    private volatile boolean confirmed;
    private long arrived;
    private boolean over;
    private IOException failure;

    /** Known once it is whole. */
    private Sha256 sha256;

    /** Views that are open, and the download. Guarded by the {@link Cache}, as the next three. */
    int users = 1;

    boolean retired;
    long reserved;
    long usedMillis;

    /** @param announced the size, if the server told */
    Copy(String origin, Validator validator, CopyFile file, OptionalLong announced) {
        this(origin, validator, file, announced, false);
    }

    private Copy(String origin, Validator validator, CopyFile file, OptionalLong announced, boolean found) {
        this.found = found;
        this.origin = origin;
        this.validator = validator;
        this.file = file;
        this.announced = announced;
    }

    /** One that was kept. */
    static Copy whole(String origin, CopyDirectory.Found found) {
        CopyLabel label = found.label();
        Copy copy = new Copy(origin, label.validator(), found.file(), OptionalLong.of(label.length()), true);
        copy.arrived = label.length();
        copy.end(label.sha256(), null);
        copy.kept.complete(true);
        return copy;
    }

    String origin() {
        return origin;
    }

    CopyFile file() {
        return file;
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

    /** Whether it is whole and has that content. */
    synchronized boolean isWhole(Sha256 content) {
        return content.equals(sha256);
    }

    /** Of a whole one: what is written behind it. */
    synchronized CopyLabel label(String url) {
        return new CopyLabel(url, validator, arrived, sha256);
    }

    /** @throws IOException when the disk does not take it */
    void append(ByteBuffer octets) throws IOException {
        digest.update(octets.duplicate());
        long at = file.write(octets, arrived());
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
        end(Sha256.of(digest), null);
    }

    void breakOff(IOException cause) {
        end(null, cause);
        kept.complete(false);
    }

    private void end(Sha256 content, IOException cause) {
        List<CompletableFuture<Void>> told;
        synchronized (this) {
            over = true;
            sha256 = content;
            failure = cause;
            told = List.copyOf(waiting.values());
            waiting.clear();
        }
        told.forEach(stage -> stage.complete(null));
        ended.complete(null);
    }

    /** Completes when it is whole, or it is certain that it will not be. */
    CompletionStage<Void> ended() {
        return ended;
    }

    /** Whether an earlier process, or another one, made it. */
    boolean wasFound() {
        return found;
    }

    /** It is what is wanted: the server said so, or its content does. */
    void confirm() {
        confirmed = true;
    }

    boolean isConfirmed() {
        return confirmed;
    }

    /** To be told behind {@link #finish}: whether it outlives this process. */
    void keptIs(boolean whether) {
        kept.complete(whether);
    }

    /** Whether it outlives this process; completes when that is known. */
    CompletionStage<Boolean> kept() {
        return kept;
    }

    /** Why one that has {@link #ended} is not what is wanted, for the operator. */
    synchronized String complaint() {
        return failure == null
                ? "SHA-256 " + sha256 + " is not the one in [sha256]: " + origin
                : origin + " broke off: " + failure.getMessage();
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
            file.read(into, position);
        } finally {
            into.limit(limit);
        }
    }
}

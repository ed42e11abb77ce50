package org.jbootd.udp.tftp;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.OpenFile;

/** Files in memory, which notice who reads them. */
final class TestFiles implements BootFiles {

    private final Map<String, byte[]> contents = new ConcurrentHashMap<>();
    private final Map<String, FileUnavailable.Why> refused = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean shared = true;
    private volatile long failsAt = Long.MAX_VALUE;
    private final NavigableMap<Long, CompletableFuture<Void>> awaited = new TreeMap<>();
    private volatile long arrived = Long.MAX_VALUE;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /** Pseudo-random content, different for every name. */
    TestFiles with(String name, int octets) {
        byte[] content = new byte[octets];
        new Random(name.hashCode()).nextBytes(content);
        return with(name, content);
    }

    TestFiles with(String name, byte[] content) {
        contents.put(name, content);
        return this;
    }

    TestFiles refuse(String name, FileUnavailable.Why why) {
        refused.put(name, why);
        return this;
    }

    /** From now on every open file is a version of its own. */
    TestFiles unshared() {
        shared = false;
        return this;
    }

    /** From now on reading at or beyond this position fails. */
    void failAt(long position) {
        failsAt = position;
    }

    /** From now on opening waits until the gate's count is zero. */
    void closeGate(CountDownLatch closed) {
        gate = closed;
    }

    /** From now on only the octets before {@code end} of each file are ready. */
    void arriveUntil(long end) {
        List<CompletableFuture<Void>> come;
        synchronized (this) {
            arrived = end;
            come = List.copyOf(awaited.headMap(end, true).values());
            awaited.headMap(end, true).clear();
        }
        come.forEach(stage -> stage.complete(null));
    }

    byte[] content(String name) {
        return contents.get(name);
    }

    List<String> asked() {
        return List.copyOf(asked);
    }

    int open() {
        return open.get();
    }

    @Override
    public CompletionStage<OpenFile> open(String name, InetAddress client) {
        try {
            return CompletableFuture.completedStage(openNow(name));
        } catch (FileUnavailable e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private OpenFile openNow(String name) throws FileUnavailable {
        asked.add(name);
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new FileUnavailable(FileUnavailable.Why.BROKEN, "interrupted", e);
        }
        if (refused.containsKey(name)) {
            throw new FileUnavailable(refused.get(name), "a secret path");
        }
        byte[] content = contents.get(name);
        if (content == null) {
            throw new FileUnavailable(FileUnavailable.Why.NOT_FOUND, "nothing there");
        }
        open.incrementAndGet();
        return new MemoryFile(name, content);
    }

    private final class MemoryFile implements OpenFile {

        private final String name;
        private final byte[] content;
        private final AtomicInteger readers = new AtomicInteger();

        MemoryFile(String name, byte[] content) {
            this.name = name;
            this.content = content;
        }

        @Override
        public long size() {
            return content.length;
        }

        @Override
        public String origin() {
            return "memory:" + name;
        }

        @Override
        public Object version() {
            return shared ? List.of(name, System.identityHashCode(content)) : this;
        }

        @Override
        public CompletionStage<Void> ready(long end) {
            synchronized (TestFiles.this) {
                return end <= arrived
                        ? CompletableFuture.completedStage(null)
                        : awaited.computeIfAbsent(end, some -> new CompletableFuture<>());
            }
        }

        @Override
        public void read(long position, ByteBuffer into) throws IOException {
            if (position + into.remaining() > arrived) {
                throw new AssertionError("read before it was ready");
            }
            if (readers.incrementAndGet() != 1) {
                throw new AssertionError("two reads at once");
            }
            if (position + into.remaining() > failsAt) {
                readers.decrementAndGet();
                throw new EOFException("cut short");
            }
            into.put(content, (int) position, Math.min(into.remaining(), content.length - (int) position));
            readers.decrementAndGet();
        }

        @Override
        public void close() {
            open.decrementAndGet();
        }
    }
}

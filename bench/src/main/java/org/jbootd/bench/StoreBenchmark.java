package org.jbootd.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.persistence.EmbeddedLeaseStore;
import org.jbootd.persistence.StoreSettings;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Leases made durable on this machine's disk, with so many outstanding at a time; H2 follows behind meanwhile. */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 5)
public class StoreBenchmark {

    /** Commits waiting for their sync: one lone client, or many. */
    @Param({"1", "64", "512"})
    public int outstanding;

    /** Whether events are linked ({@code -p hashChain=true}). */
    @Param("false")
    public boolean hashChain;

    private static final Duration TERM = Duration.ofDays(1);

    private final Queue<CompletableFuture<Void>> waiting = new ArrayDeque<>();
    private Path directory;
    private EmbeddedLeaseStore store;
    private int next;

    @Setup
    public void open() throws IOException {
        directory = Files.createTempDirectory("jbootd-bench");
        store = EmbeddedLeaseStore.open(new StoreSettings(
                directory.resolve("data"), Optional.empty(), Optional.empty(), Optional.of(hashChain)));
        store.load();
    }

    /** One lease, durable: the oldest outstanding one is waited for. */
    @Benchmark
    public void commit() {
        waiting.add(store.commit(List.of(change())).toCompletableFuture());
        if (waiting.size() >= outstanding) {
            waiting.remove().join();
        }
    }

    private LeaseChange change() {
        int client = next++;
        return new Tenant(client, new Ipv4(0x0a000000 + client)).bound(Instant.now(), TERM);
    }

    @TearDown
    public void close() throws IOException {
        waiting.forEach(CompletableFuture::join);
        store.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        }
    }
}

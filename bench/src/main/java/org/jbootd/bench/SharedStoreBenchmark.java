package org.jbootd.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.persistence.postgres.NodeSettings;
import org.jbootd.persistence.postgres.PostgresLeaseStore;
import org.jbootd.persistence.postgres.PostgresSettings;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Leases made durable in a PostgreSQL database that is empty and nobody else's ({@code -p url=jdbc:postgresql://…?user=…}), with so
 * many outstanding at a time. How the server is set up, {@code fsync} above all, decides what the figures are worth.
 */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 5)
public class SharedStoreBenchmark {

    @Param("jdbc:postgresql://localhost/jbootd_bench?user=postgres")
    public String url;

    /** Commits waiting for their transaction. */
    @Param("64")
    public int outstanding;

    /** Whether each lease is one of a new machine, or one that goes on. */
    @Param({"true", "false"})
    public boolean fresh;

    /** Whether each event in the history has the hash of the one before it. */
    @Param({"false", "true"})
    public boolean chained;

    private static final Duration TERM = Duration.ofDays(1);

    /** Machines that renew. More than are outstanding, or one would renew twice in a transaction. */
    private static final int MACHINES = 4_096;

    private final Queue<CompletableFuture<Void>> waiting = new ArrayDeque<>();
    private PostgresLeaseStore store;
    private int next;

    @Setup
    public void open() {
        store = PostgresLeaseStore.open(new NodeSettings(
                new PostgresSettings(url, Optional.empty(), Optional.empty()),
                Optional.empty(),
                Optional.empty(),
                Optional.of(chained),
                PostgresLeaseStore.PATIENCE));
        next = store.load().size();
        while (next < MACHINES) {
            store(bound());
        }
    }

    /** One lease, durable: the oldest outstanding one is waited for. */
    @Benchmark
    public void commit() {
        store(fresh ? bound() : renewed());
    }

    private void store(LeaseChange change) {
        waiting.add(store.commit(List.of(change)).toCompletableFuture());
        if (waiting.size() >= outstanding) {
            waiting.remove().join();
        }
    }

    private LeaseChange bound() {
        return tenant(next++).bound(Instant.now(), TERM);
    }

    private LeaseChange renewed() {
        return tenant(next++ % MACHINES).renewed(Instant.now(), TERM);
    }

    private static Tenant tenant(int number) {
        return new Tenant(number, new Ipv4(0x0a000000 + number));
    }

    @TearDown
    public void close() {
        waiting.forEach(CompletableFuture::join);
        store.close();
    }
}

package org.jbootd.persistence.postgres;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.history.Fetch;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseChange.Kind;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.transfer.TransferOutcome;

/** A store with the thread that decides, and what that one knows. */
final class Node implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-05-04T03:02:01Z");

    private static final Ipv4 FIRST = Ipv4.parse("10.0.0.0");

    private final PostgresLeaseStore store;
    private final ExecutorService loop = Executors.newSingleThreadExecutor();
    private final Map<Ipv4, Lease> view = new HashMap<>();
    private final Semaphore standstill = new Semaphore(0);

    /** One with patience for a busy machine. */
    Node(String url) {
        this(url, Duration.ofMinutes(1));
    }

    Node(String url, Duration patience) {
        this(new NodeSettings(settings(url), patience));
    }

    Node(NodeSettings settings) {
        store = PostgresLeaseStore.open(settings);
        onLoop(() -> {
            store.load().forEach(lease -> view.put(lease.address(), lease));
            return null;
        });
        store.follow(changed -> CompletableFuture.runAsync(
                () -> changed.forEach(standing -> know(standing.address(), standing.lease())), loop));
    }

    /** Of one that remembers what it has seen in {@code directory}. */
    static NodeSettings settings(String url, Path directory) {
        return new NodeSettings(
                settings(url), Optional.of(directory), Optional.empty(), Optional.empty(), Duration.ofMinutes(1));
    }

    static PostgresSettings settings(String url) {
        return new PostgresSettings(url, Optional.of(PostgresServer.USER), Optional.empty());
    }

    private void know(Ipv4 address, Optional<Lease> lease) {
        lease.ifPresentOrElse(known -> view.put(address, known), () -> view.remove(address));
    }

    private <T> T onLoop(java.util.concurrent.Callable<T> task) {
        try {
            return loop.submit(task).get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static Ipv4 address(int number) {
        return FIRST.plus(number);
    }

    static Lease lease(int machine, int address, Instant since) {
        return new Lease(
                address(address),
                "lan",
                ClientIdentity.of(HardwareAddress.parse(String.format("02-00-00-00-00-%02X", machine))),
                Optional.empty(),
                false,
                Lease.State.BOUND,
                since,
                since.plus(Duration.ofHours(1)));
    }

    static LeaseChange bound(int machine, int address) {
        return new LeaseChange(Kind.BOUND, lease(machine, address, NOW));
    }

    /** A file that the first address had in one and a half seconds. */
    static Fetch fetch() {
        return new Fetch(
                NOW,
                Duration.ofMillis(1500),
                address(1),
                "linux",
                Optional.of("/srv/linux"),
                1000,
                3,
                Optional.of(TransferOutcome.COMPLETE),
                "");
    }

    /** Decides on what is known now. */
    CompletableFuture<Void> commit(LeaseChange... changes) {
        return onLoop(() -> begin(List.of(changes)));
    }

    private CompletableFuture<Void> begin(List<LeaseChange> changes) {
        CompletionStage<Void> stored = store.commit(changes)
                .thenRunAsync(
                        () -> changes.forEach(change -> know(
                                change.lease().address(),
                                change.kind().ends() ? Optional.empty() : Optional.of(change.lease()))),
                        loop);
        return stored.toCompletableFuture().orTimeout(120, TimeUnit.SECONDS);
    }

    /** The thread that decides stands still, but for what it decides here and now, on what it knows. */
    CompletableFuture<Void> stallWith(LeaseChange... changes) {
        CompletableFuture<CompletableFuture<Void>> decided = new CompletableFuture<>();
        loop.execute(() -> {
            standstill.acquireUninterruptibly();
            decided.complete(begin(List.of(changes)));
        });
        return decided.thenCompose(stored -> stored);
    }

    void goOn() {
        standstill.release();
    }

    Map<Ipv4, Lease> view() {
        return onLoop(() -> Map.copyOf(view));
    }

    PostgresLeaseStore store() {
        return store;
    }

    @Override
    public void close() {
        standstill.release();
        store.close();
        loop.shutdown();
    }
}

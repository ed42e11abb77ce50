package org.jbootd.domain.lease;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jbootd.domain.net.Ipv4;

/**
 * A store without a disk, for tests. It completes at once, or when told to after {@link #hold}; and fails on demand.
 * Not for several threads.
 */
public final class InMemoryLeaseStore implements LeaseStore {

    private record Waiting(List<LeaseChange> changes, CompletableFuture<Void> done) {}

    private final Map<Ipv4, Lease> leases = new TreeMap<>();
    private final List<LeaseChange> history = new ArrayList<>();
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private boolean holding;
    private boolean failing;
    private boolean shared;
    private int races;

    public static InMemoryLeaseStore of(Lease... leases) {
        InMemoryLeaseStore store = new InMemoryLeaseStore();
        List.of(leases).forEach(lease -> store.leases.put(lease.address(), lease));
        return store;
    }

    @Override
    public List<Lease> load() {
        return List.copyOf(leases.values());
    }

    @Override
    public Instant latest() {
        return history.stream()
                .filter(change -> !change.kind().ends())
                .map(change -> change.lease().since())
                .reduce(Instant.EPOCH, (one, other) -> one.isAfter(other) ? one : other);
    }

    @Override
    public CompletionStage<Void> commit(List<LeaseChange> changes) {
        Waiting commit = new Waiting(List.copyOf(changes), new CompletableFuture<>());
        waiting.add(commit);
        if (!holding) {
            finishAll();
        }
        return commit.done();
    }

    @Override
    public boolean isShared() {
        return shared;
    }

    /** Other servers store in it too, as far as anybody can tell. */
    public void share() {
        shared = true;
    }

    /** The next {@code count} commits come too late. */
    public void losing(int count) {
        races = count;
    }

    /** From now on commits wait for {@link #finishAll} or {@link #finishOne}. */
    public void hold() {
        holding = true;
    }

    /** From now on commits complete at once, as do those that wait. */
    public void letGo() {
        holding = false;
        finishAll();
    }

    /** From now on commits fail, or succeed again. */
    public void failing(boolean failing) {
        this.failing = failing;
    }

    public void finishAll() {
        while (!waiting.isEmpty()) {
            finishOne();
        }
    }

    /** Settles the oldest commit that waits. */
    public void finishOne() {
        Waiting commit = waiting.remove();
        if (failing) {
            commit.done()
                    .completeExceptionally(new StoreUnavailable("commit", new IllegalStateException("told to fail")));
            return;
        }
        if (races > 0) {
            races--;
            commit.done().completeExceptionally(new LostRace("another server was faster"));
            return;
        }
        commit.changes().forEach(this::apply);
        commit.done().complete(null);
    }

    private void apply(LeaseChange change) {
        history.add(change);
        Lease lease = change.lease();
        if (change.kind().ends()) {
            leases.remove(lease.address());
        } else {
            leases.put(lease.address(), lease);
        }
    }

    /** The oldest commit that waits becomes the youngest. */
    public void swap() {
        waiting.add(waiting.remove());
    }

    /** How many commits wait. */
    public int waiting() {
        return waiting.size();
    }

    /** Every stored change, in order. */
    public List<LeaseChange> history() {
        return List.copyOf(history);
    }

    /** The kinds of every stored change, in order. */
    public List<LeaseChange.Kind> kinds() {
        return history.stream().map(LeaseChange::kind).toList();
    }
}

package org.jbootd.domain.simulation;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.StoreUnavailable;
import org.jbootd.domain.net.Ipv4;

/**
 * A store of two layers. What is committed waits in memory, is written as a group, becomes durable by one sync, and is then
 * acknowledged; each of these is an event of its own, so that a crash can come between any two. A crash keeps the durable layer
 * and a random prefix of the rest. Writes may be slow, fail, or find the disk full for a while.
 */
final class SimStore implements SimulatedStore {

    private record Pending(List<LeaseChange> changes, CompletableFuture<Void> done) {}

    private static final long QUICK_SYNC = 100_000;
    private static final long SLOW_SYNC = 3 * Timeline.SECOND;

    private final World world;
    private final StoredHistory durable;
    private final Runnable crash;
    private final PlantedBug bug;

    private final Deque<Pending> waiting = new ArrayDeque<>();
    private final List<Pending> written = new ArrayList<>();
    /** What the server believes to be stored: the durable state with all that waits applied. */
    private final Map<Ipv4, Lease> believed = new LinkedHashMap<>();

    private int incarnation;
    private boolean busy;
    private long fullUntil;

    /**
     * @param crash called where a crash is to happen inside the store
     * @param bug may let a write count as done before its sync, or a torn one as a whole
     */
    SimStore(World world, StoredHistory durable, Runnable crash, PlantedBug bug) {
        this.world = world;
        this.durable = durable;
        this.crash = crash;
        this.bug = bug;
    }

    @Override
    public boolean start() {
        return true;
    }

    /** Nothing is finished that is under way: that comes before the end of a server, and is not tried here. */
    @Override
    public void stop() {
        crash();
    }

    @Override
    public List<Lease> load() {
        return List.copyOf(durable.state().values());
    }

    @Override
    public Instant latest() {
        return durable.latest();
    }

    @Override
    public CompletionStage<Void> commit(List<LeaseChange> changes) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (crashes()) {
            return done;
        }
        waiting.addLast(new Pending(List.copyOf(changes), done));
        apply(changes);
        world.trace.add("commit", changes);
        if (!busy) {
            busy = true;
            later(world.chance.nanos(0, QUICK_SYNC), this::write);
        }
        return done;
    }

    private void write() {
        if (crashes()) {
            return;
        }
        written.addAll(waiting);
        waiting.clear();
        if (world.timeline.elapsed() < fullUntil || world.happens(Fault.COMMIT_FAILED)) {
            later(world.chance.nanos(0, QUICK_SYNC), this::fail);
        } else if (world.happens(Fault.DISK_FULL)) {
            fullUntil = world.timeline.elapsed() + world.chance.seconds(1, 120);
            later(world.chance.nanos(0, QUICK_SYNC), this::fail);
        } else {
            long sync = world.happens(Fault.COMMIT_SLOW)
                    ? world.chance.nanos(QUICK_SYNC, SLOW_SYNC)
                    : world.chance.nanos(0, QUICK_SYNC);
            if (!bug.syncs()) {
                written.forEach(pending -> pending.done.complete(null));
            }
            later(sync, this::sync);
        }
    }

    private void fail() {
        world.trace.add("store fails", written.size() + " commits");
        List<Pending> failed = List.copyOf(written);
        written.clear();
        rebuildBelieved();
        acknowledge(failed, new StoreUnavailable("commit", new IOException("No space left on device")));
    }

    private void sync() {
        if (crashes() || isTorn()) {
            return;
        }
        List<Pending> synced = List.copyOf(written);
        written.clear();
        synced.forEach(pending -> durable.append(pending.changes));
        world.trace.add("synced", synced.size() + " commits");
        acknowledge(synced, null);
    }

    /** A crash within the write of a commit of several changes. @return true when that happened */
    private boolean isTorn() {
        Optional<Pending> torn =
                written.stream().filter(pending -> pending.changes.size() > 1).findFirst();
        if (torn.isEmpty() || !world.happens(Fault.TORN_WRITE)) {
            return false;
        }
        written.subList(0, written.indexOf(torn.get())).forEach(pending -> durable.append(pending.changes));
        bug.torn(torn.get().changes).ifPresent(durable::append);
        written.clear();
        waiting.clear();
        crash.run();
        return true;
    }

    private void acknowledge(List<Pending> settled, StoreUnavailable failure) {
        for (Pending pending : settled) {
            if (crashes()) {
                return;
            }
            if (failure == null) {
                pending.done.complete(null);
            } else {
                pending.done.completeExceptionally(failure);
            }
        }
        busy = !waiting.isEmpty();
        if (busy) {
            later(world.chance.nanos(0, QUICK_SYNC), this::write);
        }
    }

    private void later(long nanos, Runnable what) {
        int planner = incarnation;
        world.timeline.after(nanos, () -> {
            if (planner == incarnation) {
                what.run();
            }
        });
    }

    /** @return true when the server, and with it the caller, is gone */
    private boolean crashes() {
        int before = incarnation;
        if (world.happens(Fault.CRASH_IN_STORE)) {
            crash.run();
        }
        return incarnation != before;
    }

    /** Loses everything that is not durable, but for a random prefix of it. Nothing that waited is ever acknowledged. */
    @Override
    public void crash() {
        List<Pending> undecided = new ArrayList<>(written);
        undecided.addAll(waiting);
        int survivors = undecided.isEmpty() ? 0 : world.chance.between(0, undecided.size());
        undecided.subList(0, survivors).forEach(pending -> durable.append(pending.changes));
        if (survivors > 0) {
            world.coverage.count(Fault.CRASH_KEPT_PREFIX);
        }
        world.trace.add("lost", (undecided.size() - survivors) + " of " + undecided.size() + " commits under way");
        incarnation++;
        written.clear();
        waiting.clear();
        busy = false;
        fullUntil = 0;
        durable.crash();
        rebuildBelieved();
    }

    private void rebuildBelieved() {
        believed.clear();
        believed.putAll(durable.state());
        written.forEach(pending -> apply(pending.changes));
        waiting.forEach(pending -> apply(pending.changes));
    }

    private void apply(List<LeaseChange> changes) {
        changes.forEach(change -> StoredHistory.apply(change, believed));
    }

    @Override
    public Lease believed(Ipv4 address) {
        return believed.get(address);
    }

    @Override
    public Lease stored(Ipv4 address) {
        return durable.of(address);
    }

    @Override
    public Iterable<Lease> believed() {
        return believed.values();
    }

    @Override
    public boolean isIdle() {
        return !busy;
    }

    /** It was compared after each crash. */
    @Override
    public void checkHistory() {}
}

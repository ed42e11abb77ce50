package org.jbootd.domain.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.net.Ipv4;

/**
 * A {@link StoreOnTrial}, watched from outside. What it said to be stored must be there at each start, unchanged and in order; of what
 * it was given and had not answered, or had said it could not store, as much as it took in one after the other, whole commits only.
 */
final class RealStore implements SimulatedStore {

    private record Commit(List<LeaseChange> changes, CompletableFuture<Void> done) {}

    private static final long MINUTE = 60 * Timeline.SECOND;

    private final World world;
    private final StoredHistory durable;
    private final StoreOnTrial trial;
    private final Oracle oracle;

    /** In the order in which it was committed. */
    private final List<Commit> underWay = new ArrayList<>();

    /** What it could not store, since it can store nothing: nobody knows what of it is on the disk. */
    private final List<Commit> failed = new ArrayList<>();

    private final Map<Ipv4, Lease> believed = new LinkedHashMap<>();

    /** Null while it is not open. */
    private LeaseStore opened;

    private Instant furthest = Instant.EPOCH;

    /** Each start and end begins another. */
    private int life;

    RealStore(World world, StoredHistory durable, Runnable crash, Oracle oracle, StoreOnTrial.Maker maker) {
        this.world = world;
        this.durable = durable;
        this.oracle = oracle;
        this.trial = maker.make(world, crash);
    }

    @Override
    public boolean start() {
        int now = ++life;
        Optional<LeaseStore> open;
        long found;
        try {
            open = trial.open();
            found = open.isPresent() ? trial.changes() : 0;
        } catch (RuntimeException refused) {
            if (now == life) {
                world.broken(Invariant.I25_LOADABLE, "the store was not opened: " + refused.getMessage());
            }
            return false;
        }
        if (now != life || open.isEmpty()) {
            return false;
        }
        opened = open.get();
        takeSurvivors(found);
        checkLoaded();
        rebuildBelieved();
        keepTime(now);
        return true;
    }

    /** What was never said to be stored may be there all the same, and from now on it is. */
    private void takeSurvivors(long found) {
        long more = found - durable.history().size();
        List<Commit> undecided = new ArrayList<>(failed);
        undecided.addAll(underWay);
        for (Commit commit : undecided) {
            if (more >= commit.changes.size() && more > 0) {
                oracle.lately(() -> durable.append(commit.changes));
                world.coverage.count(Fault.CRASH_KEPT_PREFIX);
                world.trace.add("survived", commit.changes);
                more -= commit.changes.size();
            }
        }
        if (more != 0) {
            world.broken(
                    Invariant.I25_LOADABLE,
                    (more < 0 ? "changes that were stored are lost: " + -more : "changes that nobody made: " + more)
                            + ", or a commit was torn; there are " + found);
        }
        failed.clear();
        underWay.clear();
    }

    private void checkLoaded() {
        Set<Lease> loaded = new HashSet<>(opened.load());
        Set<Lease> expected = new HashSet<>(durable.state().values());
        if (!loaded.equals(expected)) {
            Set<Lease> missing = new HashSet<>(expected);
            missing.removeAll(loaded);
            loaded.removeAll(expected);
            world.broken(Invariant.I25_LOADABLE, "stored were " + missing + ", and there are " + loaded);
        }
        if (opened.latest().isBefore(durable.latest()) || opened.latest().isAfter(furthest)) {
            world.broken(
                    Invariant.I25_LOADABLE,
                    "server time had come to " + durable.latest() + ", and is said to be " + opened.latest());
        }
        checkHistory(false);
    }

    @Override
    public void checkHistory() {
        checkHistory(true);
    }

    private void checkHistory(boolean whole) {
        trial.contradiction(durable.history(), whole)
                .ifPresent(what -> world.broken(Invariant.I10_HISTORY_COMPLETE, what));
    }

    private void keepTime(int owner) {
        world.timeline.after(MINUTE, () -> {
            if (owner == life) {
                keptTime(oracle.now());
                trial.keepTime(oracle.now());
                keepTime(owner);
            }
        });
    }

    private void keptTime(Instant time) {
        furthest = time.isAfter(furthest) ? time : furthest;
    }

    @Override
    public List<Lease> load() {
        return List.copyOf(durable.state().values());
    }

    @Override
    public Instant latest() {
        return opened.latest();
    }

    @Override
    public CompletionStage<Void> commit(List<LeaseChange> changes) {
        int owner = life;
        giveUpFailed();
        Commit commit = new Commit(List.copyOf(changes), new CompletableFuture<>());
        world.trace.add("commit", changes);
        underWay.add(commit);
        changes.forEach(change -> {
            keptTime(change.lease().since());
            StoredHistory.apply(change, believed);
        });
        opened.commit(changes).whenComplete((stored, failure) -> {
            if (owner == life) {
                settle(commit, failure);
            }
        });
        return commit.done;
    }

    private void settle(Commit commit, Throwable failure) {
        int place = underWay.indexOf(commit);
        underWay.remove(place);
        if (failure != null) {
            world.trace.add("not stored", failure.getMessage());
            failed.add(commit);
            rebuildBelieved();
            commit.done.completeExceptionally(failure);
            return;
        }
        if (place > 0) {
            world.broken(Invariant.I11_ORDER, commit.changes + " was stored before what was committed earlier");
        }
        failed.clear();
        world.trace.add("stored", commit.changes);
        durable.append(commit.changes);
        commit.done.complete(null);
    }

    @Override
    public void stop() {
        int before = life;
        trial.close();
        if (before != life) {
            return;
        }
        end();
        if (!underWay.isEmpty()) {
            world.broken(Invariant.ONE_OUTCOME, "the store is closed, and never said what became of " + underWay);
        }
    }

    @Override
    public void crash() {
        end();
        trial.crash();
    }

    private void end() {
        life++;
        if (opened != null) {
            giveUpFailed();
        }
        opened = null;
    }

    /** Once it can store again, what it could not store never counts any more. */
    private void giveUpFailed() {
        if (!trial.isInTrouble()) {
            failed.clear();
        }
    }

    private void rebuildBelieved() {
        believed.clear();
        believed.putAll(durable.state());
        underWay.forEach(commit -> commit.changes.forEach(change -> StoredHistory.apply(change, believed)));
    }

    @Override
    public Lease believed(Ipv4 address) {
        return believed.get(address);
    }

    @Override
    public Iterable<Lease> believed() {
        return believed.values();
    }

    @Override
    public Lease stored(Ipv4 address) {
        return durable.of(address);
    }

    @Override
    public boolean isIdle() {
        return underWay.isEmpty() && !trial.isInTrouble();
    }
}

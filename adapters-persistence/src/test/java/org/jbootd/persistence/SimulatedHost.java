package org.jbootd.persistence;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.simulation.Fault;
import org.jbootd.domain.simulation.StoreOnTrial;
import org.jbootd.domain.simulation.World;

/**
 * A host of one run: the {@link EmbeddedLeaseStore} on a disk that forgets and fails, its real database, whose file goes back in time
 * with a power cut, and threads that a run disposes of. A process of it may die at any call.
 */
final class SimulatedHost implements StoreOnTrial {

    private final World world;
    private final Runnable crash;
    private final StoreSettings settings;
    private final StoreBug bug;
    private final ForgetfulDisk disk;
    private final JournalSize size;
    private final DatabaseFile<?> database;

    /** Of the process that runs, or the last one that did. */
    private SimulatedWorkers workers;

    private SimulatedCalls calls;

    /** Null when it is not open. */
    private EmbeddedLeaseStore store;

    /** @param database of {@code directory} */
    SimulatedHost(World world, Runnable crash, Path directory, DatabaseFile<?> database, StoreBug bug) {
        this.world = world;
        this.crash = crash;
        this.settings =
                new StoreSettings(directory, Optional.empty(), Optional.empty(), Optional.of(world.chance.of(0.5)));
        this.bug = bug;
        this.disk = new ForgetfulDisk(new Random(world.chance.anyLong()));
        this.size = new JournalSize((int) world.chance.logUniform(512, 16_384), world.chance.between(2, 8), (long)
                world.chance.logUniform(512, 65_536));
        this.database = database;
    }

    @Override
    public Optional<LeaseStore> open() {
        leave();
        database.makeReady();
        workers = new SimulatedWorkers(world);
        calls = new SimulatedCalls(world, workers, crash);
        SimulatedCalls mine = calls;
        JournalFiles files = bug.files(new SimulatedFiles(world, calls, disk));
        Platform platform =
                new Platform(world.timeline, bug.workers(workers), path -> files, size, path -> openDatabase(mine));
        try {
            store = EmbeddedLeaseStore.open(settings, platform);
            return Optional.of(bug.store(store));
        } catch (StoreRefused e) {
            if (!mine.isDead() && mine.failures() > 0 && !saysDamaged(e)) {
                world.trace.add("refused", e.getMessage());
                return Optional.empty();
            }
            throw e;
        }
    }

    private static boolean saysDamaged(StoreRefused refused) {
        String message = refused.getMessage();
        return message.contains("is damaged") || message.contains("ends with change");
    }

    private HistoryDatabase openDatabase(SimulatedCalls mine) throws IOException {
        HistoryDatabase open = mine.carryOut(database::open);
        return bug.database(new SimulatedDatabase(world, mine, open, database::synced));
    }

    /** Gives back what a dead process has open. It has no effect on what it has written. */
    void leave() {
        database.abandon();
        if (store == null) {
            return;
        }
        try {
            store.close();
        } catch (ForgetfulDisk.PowerCut dead) {
            world.trace.add("left", "by a process that is dead");
        } finally {
            store = null;
        }
    }

    @Override
    public void crash() {
        workers.die();
        calls.die();
        database.orphaned();
        if (world.happens(Fault.POWER_LOST)) {
            world.trace.add("power", "is lost");
            disk.restorePower();
            database.losePower();
        }
    }

    @Override
    public void close() {
        try {
            store.close();
        } catch (ForgetfulDisk.PowerCut e) {
            if (!calls.isDead()) {
                throw e;
            }
            return;
        }
        store = null;
    }

    @Override
    public long changes() {
        try {
            return Recovery.of(disk).lastSeq();
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    @Override
    public boolean isInTrouble() {
        return store != null && store.trouble().isPresent();
    }

    @Override
    public void keepTime(Instant now) {
        store.keepTime(now);
    }

    @Override
    public Optional<String> contradiction(List<LeaseChange> history, boolean whole) {
        return database.difference(history, whole);
    }
}

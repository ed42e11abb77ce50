package org.jbootd.persistence;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.simulation.Fault;
import org.jbootd.domain.simulation.World;

/**
 * What a simulated host has of a database on its disk. After a power cut it may be as it was at any checkpoint that is no older than
 * two minutes or one of the last three, ten seconds apart: H2 was seen to open an older version than the one it had synced
 * (docs/adr/0002-lease-journal.md).
 *
 * @param <V> how it was at some time
 */
abstract class DatabaseFile<V> {

    private static final long SECOND = 1_000_000_000L;
    private static final long DISTANCE = 10 * SECOND;
    private static final long YOUNG = 120 * SECOND;
    private static final int LAST = 3;

    private record Version<V>(long at, V content) {}

    private final World world;
    private final List<Version<V>> versions = new ArrayList<>();

    /** As a dead process has left it; null when the last process has closed it. */
    private V left;

    /** @param first what it is at first */
    DatabaseFile(World world, V first) {
        this.world = world;
        keep(first);
    }

    /** For a process that is allowed to have it. */
    abstract HistoryDatabase open() throws IOException;

    /** What is on the disk now, though a process has it open. */
    abstract V read();

    /** Nobody has it open. */
    abstract void write(V content);

    /** Gives back what a dead process has open of it. */
    abstract void abandon();

    /** Holds it against {@code history}, of which the last changes may be missing unless it is {@code whole}. */
    abstract Optional<String> difference(List<LeaseChange> history, boolean whole);

    private void keep(V content) {
        long now = world.timeline.elapsed();
        versions.add(new Version<>(now, content));
        while (versions.size() > LAST && now - versions.get(0).at() > YOUNG) {
            versions.remove(0);
        }
    }

    /** A checkpoint is done. */
    void synced() {
        long last = versions.get(versions.size() - 1).at();
        if (world.mayHappen(Fault.DATABASE_WENT_BACK_ALONE) && world.timeline.elapsed() - last >= DISTANCE) {
            keep(read());
        }
    }

    /** The process that has it open is dead. */
    void orphaned() {
        left = read();
    }

    /** And so is the power. */
    void losePower() {
        if (world.happens(Fault.DATABASE_WENT_BACK_ALONE)) {
            left = world.chance.oneOf(versions).content();
            world.trace.add("database", "is an older one");
            versions.clear();
            keep(left);
        }
    }

    /** Makes it ready for the next process. */
    void makeReady() {
        if (left != null) {
            abandon();
            write(left);
            left = null;
        }
    }
}

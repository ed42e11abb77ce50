package org.jbootd.persistence;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jbootd.domain.simulation.Fault;
import org.jbootd.domain.simulation.World;
import org.jdbi.v3.core.ConnectionException;

/** The real database as one process has it: each call may be its last, or fail, carried out or not. */
final class SimulatedDatabase implements HistoryDatabase {

    private final World world;
    private final SimulatedCalls calls;
    private final HistoryDatabase database;
    private final Runnable synced;

    /** @param synced is told when a checkpoint is done */
    SimulatedDatabase(World world, SimulatedCalls calls, HistoryDatabase database, Runnable synced) {
        this.world = world;
        this.calls = calls;
        this.database = database;
        this.synced = synced;
    }

    private <T> T call(SimulatedCalls.Call<T, RuntimeException> call) {
        return calls.carryOut(() -> {
            if (!world.happens(Fault.DATABASE_FAILED)) {
                return call.now();
            }
            if (world.chance.of(0.5)) {
                call.now();
            }
            throw failed();
        });
    }

    private ConnectionException failed() {
        IOException cause = calls.failure("the database fails");
        return new ConnectionException(new SQLException(cause.getMessage(), cause));
    }

    private void carryOut(Runnable change) {
        call(() -> {
            change.run();
            return null;
        });
    }

    @Override
    public long mark() {
        return call(database::mark);
    }

    @Override
    public void apply(List<JournalEntry> entries) {
        carryOut(() -> database.apply(entries));
    }

    @Override
    public void note(Notes.Batch batch) {
        carryOut(() -> database.note(batch));
    }

    @Override
    public boolean forget(Retention retention, Instant now) {
        return call(() -> database.forget(retention, now));
    }

    @Override
    public void checkpoint() {
        carryOut(() -> {
            database.checkpoint();
            synced.run();
        });
    }

    @Override
    public void backup(Path zip) {
        carryOut(() -> database.backup(zip));
    }

    @Override
    public boolean keepChain(boolean wanted) {
        return call(() -> database.keepChain(wanted));
    }

    @Override
    public void admitReaders(ReaderKeys keys) throws SQLException {
        database.admitReaders(keys);
    }

    @Override
    public int endReaders() throws SQLException {
        return database.endReaders();
    }

    @Override
    public void close() {
        database.close();
    }
}

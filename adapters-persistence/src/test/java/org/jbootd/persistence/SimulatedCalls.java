package org.jbootd.persistence;

import java.io.IOException;
import org.jbootd.domain.simulation.Fault;
import org.jbootd.domain.simulation.World;
import org.jbootd.persistence.ForgetfulDisk.PowerCut;

/** What may befall one process where it calls its disk or its database: on the way there, there, or on the way back. */
final class SimulatedCalls {

    /** What is called. */
    interface Call<T, E extends Exception> {
        T now() throws E;
    }

    private final World world;
    private final SimulatedWorkers workers;
    private final Runnable crash;
    private boolean dead;
    private int failures;

    /** @param crash ends the process, and with it {@link #die} this */
    SimulatedCalls(World world, SimulatedWorkers workers, Runnable crash) {
        this.world = world;
        this.workers = workers;
        this.crash = crash;
    }

    <T, E extends Exception> T carryOut(Call<T, E> call) throws E {
        pass();
        T result = call.now();
        pass();
        return result;
    }

    private void pass() {
        live();
        workers.meet();
        live();
        if (world.happens(Fault.CRASH_AT_FILE_CALL)) {
            crash.run();
        }
        live();
    }

    private void live() {
        if (dead) {
            throw new PowerCut();
        }
    }

    /** @throws IOException when {@code fault} happens now */
    void mayFail(Fault fault, String message) throws IOException {
        if (world.happens(fault)) {
            throw failure(message);
        }
    }

    /** Something fails: to be thrown. */
    IOException failure(String message) {
        failures++;
        world.trace.add("disk", message);
        return new IOException(message);
    }

    /** How often something failed so far. */
    int failures() {
        return failures;
    }

    boolean isDead() {
        return dead;
    }

    /** The process is gone. */
    void die() {
        dead = true;
    }
}

package org.jbootd.persistence;

import java.util.ArrayList;
import java.util.List;
import org.jbootd.domain.simulation.Fault;
import org.jbootd.domain.simulation.World;

/** Workers of one process, without threads: their turns are events of a run, or come in the middle of one another's. */
final class SimulatedWorkers implements Workers {

    private static final long QUICK = 100_000;
    private static final long SLOW = 3 * 1_000_000_000L;

    /** No end of a store takes so many. */
    private static final int MANY_TURNS = 100_000;

    private final World world;
    private final List<SimulatedWorker> workers = new ArrayList<>();
    private boolean dead;

    SimulatedWorkers(World world) {
        this.world = world;
    }

    @Override
    public Worker worker(String name, Turn turn) {
        SimulatedWorker worker = new SimulatedWorker(turn);
        workers.add(worker);
        return worker;
    }

    @Override
    public long nanoTime() {
        return world.timeline.elapsed();
    }

    /** The process is gone. */
    void die() {
        dead = true;
    }

    /** One worker calls somebody: before it goes on, another may do what it has to do. */
    void meet() {
        for (SimulatedWorker worker : workers) {
            if (worker.isFree() && world.happens(Fault.THREADS_MEET)) {
                worker.turn();
            }
        }
    }

    private final class SimulatedWorker implements Worker {

        private final Turn turn;
        private boolean started;
        private boolean busy;
        private boolean woken;
        private boolean ended;
        private int timer;

        SimulatedWorker(Turn turn) {
            this.turn = turn;
        }

        private boolean isFree() {
            return started && !busy && !ended && !dead;
        }

        @Override
        public void start() {
            started = true;
            turnAfter(0);
        }

        private void turnAfter(long nanos) {
            int set = ++timer;
            world.timeline.after(nanos, () -> {
                if (set == timer && isFree()) {
                    turn();
                }
            });
        }

        @Override
        public void wake() {
            if (started && !woken) {
                woken = true;
                if (!busy) {
                    turnSoon();
                }
            }
        }

        private void turnSoon() {
            turnAfter(
                    world.happens(Fault.COMMIT_SLOW) ? world.chance.nanos(QUICK, SLOW) : world.chance.nanos(0, QUICK));
        }

        private void turn() {
            busy = true;
            woken = false;
            long pause = turn.take();
            busy = false;
            ended = pause == Turn.ENDED;
            if (ended || dead) {
                timer++;
            } else if (woken || pause <= 0) {
                turnSoon();
            } else if (pause != Turn.UNTIL_WOKEN) {
                turnAfter(pause);
            }
        }

        @Override
        public void join() {
            for (int i = 0; isFree(); i++) {
                if (i == MANY_TURNS) {
                    throw new AssertionError("a worker of the store does not end");
                }
                turn();
            }
        }
    }
}

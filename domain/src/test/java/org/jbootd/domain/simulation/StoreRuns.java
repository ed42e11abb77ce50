package org.jbootd.domain.simulation;

import java.util.Optional;
import java.util.Set;
import org.jbootd.domain.client.Identification;

/** Runs of one server on a {@link StoreOnTrial} that must break no promise. */
public final class StoreRuns {

    /** Steps of a run while things go wrong. */
    private static final int STEPS = 10_000;

    /** Of looking for what a failure takes: some minutes where a real database is part of it. */
    private static final long STEPS_OF_SHRINKING = 2_000_000;

    private final Coverage coverage = new Coverage();

    private StoreRuns() {}

    /**
     * Runs a number of seeds, or as many as {@link SeedRange} was told to, and prints what happened.
     *
     * @throws AssertionError for the first run that breaks a promise, with all there is to say of it
     */
    public static StoreRuns of(int seeds, StoreOnTrial.Maker maker) {
        StoreRuns runs = new StoreRuns();
        long steps = 0;
        long begin = System.nanoTime();
        for (long seed : SeedRange.of(seeds)) {
            Run run = Failure.describedIfAny(Plan.of(seed, STEPS), plan -> run(plan, maker), STEPS_OF_SHRINKING);
            runs.coverage.add(run.coverage());
            steps += run.steps();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                "simulation of a server on its store: %,d steps, %,.0f a second; %s%n",
                steps, steps / seconds, runs.coverage);
        return runs;
    }

    /** What breaks first, with its seed, in so many runs at most; empty when nothing does. */
    public static Optional<String> firstBroken(int seeds, StoreOnTrial.Maker maker) {
        for (long seed = 0; seed < seeds; seed++) {
            try {
                run(Plan.of(seed, STEPS), maker).run();
            } catch (Violation broken) {
                return Optional.of("seed " + seed + ": " + broken.getMessage());
            }
        }
        return Optional.empty();
    }

    /** All there is to tell of one run that breaks no promise: the same each time. */
    public static String story(long seed, StoreOnTrial.Maker maker) {
        Run run = run(Plan.of(seed, STEPS), maker);
        run.run();
        return run.steps() + " steps, " + run.faults() + "\n" + run.trace();
    }

    private static Simulation run(Plan plan, StoreOnTrial.Maker maker) {
        Identification identification = plan.seed() % 2 == 0 ? Identification.HARDWARE : Identification.CLIENT_ID;
        return Simulation.of(plan, identification, maker);
    }

    /** What could have gone wrong and never did; nothing where only one seed was asked for. */
    public Set<Fault> neverHappened() {
        return SeedRange.isOne() ? Set.of() : coverage.missing(Fault.ofRealStore());
    }
}

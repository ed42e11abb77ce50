package org.jbootd.domain.simulation;

import java.util.function.LongFunction;

/** Runs of several servers on one database that must break no promise. */
public final class ClusterRuns {

    /** Steps of a run while things go wrong. */
    static final int STEPS = 20_000;

    private final Coverage coverage = new Coverage();
    private long steps;

    /**
     * Runs a number of seeds, or as many as {@link SeedRange} was told to, and prints what happened.
     *
     * @param knowledge how a node that has loaded up to an event knows what others did since
     * @throws AssertionError for the first run that breaks a promise, with all there is to say of it
     */
    public static ClusterRuns of(int seeds, LongFunction<Knowledge> knowledge) {
        ClusterRuns runs = new ClusterRuns();
        long begin = System.nanoTime();
        for (long seed : SeedRange.of(seeds)) {
            ClusterSimulation simulation = Failure.describedIfAny(
                    Plan.of(seed, STEPS),
                    plan -> new ClusterSimulation(plan, new ClusterSimulation.Parts(ClusterBug.NONE, knowledge)));
            runs.coverage.add(simulation.coverage());
            runs.steps += simulation.steps();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                "simulation of several servers: %,d steps, %,.0f a second; %s%n",
                runs.steps, runs.steps / seconds, runs.coverage);
        return runs;
    }

    Coverage coverage() {
        return coverage;
    }
}

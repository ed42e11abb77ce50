package org.jbootd.domain.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Runs several servers on one database against many worlds of trouble. A step is one event: a packet that arrives, a timer that goes
 * off, a step of a transaction.
 *
 * <ul>
 *   <li>more of them: {@code mvn -pl domain test -Dtest=ClusterSimulationTest -Djbootd.simulation.seeds=10000}
 *   <li>one again, as a failure named it: {@code -Djbootd.simulation.seed=4711}
 * </ul>
 */
class ClusterSimulationTest {

    static final int STEPS = 20_000;

    private static final int SEEDS = 100;

    @Test
    void severalServersKeepTheirPromisesWhateverGoesWrong() {
        Coverage coverage = new Coverage();
        long steps = 0;
        long begin = System.nanoTime();
        for (long seed : SeedRange.of(SEEDS)) {
            ClusterSimulation simulation = Failure.describedIfAny(
                    Plan.of(seed, STEPS),
                    plan -> new ClusterSimulation(plan, ClusterSimulation.Parts.with(ClusterBug.NONE)));
            coverage.add(simulation.coverage());
            steps += simulation.steps();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                "simulation of several servers: %,d steps, %,.0f a second; %s%n", steps, steps / seconds, coverage);
        if (!SeedRange.isOne()) {
            assertThat(coverage.missing(Fault.ofSeveralServers()))
                    .as("faults that never happened")
                    .isEmpty();
        }
    }
}

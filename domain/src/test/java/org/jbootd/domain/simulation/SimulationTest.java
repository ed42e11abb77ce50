package org.jbootd.domain.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.jbootd.domain.client.Identification;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs the server against many worlds of trouble. Each world follows from its seed alone:
 *
 * <ul>
 *   <li>more of them: {@code mvn -pl domain test -Dtest=SimulationTest -Djbootd.simulation.seeds=10000}
 *   <li>one again, as a failure named it: {@code -Djbootd.simulation.seed=4711}
 *   <li>with more of what happened before the failure: {@code -Djbootd.simulation.trace=20000} lines
 * </ul>
 *
 * A failure tells the seed, the promise that was broken, the few machines and faults that it takes, and what happened then.
 */
class SimulationTest {

    static final int STEPS = 20_000;

    private static final int SEEDS = 250;

    @ParameterizedTest
    @EnumSource
    void keepsItsPromisesWhateverGoesWrong(Identification identification) {
        Coverage coverage = new Coverage();
        long steps = 0;
        long begin = System.nanoTime();
        for (long seed : SeedRange.of(SEEDS)) {
            Simulation simulation = Failure.describedIfAny(
                    Plan.of(seed, STEPS), plan -> new Simulation(plan, identification, PlantedBug.NONE));
            coverage.add(simulation.coverage());
            steps += simulation.steps();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                "simulation by %s: %,d steps, %,.0f a second; %s%n", identification, steps, steps / seconds, coverage);
        if (!SeedRange.isOne()) {
            assertThat(coverage.missing(Fault.ofOneServer()))
                    .as("faults that never happened")
                    .isEmpty();
            assertThat(coverage.missingPairs(Fault.ofOneServer()))
                    .as("pairs of faults that never met in a run")
                    .isEmpty();
        }
    }
}

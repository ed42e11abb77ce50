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
 *   <li>shrunk further, for this many steps: {@code -Djbootd.simulation.shrink=100000000}
 * </ul>
 */
class ClusterSimulationTest {

    private static final int SEEDS = 200;

    @Test
    void severalServersKeepTheirPromisesWhateverGoesWrong() {
        ClusterRuns runs = ClusterRuns.of(SEEDS, base -> new SimTidings(ClusterBug.NONE, base));

        if (!SeedRange.isOne()) {
            assertThat(runs.coverage().missing(Fault.ofSeveralServers()))
                    .as("faults that never happened")
                    .isEmpty();
            assertThat(runs.coverage().missingPairs(Fault.ofSeveralServers()))
                    .as("pairs of faults that never met in a run")
                    .isEmpty();
        }
    }
}

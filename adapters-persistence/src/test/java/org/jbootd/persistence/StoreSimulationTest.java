package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jbootd.domain.simulation.StoreRuns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The server, from its desk to the disk, in many worlds of trouble: machines and the desk of the domain's simulation, and below them the
 * store that is in use, which dies at any call of its disk, is told that calls fail, and loses what was not forced. Each world follows
 * from its seed alone:
 *
 * <ul>
 *   <li>more of them: {@code mvn -pl adapters-persistence -am test -Dtest=StoreSimulationTest -Djbootd.simulation.seeds=10000}
 *   <li>one again, as a failure named it: {@code -Djbootd.simulation.seed=4711}
 *   <li>with an end at each single call: {@code -Djbootd.simulation.stride=1}
 *   <li>shrunk further, for this many steps: {@code -Djbootd.simulation.shrink=100000000}
 * </ul>
 */
class StoreSimulationTest {

    private static final int SEEDS = 24;
    private static final double WITH_H2 = 0.1;

    /** Of the calls at which a server may die, one in so many is tried. */
    private static final int STRIDE = Integer.getInteger("jbootd.simulation.stride", 24);

    /** Within which each planted bug has to be found. */
    private static final int SEEDS_FOR_A_BUG = 120;

    private static final Pattern SHRUNK =
            Pattern.compile("with (\\d+) machines and only the faults \\[([^]]*)], after ([\\d.,]+) steps");

    @Test
    void keepsItsPromisesWhateverGoesWrong() throws IOException {
        try (SimulatedHosts hosts = new SimulatedHosts(WITH_H2)) {
            StoreRuns runs = StoreRuns.of(SEEDS, hosts.with(StoreBug.NONE));

            assertThat(runs.neverHappened()).as("faults that never happened").isEmpty();
        }
    }

    @Test
    void noCallIsTheWrongOneToDieAt() throws IOException {
        try (SimulatedHosts hosts = new SimulatedHosts(0)) {
            int runs = StoreRuns.atEveryCall(STRIDE, hosts.with(StoreBug.NONE));

            System.out.println("a server that dies at " + runs + " calls, one in " + STRIDE);
            assertThat(runs).isGreaterThan(10);
        }
    }

    /** The proof of the proof: a simulation that found nothing in a broken store would prove nothing of a good one. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void findsEachPlantedBug(StoreBug bug) throws IOException {
        try (SimulatedHosts hosts = new SimulatedHosts(0)) {
            Optional<String> found = StoreRuns.firstBroken(SEEDS_FOR_A_BUG, hosts.with(bug));

            assertThat(found).as(bug + " within " + SEEDS_FOR_A_BUG + " seeds").isPresent();
            System.out.println(bug + ": " + found.get());
        }
    }

    @Test
    void aSeedAlwaysGivesTheSameRun() throws IOException {
        try (SimulatedHosts hosts = new SimulatedHosts(1)) {
            String first = StoreRuns.story(1, hosts.with(StoreBug.NONE));

            assertThat(StoreRuns.story(1, hosts.with(StoreBug.NONE))).isEqualTo(first);
        }
    }

    @Test
    void aFailureIsShrunkToAFewMachinesAndFaults() throws IOException {
        try (SimulatedHosts hosts = new SimulatedHosts(0)) {
            assertThatThrownBy(() -> StoreRuns.of(SEEDS, hosts.with(StoreBug.ACK_BEFORE_FORCE)))
                    .satisfies(failure -> {
                        Matcher shrunk = SHRUNK.matcher(failure.getMessage());
                        assertThat(shrunk.find()).as(failure.getMessage()).isTrue();
                        assertThat(Integer.parseInt(shrunk.group(1)))
                                .as(failure.getMessage())
                                .isLessThanOrEqualTo(3);
                        assertThat(shrunk.group(2).split(", "))
                                .as(failure.getMessage())
                                .hasSizeLessThanOrEqualTo(8);
                    });
        }
    }
}

package org.jbootd.domain.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The proof of the proof, for several servers: see {@link PlantedBugsTest}. */
class ClusterBugsTest {

    private static final int SEEDS = 300;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void findsEachPlantedBug(ClusterBug bug) {
        Optional<Violation> found = Optional.empty();
        long seed = 0;
        for (; seed < SEEDS && found.isEmpty(); seed++) {
            found = violation(seed, bug);
        }
        assertThat(found).as(bug + " within " + SEEDS + " seeds").isPresent();
        System.out.println(bug + ", seed " + (seed - 1) + ": " + found.get().getMessage());
    }

    private static Optional<Violation> violation(long seed, ClusterBug bug) {
        try {
            new ClusterSimulation(Plan.of(seed, ClusterRuns.STEPS), ClusterSimulation.Parts.with(bug)).run();
            return Optional.empty();
        } catch (Violation broken) {
            return Optional.of(broken);
        }
    }
}

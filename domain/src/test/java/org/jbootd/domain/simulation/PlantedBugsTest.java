package org.jbootd.domain.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The proof of the proof: a simulation that found nothing in a broken server would prove nothing of a good one. */
class PlantedBugsTest {

    private static final int SEEDS = 60;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void findsEachPlantedBug(PlantedBug bug) {
        Optional<Violation> found = Optional.empty();
        for (long seed = 0; seed < SEEDS && found.isEmpty(); seed++) {
            found = violation(seed, bug);
        }
        assertThat(found).as(bug + " within " + SEEDS + " seeds").isPresent();
        System.out.println(bug + ": " + found.get().getMessage());
    }

    private static Optional<Violation> violation(long seed, PlantedBug bug) {
        try {
            new Simulation(seed, bug, null).run(SimulationTest.STEPS);
            return Optional.empty();
        } catch (Violation broken) {
            return Optional.of(broken);
        }
    }
}

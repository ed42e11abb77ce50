package org.jbootd.domain.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.jbootd.domain.client.Identification;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The proof of the proof: a simulation that found nothing in a broken server would prove nothing of a good one. */
class PlantedBugsTest {

    private static final int SEEDS = 60;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void findsEachPlantedBug(PlantedBug bug) {
        finds(bug, Identification.HARDWARE);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void findsEachPlantedBugWhereClientsAreKnownByTheirIdentifier(PlantedBug bug) {
        finds(bug, Identification.CLIENT_ID);
    }

    private static void finds(PlantedBug bug, Identification identification) {
        Optional<Violation> found = Optional.empty();
        for (long seed = 0; seed < SEEDS && found.isEmpty(); seed++) {
            found = violation(seed, identification, bug);
        }
        assertThat(found).as(bug + " within " + SEEDS + " seeds").isPresent();
        System.out.println(bug + ": " + found.get().getMessage());
    }

    private static Optional<Violation> violation(long seed, Identification identification, PlantedBug bug) {
        try {
            new Simulation(Plan.of(seed, SimulationTest.STEPS), identification, bug).run();
            return Optional.empty();
        } catch (Violation broken) {
            return Optional.of(broken);
        }
    }
}

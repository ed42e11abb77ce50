package org.jbootd.domain.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Function;
import org.jbootd.domain.client.Identification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a failing run is shrunk to shows the same failure, and can be read. */
class ShrinkerTest {

    private static final int MOST_SEEDS = 60;
    private static final int STEPS = 5_000;
    private static final int MOST_LINES = 250;
    private static final int FAILURES = 3;

    /** Of several servers. */
    private static final int FEW_FAULTS = 6;

    @ParameterizedTest
    @EnumSource(
            names = {
                "ACK_BEFORE_COMMIT",
                "VERSION_CHECK_LEFT_OUT",
                "UNKNOWN_OUTCOME_TAKEN_FOR_SUCCESS",
                "DATABASE_CLOCK_ASKED_ONCE"
            })
    void whatSeveralServersDoWrongTakesFewMachinesAndFaults(ClusterBug bug) {
        Shrinker.Broken least =
                simplest(plan -> new ClusterSimulation(plan, ClusterSimulation.Parts.with(bug)), FEW_FAULTS);

        assertThat(machines(least)).as("machines in\n%s", least.run().trace()).isLessThanOrEqualTo(8);
        assertThat(least.run().faults())
                .as("faults in\n%s", least.run().trace())
                .hasSizeLessThanOrEqualTo(FEW_FAULTS);
        assertThat(least.run().trace().lines()).isLessThanOrEqualTo(MOST_LINES);
    }

    @ParameterizedTest
    @EnumSource(names = {"COMMIT_WITHOUT_SYNC", "RENEWAL_NOT_STORED", "HOLDER_REFUSED"})
    void whatOneServerDoesWrongTakesFewMachinesAndFaults(PlantedBug bug) {
        Shrinker.Broken least = shrunk(plan -> new Simulation(plan, Identification.HARDWARE, bug));

        assertThat(machines(least)).as("machines in\n%s", least.run().trace()).isLessThanOrEqualTo(2);
        assertThat(least.run().faults())
                .as("faults in\n%s", least.run().trace())
                .hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void whatIsLeftCanBeHadAgain() {
        Function<Plan, Run> simulation =
                plan -> new ClusterSimulation(plan, ClusterSimulation.Parts.with(ClusterBug.VERSION_CHECK_LEFT_OUT));
        Shrinker.Broken least = shrunk(simulation);

        Shrinker.Broken again = broken(least.plan(), simulation);

        assertThat(again.why()).hasMessage(least.why().getMessage());
        assertThat(again.run().trace()).hasToString(least.run().trace().toString());
    }

    private static int machines(Shrinker.Broken broken) {
        return broken.run().machines() - broken.plan().absent().size();
    }

    private static Shrinker.Broken shrunk(Function<Plan, Run> simulation) {
        return shrunk(simulation, 0);
    }

    /** The first failure from {@code seed} on. */
    private static Shrinker.Broken shrunk(Function<Plan, Run> simulation, long seed) {
        for (long next = seed; next < MOST_SEEDS; next++) {
            Shrinker.Broken first = broken(Plan.of(next, STEPS), simulation);
            if (first != null) {
                Shrinker.Broken least = new Shrinker(simulation, Shrinker.USUAL_STEPS).shrink(first);
                System.out.printf(
                        "seed %d: %d machines, %d faults, %d steps, shrunk to %d, %d, %d and %d lines%n",
                        next,
                        machines(first),
                        first.run().faults().size(),
                        first.run().steps(),
                        machines(least),
                        least.run().faults().size(),
                        least.run().steps(),
                        least.run().trace().lines());
                return least;
            }
        }
        throw new AssertionError("nothing was broken by the seeds " + seed + " to " + MOST_SEEDS);
    }

    /** Some failures take much to come about: of the first {@value #FAILURES} the one that takes the fewest faults. */
    private static Shrinker.Broken simplest(Function<Plan, Run> simulation, int fewFaults) {
        Shrinker.Broken simplest = shrunk(simulation);
        Shrinker.Broken last = simplest;
        for (int i = 1; i < FAILURES && simplest.run().faults().size() > fewFaults; i++) {
            last = shrunk(simulation, last.plan().seed() + 1);
            simplest = last.run().faults().size() < simplest.run().faults().size() ? last : simplest;
        }
        return simplest;
    }

    /** The run of a plan, or null when it breaks no promise. */
    private static Shrinker.Broken broken(Plan plan, Function<Plan, Run> simulation) {
        Run run = simulation.apply(plan);
        try {
            run.run();
            return null;
        } catch (Violation violation) {
            return new Shrinker.Broken(plan, run, violation);
        }
    }
}

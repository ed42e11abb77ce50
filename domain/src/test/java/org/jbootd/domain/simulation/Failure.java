package org.jbootd.domain.simulation;

import org.jbootd.domain.client.Identification;

/** Runs a seed, and when it fails says everything one needs to see why. */
final class Failure {

    private Failure() {}

    /** The finished run of a seed. @throws AssertionError with the whole story when a promise is broken */
    static Simulation describedIfAny(long seed, Identification identification, PlantedBug bug, int steps) {
        Simulation simulation = new Simulation(seed, identification, bug, null);
        try {
            simulation.run(steps);
            return simulation;
        } catch (Violation | RuntimeException broken) {
            throw new AssertionError(story(seed, identification, bug, steps, simulation, broken), broken);
        }
    }

    private static String story(
            long seed, Identification identification, PlantedBug bug, int steps, Simulation first, Throwable broken) {
        Simulation least = first;
        Throwable reason = broken;
        FaultMix mix = first.mix();
        for (Fault fault : Fault.values()) {
            Simulation next = new Simulation(seed, identification, bug, mix.without(fault));
            try {
                next.run(steps);
            } catch (Violation | RuntimeException stillBroken) {
                if (kind(stillBroken).equals(kind(broken))) {
                    mix = mix.without(fault);
                    least = next;
                    reason = stillBroken;
                }
            }
        }
        return "seed " + seed + ", by " + identification + " (replay: -Djbootd.simulation.seed=" + seed + ") after "
                + first.steps() + " steps: "
                + broken + "\nwith fewer faults " + mix + "\nafter " + least.steps() + " steps: " + reason + "\n"
                + least.trace();
    }

    /** What was broken, so that shrinking does not wander off to another failure. */
    private static Object kind(Throwable broken) {
        return broken instanceof Violation violation ? violation.invariant() : broken.getClass();
    }
}

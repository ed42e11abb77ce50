package org.jbootd.domain.simulation;

import java.util.function.Function;

/** Runs a plan, and when it fails says everything one needs to see why. */
final class Failure {

    private Failure() {}

    /** The finished run of a plan. @throws AssertionError with the whole story when a promise is broken */
    static <R extends Run> R describedIfAny(Plan plan, Function<Plan, R> simulation) {
        return describedIfAny(plan, simulation, Shrinker.USUAL_STEPS);
    }

    /** @param mostSteps to find out what it takes */
    static <R extends Run> R describedIfAny(Plan plan, Function<Plan, R> simulation, long mostSteps) {
        R run = simulation.apply(plan);
        try {
            run.run();
            return run;
        } catch (Violation | RuntimeException broken) {
            Shrinker.Broken first = new Shrinker.Broken(plan, run, broken);
            throw new AssertionError(story(first, new Shrinker(simulation::apply, mostSteps).shrink(first)), broken);
        }
    }

    private static String story(Shrinker.Broken first, Shrinker.Broken least) {
        Run run = least.run();
        int machines = run.present().size();
        return String.format(
                "seed %d (replay: -Djbootd.simulation.seed=%d) after %,d steps: %s%nwith %d machines and only the faults %s,"
                        + " after %,d steps: %s%n%s",
                first.plan().seed(),
                first.plan().seed(),
                first.run().steps(),
                first.why(),
                machines,
                run.faults(),
                run.steps(),
                least.why(),
                run.trace());
    }
}

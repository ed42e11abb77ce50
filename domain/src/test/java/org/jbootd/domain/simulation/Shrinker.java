package org.jbootd.domain.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Takes out of a run that breaks a promise what it takes not: machines, kinds of faults, single faults (delta debugging: Zeller and
 * Hildebrandt, 2002), and time. What is left breaks the same promise.
 */
final class Shrinker {

    /** Some ten seconds. */
    static final long USUAL_STEPS = 10_000_000;

    /** @param run that broke something, finished */
    record Broken(Plan plan, Run run, Throwable why) {}

    private final Function<Plan, Run> simulation;
    private final long mostSteps;
    private Broken least;
    private long steps;

    /** @param mostSteps of all runs together, unless {@code -Djbootd.simulation.shrink} says otherwise */
    Shrinker(Function<Plan, Run> simulation, long mostSteps) {
        this.simulation = simulation;
        this.mostSteps = Long.getLong("jbootd.simulation.shrink", mostSteps);
    }

    /** What is left of {@code first}, and its run. */
    Broken shrink(Broken first) {
        least = first;
        int before;
        do {
            before = size();
            withFewerMachines();
            withFewerKindsOfFaults();
            withFewerFaults();
            forLessTime();
        } while (size() < before && steps < mostSteps);
        return least;
    }

    private int size() {
        Plan plan = least.plan();
        int faults =
                plan.faults() == null ? Integer.MAX_VALUE / 2 : plan.faults().size();
        return faults - plan.absent().size();
    }

    /** @return whether the same is broken still: then this is the least from now on */
    private boolean isBrokenStill(Plan plan) {
        if (steps >= mostSteps) {
            return false;
        }
        Run run = simulation.apply(plan);
        try {
            run.run();
            steps += run.steps();
            return false;
        } catch (Violation | RuntimeException broken) {
            steps += run.steps();
            if (!kind(broken).equals(kind(least.why()))) {
                return false;
            }
            least = new Broken(plan, run, broken);
            return true;
        }
    }

    /** So that it does not wander off to another failure. */
    private static Object kind(Throwable broken) {
        return broken instanceof Violation violation ? violation.invariant() : broken.getClass();
    }

    private void withFewerMachines() {
        for (int i = 0; i < least.run().machines(); i++) {
            if (least.plan().has(i)) {
                isBrokenStill(least.plan().without(i));
            }
        }
    }

    private void withFewerKindsOfFaults() {
        for (Fault fault : Fault.values()) {
            List<Plan.Occurrence> others = new ArrayList<>(least.run().faults());
            if (others.removeIf(occurrence -> occurrence.fault() == fault)) {
                isBrokenStill(least.plan().withOnly(others));
            }
        }
    }

    private void withFewerFaults() {
        int parts = 2;
        List<Plan.Occurrence> faults = least.run().faults();
        while (parts <= 2 * faults.size() && steps < mostSteps) {
            int size = Math.max(1, faults.size() / parts);
            boolean fewer = false;
            for (int from = 0; from < faults.size() && !fewer; from += size) {
                List<Plan.Occurrence> others = new ArrayList<>(faults);
                others.subList(from, Math.min(from + size, faults.size())).clear();
                fewer = isBrokenStill(least.plan().withOnly(others));
            }
            if (fewer) {
                faults = least.run().faults();
                parts = Math.max(2, parts - 1);
            } else if (size == 1) {
                return;
            } else {
                parts *= 2;
            }
        }
    }

    private void forLessTime() {
        int fewer = (int) Math.min(least.plan().steps(), least.run().steps()) / 2;
        while (fewer > 0 && isBrokenStill(least.plan().forSteps(fewer))) {
            fewer /= 2;
        }
    }
}

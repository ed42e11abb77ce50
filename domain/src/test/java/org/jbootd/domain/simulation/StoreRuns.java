package org.jbootd.domain.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jbootd.domain.client.Identification;

/** Runs of one server on a {@link StoreOnTrial} that must break no promise. */
public final class StoreRuns {

    /** Steps of a run while things go wrong. */
    private static final int STEPS = 10_000;

    private static final int STEPS_FOR_EVERY_CALL = 1_000;

    /** Of looking for what a failure takes: some minutes where a real database is part of it. */
    private static final long STEPS_OF_SHRINKING = 2_000_000;

    private final Coverage coverage = new Coverage();

    private StoreRuns() {}

    /**
     * Runs a number of seeds, or as many as {@link SeedRange} was told to, and prints what happened.
     *
     * @throws AssertionError for the first run that breaks a promise, with all there is to say of it
     */
    public static StoreRuns of(int seeds, StoreOnTrial.Maker maker) {
        StoreRuns runs = new StoreRuns();
        long steps = 0;
        long begin = System.nanoTime();
        for (long seed : SeedRange.of(seeds)) {
            Run run = Failure.describedIfAny(Plan.of(seed, STEPS), plan -> run(plan, maker), STEPS_OF_SHRINKING);
            runs.coverage.add(run.coverage());
            steps += run.steps();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                "simulation of a server on its store: %,d steps, %,.0f a second; %s%n",
                steps, steps / seconds, runs.coverage);
        return runs;
    }

    /**
     * Not by chance, but at one call after the other: the process dies, once with the power and once without, and nothing else goes
     * wrong.
     *
     * @param stride 1 for each call, 2 for every other
     * @return how many there were
     * @throws AssertionError as {@link #of}
     */
    public static int atEveryCall(int stride, StoreOnTrial.Maker maker) {
        int runs = 0;
        for (List<Plan.Occurrence> power : List.of(List.<Plan.Occurrence>of(), List.of(in(Fault.POWER_LOST, 1)))) {
            int call = 1;
            while (isACall(call, power, maker)) {
                runs++;
                call += stride;
            }
        }
        return runs;
    }

    private static Plan.Occurrence in(Fault fault, int occasion) {
        return new Plan.Occurrence("server", fault, occasion);
    }

    /** @return false when there are fewer calls than that while things may go wrong */
    private static boolean isACall(int call, List<Plan.Occurrence> power, StoreOnTrial.Maker maker) {
        List<Plan.Occurrence> faults = new ArrayList<>(power);
        faults.add(in(Fault.CRASH_AT_FILE_CALL, call));
        Plan plan = Plan.of(0, STEPS_FOR_EVERY_CALL).withOnly(faults);
        Run run = Failure.describedIfAny(plan, each -> run(each, maker), STEPS_OF_SHRINKING);
        return !run.faults().isEmpty();
    }

    /** What breaks first, with its seed, in so many runs at most; empty when nothing does. */
    public static Optional<String> firstBroken(int seeds, StoreOnTrial.Maker maker) {
        for (long seed = 0; seed < seeds; seed++) {
            try {
                run(Plan.of(seed, STEPS), maker).run();
            } catch (Violation broken) {
                return Optional.of("seed " + seed + ": " + broken.getMessage());
            }
        }
        return Optional.empty();
    }

    /** All there is to tell of one run that breaks no promise: the same each time. */
    public static String story(long seed, StoreOnTrial.Maker maker) {
        Run run = run(Plan.of(seed, STEPS), maker);
        run.run();
        return run.steps() + " steps, " + run.faults() + "\n" + run.trace();
    }

    private static Simulation run(Plan plan, StoreOnTrial.Maker maker) {
        Identification identification = plan.seed() % 2 == 0 ? Identification.HARDWARE : Identification.CLIENT_ID;
        return Simulation.of(plan, identification, maker);
    }

    /** What could have gone wrong and never did; nothing where only one seed was asked for. */
    public Set<Fault> neverHappened() {
        return SeedRange.isOne() ? Set.of() : coverage.missing(Fault.ofRealStore());
    }
}

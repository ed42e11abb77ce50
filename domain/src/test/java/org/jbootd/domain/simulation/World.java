package org.jbootd.domain.simulation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What everything in one run shares: time, chance, the faults there are, what happened so far, and what broke. */
final class World {

    final Timeline timeline = new Timeline();
    final Coverage coverage = new Coverage();
    final Chance chance;
    final FaultMix mix;
    final Trace trace;

    private final Plan plan;
    private final Map<Fault, Integer> occasions = new EnumMap<>(Fault.class);
    private final List<Plan.Occurrence> happened = new ArrayList<>();
    private boolean calm;
    private Violation violation;

    World(Plan plan, Set<Fault> possible) {
        this.plan = plan;
        this.chance = new Chance(plan.seed());
        this.mix = FaultMix.drawnBy(chance, possible);
        this.trace = new Trace(timeline, plan.linesOfTrace());
    }

    /** Decides whether {@code fault} happens at this occasion, and counts it if so. */
    boolean happens(Fault fault) {
        if (calm) {
            return false;
        }
        boolean drawn = chance.of(mix.of(fault));
        int occasion = occasions.merge(fault, 1, Integer::sum);
        if (!plan.happens(fault, occasion, drawn)) {
            return false;
        }
        happened.add(new Plan.Occurrence(fault, occasion));
        coverage.count(fault);
        return true;
    }

    /** All that went wrong until now, in that order. */
    List<Plan.Occurrence> happened() {
        return List.copyOf(happened);
    }

    /** No faults from now on. */
    void calm() {
        calm = true;
    }

    boolean isCalm() {
        return calm;
    }

    /** Notes a broken promise. It ends the run after this step; the first one counts. */
    void broken(Invariant invariant, String what) {
        if (violation == null) {
            violation = new Violation(invariant, what);
        }
    }

    /** Lets the next event happen. @return false when nothing is planned */
    boolean step() {
        boolean more = timeline.step();
        if (violation != null) {
            throw violation;
        }
        return more;
    }
}

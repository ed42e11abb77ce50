package org.jbootd.domain.simulation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What everything in one run shares: time, the faults there are, what happened so far, and what broke. Chance it does not share: each
 * part of the world draws its own, so that what befalls one does not change what befalls the others.
 */
public final class World {

    private static final class Common {
        private final List<Plan.Occurrence> happened = new ArrayList<>();
        private boolean calm;
        private Violation violation;
    }

    public final Timeline timeline;
    final Coverage coverage;
    public final Chance chance;
    final FaultMix mix;
    public final Trace trace;

    private final Plan plan;
    private final String part;
    private final Common common;
    private final Map<Fault, Integer> occasions = new EnumMap<>(Fault.class);

    /** @param possible what there is to go wrong at all */
    World(Plan plan, Set<Fault> possible) {
        this.plan = plan;
        this.part = "world";
        this.timeline = new Timeline();
        this.coverage = new Coverage();
        this.chance = new Chance(plan.seed());
        this.mix = FaultMix.drawnBy(chance, possible);
        this.trace = new Trace(timeline, plan.linesOfTrace());
        this.common = new Common();
    }

    private World(World whole, String part) {
        this.plan = whole.plan;
        this.part = part;
        this.timeline = whole.timeline;
        this.coverage = whole.coverage;
        this.chance = new Chance(plan.seed() * 1_000_003 + part.hashCode());
        this.mix = whole.mix;
        this.trace = whole.trace;
        this.common = whole.common;
    }

    /** The same world, as the part of that name sees it: with a chance of its own. */
    public World part(String name) {
        return new World(this, name);
    }

    /** Decides whether {@code fault} happens at this occasion, and counts it if so. */
    public boolean happens(Fault fault) {
        if (common.calm) {
            return false;
        }
        boolean drawn = chance.of(mix.of(fault));
        int occasion = occasions.merge(fault, 1, Integer::sum);
        if (!plan.happens(part, fault, occasion, drawn)) {
            return false;
        }
        common.happened.add(new Plan.Occurrence(part, fault, occasion));
        coverage.count(fault);
        return true;
    }

    /** Whether this run is one in which {@code fault} happens now and then. */
    public boolean mayHappen(Fault fault) {
        return mix.of(fault) > 0;
    }

    /** All that went wrong until now, in that order. */
    List<Plan.Occurrence> happened() {
        return List.copyOf(common.happened);
    }

    /** No faults from now on. */
    void calm() {
        common.calm = true;
    }

    public boolean isCalm() {
        return common.calm;
    }

    /** Notes a broken promise. It ends the run after this step; the first one counts. */
    void broken(Invariant invariant, String what) {
        if (common.violation == null) {
            common.violation = new Violation(invariant, what);
        }
    }

    /** Lets the next event happen. @return false when nothing is planned */
    boolean step() {
        boolean more = timeline.step();
        if (common.violation != null) {
            throw common.violation;
        }
        return more;
    }
}

package org.jbootd.domain.simulation;

/** What everything in one run shares: time, chance, the faults there are, what happened so far, and what broke. */
final class World {

    final Timeline timeline = new Timeline();
    final Coverage coverage = new Coverage();
    final Chance chance;
    final FaultMix mix;
    final Trace trace;

    private boolean calm;
    private Violation violation;

    World(long seed, int traceLength) {
        this(new Chance(seed), null, traceLength);
    }

    /** @param mix the faults to use instead of those the seed draws, or null */
    World(Chance chance, FaultMix mix, int traceLength) {
        this.chance = chance;
        FaultMix drawn = FaultMix.drawnBy(chance);
        this.mix = mix == null ? drawn : mix;
        this.trace = new Trace(timeline, traceLength);
    }

    /** Decides whether {@code fault} happens at this occasion, and counts it if so. */
    boolean happens(Fault fault) {
        if (calm || !chance.of(mix.of(fault))) {
            return false;
        }
        coverage.count(fault);
        return true;
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

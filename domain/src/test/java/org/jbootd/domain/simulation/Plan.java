package org.jbootd.domain.simulation;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * What a run follows from. The seed decides what goes wrong, and when; or only those faults of it happen that are listed here, so
 * that a run can be had again with less in it.
 *
 * @param steps with faults
 * @param faults the only ones that happen; null for all that are drawn
 * @param absent numbers of machines that are never switched on
 */
record Plan(long seed, int steps, Set<Occurrence> faults, Set<Integer> absent) {

    /** The {@code occasion}-th time, from 1 on, that something might have happened to a part of the world, it did. */
    record Occurrence(String part, Fault fault, int occasion) {

        @Override
        public String toString() {
            return part + ":" + fault + "#" + occasion;
        }
    }

    private static final int LINES_OF_TRACE = Integer.getInteger("jbootd.simulation.trace", 60);

    static Plan of(long seed, int steps) {
        return new Plan(seed, steps, null, Set.of());
    }

    Plan withOnly(Collection<Occurrence> those) {
        return new Plan(seed, steps, Set.copyOf(those), absent);
    }

    Plan without(int machine) {
        Set<Integer> more = new HashSet<>(absent);
        more.add(machine);
        return new Plan(seed, steps, faults, more);
    }

    Plan forSteps(int fewer) {
        return new Plan(seed, fewer, faults, absent);
    }

    boolean happens(String part, Fault fault, int occasion, boolean drawn) {
        return faults == null ? drawn : faults.contains(new Occurrence(part, fault, occasion));
    }

    boolean has(int machine) {
        return !absent.contains(machine);
    }

    int linesOfTrace() {
        return LINES_OF_TRACE;
    }
}

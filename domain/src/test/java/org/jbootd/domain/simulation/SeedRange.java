package org.jbootd.domain.simulation;

import java.util.stream.LongStream;

/** The seeds that a test runs: {@code -Djbootd.simulation.seeds} says how many, {@code -Djbootd.simulation.seed} the only one. */
final class SeedRange {

    private static final Long ONLY = Long.getLong("jbootd.simulation.seed");

    private SeedRange() {}

    static long[] of(int usual) {
        return isOne()
                ? new long[] {ONLY}
                : LongStream.range(0, Integer.getInteger("jbootd.simulation.seeds", usual))
                        .toArray();
    }

    static boolean isOne() {
        return ONLY != null;
    }
}

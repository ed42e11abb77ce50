package org.jbootd.domain.simulation;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which faults one run has, and how dense they are: the probability of each at every occasion for it. Drawn from the seed, so that
 * some runs have few faults and others nearly all ("swarm testing"); a rare bug often needs the absence of some other fault.
 */
record FaultMix(Map<Fault, Double> density) {

    /** The share of faults that a run has. */
    private static final double ON = 0.6;

    /** @param possible what there is to go wrong at all */
    static FaultMix drawnBy(Chance chance, Set<Fault> possible) {
        Map<Fault, Double> density = new EnumMap<>(Fault.class);
        for (Fault fault : possible) {
            if (chance.of(ON)) {
                density.put(fault, chance.logUniform(lowest(fault), highest(fault)));
            }
        }
        return new FaultMix(density);
    }

    private static double lowest(Fault fault) {
        return switch (fault) {
            case CRASH_IN_STORE,
                    NODE_CRASH_AT_CALL,
                    NODE_PAUSE_AT_CALL,
                    CONNECTION_CUT,
                    CRASH_AT_FILE_CALL,
                    READ_FAILED -> 0.0002;
            case COMMIT_FAILED, DISK_FULL, WRITE_FAILED, FORCE_FAILED, DATABASE_FAILED -> 0.001;
            case POWER_LOST, DATABASE_WENT_BACK_ALONE -> 0.2;
            default -> 0.01;
        };
    }

    private static double highest(Fault fault) {
        return switch (fault) {
            case CRASH_IN_STORE, DISK_FULL, NODE_CRASH_AT_CALL, NODE_PAUSE_AT_CALL, CONNECTION_CUT -> 0.01;
            case CRASH_AT_FILE_CALL -> 0.05;
            case VERDICT_NEVER,
                    VERDICT_BROKEN,
                    COMMIT_FAILED,
                    WRITE_FAILED,
                    FORCE_FAILED,
                    READ_FAILED,
                    DATABASE_FAILED -> 0.1;
            case POWER_LOST, DATABASE_WENT_BACK_ALONE -> 1;
            case BOOTP, MACHINE_CLONED, MACHINE_WITH_OWN_CLIENT_ID, MACHINE_INIT_REBOOT -> 0.8;
            default -> 0.4;
        };
    }

    double of(Fault fault) {
        return density.getOrDefault(fault, 0.0);
    }

    @Override
    public String toString() {
        Map<Fault, String> text = new TreeMap<>();
        density.forEach((fault, probability) -> text.put(fault, String.format("%.4f", probability)));
        return text.toString();
    }
}

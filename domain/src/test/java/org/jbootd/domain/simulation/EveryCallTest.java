package org.jbootd.domain.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Not by chance, but at each call in turn: a node dies, stands still, or has its connection cut, and nothing else goes wrong. */
class EveryCallTest {

    private static final int STEPS = 800;
    private static final int SEEDS = 2;

    @ParameterizedTest
    @EnumSource(names = {"NODE_CRASH_AT_CALL", "NODE_PAUSE_AT_CALL", "CONNECTION_CUT"})
    void noCallIsTheWrongOne(Fault fault) {
        int runs = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            for (int node = 1; node <= 2; node++) {
                int occasion = 0;
                while (happened(seed, new Plan.Occurrence("n" + node, fault, ++occasion))) {
                    runs++;
                }
            }
        }
        System.out.println(fault + " at " + runs + " calls");
        assertThat(runs).isGreaterThan(100);
    }

    /** @return false when there are fewer calls than that while things may go wrong */
    private static boolean happened(long seed, Plan.Occurrence one) {
        Plan plan = Plan.of(seed, STEPS).withOnly(List.of(one));
        return !Failure.describedIfAny(
                        plan, each -> new ClusterSimulation(each, ClusterSimulation.Parts.with(ClusterBug.NONE)))
                .faults()
                .isEmpty();
    }
}

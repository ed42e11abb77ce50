package org.jbootd.domain.simulation;

import java.util.List;

/** One run of a simulation. */
interface Run {

    /** Runs it all, once. @throws Violation when a promise is broken */
    void run();

    /** How many machines there are, absent ones too. */
    int machines();

    /** What went wrong, in that order. */
    List<Plan.Occurrence> faults();

    /** Events that happened: a packet that arrives, a timer that goes off, a step of a write. */
    long steps();

    Trace trace();
}

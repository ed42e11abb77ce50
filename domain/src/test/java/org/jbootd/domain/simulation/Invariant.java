package org.jbootd.domain.simulation;

/** What must be true after every step, whatever went wrong before. */
enum Invariant {
    /** No address is promised to two clients at once. */
    I1_ONE_HOLDER,
    /** What was acknowledged is on disk before the acknowledgement leaves. */
    I2_DURABLE_BEFORE_SENT,
    /** The stored end of a lease is never before the promised one, over restarts and clock steps too. */
    I3_NO_EARLY_LOSS,
    /** A client that has an address gets that one. */
    I4_STICKY,
    /** No NAK to the holder of the address. */
    I5_NO_NAK_TO_HOLDER,
    /** Requests to other servers get no answer. */
    I6_SILENCE,
    /** Only addresses of the pool, and reservations only to their machine. */
    I7_WITHIN_THE_POOL,
    /** One address per client and subnet. */
    I8_ONE_BINDING,
    /** Every address of the pool is accounted for. */
    I9_CONSERVATION,
    /** The state is what the history says, and the history makes sense. */
    I10_HISTORY_COMPLETE,
    /** Times in the history do not go back. */
    I11_ORDER,
    /** No verdict, no address. */
    I12_GATE,
    /** A repeated request gets the same answer and writes nothing new. */
    I13_IDEMPOTENT,
    /** Offers write nothing, and an offered address is offered to nobody else meanwhile. */
    I14_OFFERS_ARE_CHEAP,
    /** A permitted client gets an address when one is free for it. */
    I22_PROGRESS,
    /** An address whose lease ended is available again. */
    I23_RETURN,
    /** What was stored can be loaded, and holders keep what they have. */
    I25_LOADABLE,
    /** Whichever server a new machine asks, it is offered the same address. */
    SAME_OFFER,
    /** Exactly one answer of the right kind, never an exception. */
    ONE_OUTCOME
}

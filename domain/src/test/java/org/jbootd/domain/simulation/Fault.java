package org.jbootd.domain.simulation;

/** What may go wrong, or is rare enough to be worth counting. Each must have happened at least once over all seeds. */
enum Fault {
    PACKET_LOST,
    PACKET_DUPLICATED,
    PACKET_DELAYED,
    /** A copy that arrives when its exchange is long over. */
    PACKET_GHOST,
    CRASH,
    /** A crash in the middle of a call to the store, or between its write, its sync and its answer. */
    CRASH_IN_STORE,
    /** A crash after which a part of what was not yet acknowledged is there, and the rest is not. */
    CRASH_KEPT_PREFIX,
    /** The server is down for longer than a client's patience. */
    LONG_OUTAGE,
    COMMIT_SLOW,
    COMMIT_FAILED,
    DISK_FULL,
    WALL_CLOCK_FORWARD,
    WALL_CLOCK_BACK,
    VERDICT_LATE,
    VERDICT_NEGATIVE,
    VERDICT_NEVER,
    VERDICT_BROKEN,
    MACHINE_POWER_CYCLE,
    MACHINE_RELEASES,
    MACHINE_DECLINES,
    MACHINE_INFORMS,
    MACHINE_ROAMS,
    MACHINE_INIT_REBOOT,
    MACHINE_CLONED,
    MACHINE_WITH_OWN_CLIENT_ID,
    /** The same system goes on with another network card. */
    MACHINE_CARD_SWAPPED,
    OTHER_SERVER_CHOSEN,
    BOOTP,
    FORGED_RELEASE,
    FORGED_DECLINE,
    FORGED_REQUEST,
    FLOOD
}

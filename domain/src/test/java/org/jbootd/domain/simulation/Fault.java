package org.jbootd.domain.simulation;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What may go wrong, or is rare enough to be worth counting. Each must have happened at least once over all seeds. */
public enum Fault {
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
    /** A crash that leaves the first part of a commit on disk: what is torn counts for nothing. */
    TORN_WRITE,
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
    FLOOD,

    // ---- of several servers on one database

    NODE_CRASH,
    /** A crash where a node calls its store or the store calls it, on the way there or back. */
    NODE_CRASH_AT_CALL,
    /** A node stands still, for longer than an offer lasts now and then; what reaches it meanwhile it finds afterwards. */
    NODE_PAUSE,
    NODE_PAUSE_AT_CALL,
    /** A node stands still, and so does its elapsed time. */
    NODE_SUSPENDED,
    NODE_CLOCK_STEP,
    NODE_CUT_FROM_DATABASE,
    NODE_CUT_FROM_CLIENTS,
    /** A connection is cut under a call: whether that was carried out the node cannot know. */
    CONNECTION_CUT,
    DATABASE_SLOW,
    DATABASE_STALL,
    DATABASE_RESTART,
    /** An older backup takes the database's place for a while. */
    DATABASE_WENT_BACK,
    DATABASE_CLOCK_FORWARD,
    DATABASE_CLOCK_BACK,
    NOTICE_LOST,
    NOTICE_LATE,
    /** A look at what others did sees less than there is. */
    STALE_READ,
    /** A machine takes the offers of two servers. */
    MACHINE_TAKES_TWO_OFFERS,
    /** All machines are switched off and on at once. */
    POWER_CUT,

    // ---- of a store on its disk

    /** The server is stopped in order and started again. */
    STOPPED,
    /** A crash where the store calls its disk or its database, on the way there or back, also while it is opened. */
    CRASH_AT_FILE_CALL,
    /** A crash takes from the disk what was not forced, or a part of it, and from the directory what was not synced. */
    POWER_LOST,
    /** With the power an older version of the database comes back. */
    DATABASE_WENT_BACK_ALONE,
    /** A call that writes fails. */
    WRITE_FAILED,
    /** A force fails, and nobody knows what of it is on the disk. */
    FORCE_FAILED,
    /** A file, or the directory, cannot be read. */
    READ_FAILED,
    DATABASE_FAILED,
    /** In the middle of what one of the store's threads does the other takes its turn. */
    THREADS_MEET;

    private static final Set<Fault> OF_SEVERAL = EnumSet.of(
            PACKET_LOST,
            PACKET_DUPLICATED,
            PACKET_DELAYED,
            PACKET_GHOST,
            VERDICT_LATE,
            MACHINE_POWER_CYCLE,
            MACHINE_RELEASES,
            MACHINE_DECLINES,
            MACHINE_ROAMS,
            MACHINE_INIT_REBOOT,
            OTHER_SERVER_CHOSEN,
            FORGED_RELEASE,
            FORGED_DECLINE,
            FORGED_REQUEST);

    /** Those that can befall one server with a store of its own. */
    static Set<Fault> ofOneServer() {
        return Collections.unmodifiableSet(EnumSet.range(PACKET_LOST, FLOOD));
    }

    /** Those that can befall one server with the store that it has in use. */
    static Set<Fault> ofRealStore() {
        Set<Fault> faults = EnumSet.range(PACKET_LOST, FLOOD);
        faults.removeAll(EnumSet.of(CRASH_IN_STORE, TORN_WRITE, COMMIT_FAILED));
        faults.addAll(EnumSet.range(STOPPED, THREADS_MEET));
        return Collections.unmodifiableSet(faults);
    }

    /** Those that can befall several servers on one database. */
    static Set<Fault> ofSeveralServers() {
        Set<Fault> faults = EnumSet.copyOf(OF_SEVERAL);
        faults.addAll(EnumSet.range(NODE_CRASH, POWER_CUT));
        return Collections.unmodifiableSet(faults);
    }
}

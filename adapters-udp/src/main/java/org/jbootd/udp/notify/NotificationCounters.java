package org.jbootd.udp.notify;

import java.util.concurrent.atomic.LongAdder;

/** What became of notifications since start; one for two listeners counts twice. Threads may share it. */
public final class NotificationCounters {

    private final LongAdder sent = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    void countSent() {
        sent.increment();
    }

    void countFailed() {
        failed.increment();
    }

    void countDropped(int notifications) {
        dropped.add(notifications);
    }

    /** Handed to the network. Whether a listener has heard them, UDP does not tell. */
    public long sent() {
        return sent.sum();
    }

    /** Not sent, or sent and then reported by the network as heard by nobody. */
    public long failed() {
        return failed.sum();
    }

    /** Left out, because too many waited. */
    public long dropped() {
        return dropped.sum();
    }
}

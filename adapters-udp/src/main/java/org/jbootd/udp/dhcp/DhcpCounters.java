package org.jbootd.udp.dhcp;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jbootd.domain.exchange.Reason;

/** How many datagrams had which outcome since start. Threads may share it. */
public final class DhcpCounters {

    /** What was sent. */
    public enum Reply {
        OFFER,
        ACK,
        INFORM_ACK,
        NAK,
        BOOT_REPLY,
        PROXY_OFFER,
        PROXY_ACK
    }

    private final Map<Reply, LongAdder> replies = zeros(Reply.class);
    private final Map<Reason, LongAdder> silences = zeros(Reason.class);
    private final LongAdder received = new LongAdder();
    private final LongAdder unsent = new LongAdder();
    private final LongAdder failures = new LongAdder();

    private static <K extends Enum<K>> Map<K, LongAdder> zeros(Class<K> keys) {
        Map<K, LongAdder> zeros = new EnumMap<>(keys);
        for (K key : keys.getEnumConstants()) {
            zeros.put(key, new LongAdder());
        }
        return zeros;
    }

    void countReceived() {
        received.increment();
    }

    void count(Reply reply) {
        replies.get(reply).increment();
    }

    void countSilence(Reason reason) {
        silences.get(reason).increment();
    }

    void countUnsent() {
        unsent.increment();
    }

    void countFailure() {
        failures.increment();
    }

    /** Datagrams of any kind. Each is counted once more: as a reply, a silence or a failure. */
    public long received() {
        return received.sum();
    }

    public long replies(Reply reply) {
        return replies.get(reply).sum();
    }

    /** Datagrams without an answer. */
    public long silences(Reason reason) {
        return silences.get(reason).sum();
    }

    /** Replies that the operating system refused to send. */
    public long unsent() {
        return unsent.sum();
    }

    /** Requests without an answer because of a mistake of this program. */
    public long failures() {
        return failures.sum();
    }
}

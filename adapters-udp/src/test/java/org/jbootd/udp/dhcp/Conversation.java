package org.jbootd.udp.dhcp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Datagrams one after the other, as one string of octets, so that a fuzzer may change all of it: for each how it arrives
 * and how long after the one before, its length, and itself. Every string of octets is a conversation.
 */
record Conversation(List<Turn> turns) {

    /** More would only make a fuzzer slow. */
    private static final int MAX_TURNS = 12;

    private static final List<Arrival> ARRIVALS = List.of(
            TestNetwork.broadcastOn(TestNetwork.LAN0),
            TestNetwork.broadcastOn(TestNetwork.LAN1),
            Trial.ROUTED,
            TestNetwork.broadcastOn(TestNetwork.UPLINK));

    /** Shorter and longer than an offer holds, an address rests, a lease lasts. */
    private static final List<Duration> PAUSES =
            List.of(Duration.ZERO, Duration.ofSeconds(31), Duration.ofHours(2), Duration.ofDays(2));

    /** @param how index of the arrival, and four times the index of the pause before it */
    record Turn(int how, byte[] datagram) {

        Arrival arrival() {
            return ARRIVALS.get(how & 3);
        }

        Duration pause() {
            return PAUSES.get(how >> 2 & 3);
        }
    }

    static Conversation of(byte[] octets) {
        ByteBuffer in = ByteBuffer.wrap(octets);
        List<Turn> turns = new ArrayList<>();
        while (in.remaining() > 3 && turns.size() < MAX_TURNS) {
            int how = in.get();
            byte[] datagram = new byte[Math.min(in.getShort() & 0xffff, in.remaining())];
            in.get(datagram);
            turns.add(new Turn(how, datagram));
        }
        return new Conversation(turns);
    }

    /** The octets of a conversation in which everything arrives by {@code how}. */
    static byte[] octets(int how, byte[]... datagrams) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        Arrays.stream(datagrams).forEach(datagram -> {
            octets.write(how);
            octets.write(datagram.length >> 8);
            octets.write(datagram.length);
            octets.writeBytes(datagram);
        });
        return octets.toByteArray();
    }
}

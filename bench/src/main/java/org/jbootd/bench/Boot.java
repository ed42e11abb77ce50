package org.jbootd.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.udp.dhcp.DhcpPacket;

/**
 * One attempt of a machine's firmware to get an address: DISCOVER, OFFER, REQUEST, ACK, saying again what is not answered.
 * What it may do next stands in it; when, is its crowd's affair. May be shared by threads.
 */
final class Boot {

    /** No type of a message. */
    private static final int NOTHING = 0;

    private final Firmware firmware;
    private final int xid;
    private final List<Duration> waits;

    /** The message that it waits for an answer to; {@link #NOTHING} when it is over. */
    private int waiting = Firmware.DISCOVER;

    private DhcpPacket message;
    private int said;
    private int repeated;
    private int turn;
    private boolean offered;
    private long began;
    private long ended;

    /** @param waits how long for an answer, each time that it says the same; after the last it gives up */
    Boot(Firmware firmware, int xid, List<Duration> waits) {
        this.firmware = firmware;
        this.xid = xid;
        this.waits = waits;
        this.message = firmware.discover(xid);
    }

    int xid() {
        return xid;
    }

    /** @return the first message, to be sent now */
    synchronized byte[] begin(long now) {
        began = now;
        said = 1;
        return message.encode();
    }

    /**
     * Nothing came in time.
     *
     * @param turn {@link #turn()} as it was when the wait began
     * @return what to say again; empty when something came after all, or when it gives up
     */
    synchronized Optional<byte[]> again(int turn) {
        if (turn != this.turn || isOver()) {
            return Optional.empty();
        }
        if (said == waits.size()) {
            waiting = NOTHING;
            return Optional.empty();
        }
        said++;
        repeated++;
        turn++;
        return Optional.of(message.encode());
    }

    /** @return what to say to that; empty when nothing */
    synchronized Optional<byte[]> hear(DhcpPacket reply, long now) {
        int type = reply.options().octet(Firmware.MESSAGE_TYPE).orElse(0);
        if (waiting == Firmware.DISCOVER && type == Firmware.OFFER) {
            offered = true;
            waiting = Firmware.REQUEST;
            said = 1;
            turn++;
            message = firmware.message(
                    xid,
                    Firmware.REQUEST,
                    Ipv4.UNSPECIFIED,
                    Map.of(
                            Firmware.REQUESTED_ADDRESS,
                            Octets.of(reply.yiaddr().octets()),
                            Firmware.SERVER_IDENTIFIER,
                            reply.options().get(Firmware.SERVER_IDENTIFIER).orElseThrow()));
            return Optional.of(message.encode());
        }
        if (waiting == Firmware.REQUEST && type == Firmware.ACK) {
            waiting = NOTHING;
            ended = now;
        }
        return Optional.empty();
    }

    /** A number for each time that it says something. */
    synchronized int turn() {
        return turn;
    }

    synchronized Duration patience() {
        return waits.get(said - 1);
    }

    synchronized boolean isOver() {
        return waiting == NOTHING;
    }

    synchronized boolean hasAddress() {
        return ended != 0;
    }

    synchronized boolean wasOffered() {
        return offered;
    }

    /** How often it had to say something again. */
    synchronized int repeated() {
        return repeated;
    }

    /** From the DISCOVER to the ACK. */
    synchronized long nanos() {
        return ended - began;
    }
}

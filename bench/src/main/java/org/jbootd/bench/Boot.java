package org.jbootd.bench;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.udp.dhcp.DhcpPacket;
import org.jbootd.udp.dhcp.Options;

/**
 * One attempt of a machine's firmware to get an address: DISCOVER, OFFER, REQUEST, ACK, saying again what is not answered.
 * What it may do next stands in it; when, is its crowd's affair. May be shared by threads.
 */
final class Boot {

    private static final int MESSAGE_TYPE = 53;
    private static final int NOTHING = 0;
    private static final int DISCOVER = 1;
    private static final int OFFER = 2;
    private static final int REQUEST = 3;
    private static final int ACK = 5;
    private static final int REQUESTED_ADDRESS = 50;
    private static final int SERVER_IDENTIFIER = 54;
    private static final Octets FIRMWARE =
            Octets.of("PXEClient:Arch:00007:UNDI:003000".getBytes(StandardCharsets.US_ASCII));
    private static final Octets WANTED = Octets.parseHex("0103060c0f36");

    private final HardwareAddress hardware;
    private final int xid;
    private final List<Duration> waits;

    /** What it waits for an answer to: {@link #DISCOVER}, {@link #REQUEST}, or {@link #NOTHING} when it is over. */
    private int waiting = DISCOVER;

    private DhcpPacket message;
    private int said;
    private int repeated;
    private int turn;
    private boolean offered;
    private long began;
    private long ended;

    /** @param waits how long for an answer, each time that it says the same; after the last it gives up */
    Boot(HardwareAddress hardware, int xid, List<Duration> waits) {
        this.hardware = hardware;
        this.xid = xid;
        this.waits = waits;
        this.message = packet(Map.of(MESSAGE_TYPE, Octets.of((byte) DISCOVER)));
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
        int type = reply.options().octet(MESSAGE_TYPE).orElse(0);
        if (waiting == DISCOVER && type == OFFER) {
            offered = true;
            waiting = REQUEST;
            said = 1;
            turn++;
            message = packet(Map.of(
                    MESSAGE_TYPE,
                    Octets.of((byte) REQUEST),
                    REQUESTED_ADDRESS,
                    Octets.of(reply.yiaddr().octets()),
                    SERVER_IDENTIFIER,
                    reply.options().get(SERVER_IDENTIFIER).orElseThrow()));
            return Optional.of(message.encode());
        }
        if (waiting == REQUEST && type == ACK) {
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

    private DhcpPacket packet(Map<Integer, Octets> said) {
        Map<Integer, Octets> options = new TreeMap<>(said);
        options.put(55, WANTED);
        options.put(60, FIRMWARE);
        options.put(93, Octets.parseHex("0007"));
        options.put(94, Octets.parseHex("010300"));
        options.put(97, machineIdentifier());
        return new DhcpPacket(
                DhcpPacket.BOOTREQUEST,
                hardware.type(),
                hardware.octets().length(),
                0,
                xid,
                0,
                DhcpPacket.BROADCAST_FLAG,
                Ipv4.UNSPECIFIED,
                Ipv4.UNSPECIFIED,
                Ipv4.UNSPECIFIED,
                Ipv4.UNSPECIFIED,
                Octets.of(
                        ByteBuffer.allocate(16).put(hardware.octets().toArray()).array()),
                Octets.EMPTY,
                Octets.EMPTY,
                true,
                Options.of(options));
    }

    private Octets machineIdentifier() {
        ByteArrayOutputStream identifier = new ByteArrayOutputStream();
        identifier.write(0);
        identifier.writeBytes(new byte[10]);
        identifier.writeBytes(hardware.octets().toArray());
        return Octets.of(identifier.toByteArray());
    }
}

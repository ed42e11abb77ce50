package org.jbootd.udp.dhcp;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.udp.EthernetTap;
import org.jbootd.udp.MalformedPacket;
import org.jbootd.udp.UdpFrame;

/** An Ethernet frame, most often with an IPv4 packet of a UDP datagram of a DHCP message. */
record Frame(byte[] octets) {

    static final byte[] EVERYBODY = HexFormat.of().parseHex("ffffffffffff");
    static final int IPV4 = 0x0800;
    static final int ARP = 0x0806;

    private static final int ETHERNET_HEADER = 14;
    private static final int UDP_AT = ETHERNET_HEADER + 20;
    private static final int PAYLOAD_AT = UDP_AT + 8;
    private static final int CHADDR_AT = 28;
    private static final long SOON = 10_000;

    /** A request of firmware that has no address yet. */
    static byte[] broadcast(byte[] request) {
        return of(Octets.of(EVERYBODY), Ipv4.UNSPECIFIED, Ipv4.BROADCAST, 67, request);
    }

    /** A request from port 68, from the interface with the MAC that it names. */
    static byte[] of(Octets destinationMac, Ipv4 source, Ipv4 destination, int port, byte[] request) {
        byte[] packet = UdpFrame.of(source, 68, destination, port, request);
        return ByteBuffer.allocate(ETHERNET_HEADER + packet.length)
                .put(destinationMac.toArray())
                .put(request, CHADDR_AT, 6)
                .putShort((short) IPV4)
                .put(packet)
                .array();
    }

    /** The next IPv4 packet that was sent to the clients' end. */
    static Frame nextOfIpv4(EthernetTap tap) {
        return next(tap, IPV4);
    }

    /** What else there is on the wire belongs to the system. */
    static Frame next(EthernetTap tap, int type) {
        while (true) {
            Frame frame = new Frame(tap.receive(SOON).orElseThrow(() -> new AssertionError("no frame")));
            if (frame.type() == type) {
                return frame;
            }
        }
    }

    /** An IPv4 packet that comes within {@code milliseconds} of the one before it. */
    static Optional<Frame> straggler(EthernetTap tap, long milliseconds) {
        Optional<Frame> frame = tap.receive(milliseconds).map(Frame::new);
        while (frame.isPresent() && frame.get().type() != IPV4) {
            frame = tap.receive(milliseconds).map(Frame::new);
        }
        return frame;
    }

    byte[] destinationMac() {
        return Arrays.copyOf(octets, 6);
    }

    int type() {
        return ByteBuffer.wrap(octets).getShort(12) & 0xffff;
    }

    byte[] ip() {
        return Arrays.copyOfRange(octets, ETHERNET_HEADER, octets.length);
    }

    Ipv4 source() {
        return new Ipv4(ByteBuffer.wrap(octets).getInt(ETHERNET_HEADER + 12));
    }

    Ipv4 destination() {
        return new Ipv4(ByteBuffer.wrap(octets).getInt(ETHERNET_HEADER + 16));
    }

    int sourcePort() {
        return ByteBuffer.wrap(octets).getShort(UDP_AT) & 0xffff;
    }

    int destinationPort() {
        return ByteBuffer.wrap(octets).getShort(UDP_AT + 2) & 0xffff;
    }

    byte[] payload() {
        return Arrays.copyOfRange(octets, PAYLOAD_AT, octets.length);
    }

    /** The same packet as we would write it, checksums and all. */
    byte[] rebuilt() {
        return UdpFrame.of(source(), sourcePort(), destination(), destinationPort(), payload());
    }

    DhcpPacket packet() throws MalformedPacket {
        return DhcpPacket.decode(payload());
    }
}

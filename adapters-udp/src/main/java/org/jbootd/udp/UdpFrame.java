package org.jbootd.udp;

import java.nio.ByteBuffer;
import org.jbootd.domain.net.Ipv4;

/** An IPv4 packet with a UDP datagram in it, checksums and all (RFC 791 §3.1, RFC 768). */
public final class UdpFrame {

    static final int IP_HEADER = 20;
    static final int UDP_HEADER = 8;

    private static final int UDP = 17;
    private static final int TIME_TO_LIVE = 64;
    private static final int DO_NOT_FRAGMENT = 0x4000;

    private UdpFrame() {}

    /** @param payload at most 65507 octets */
    public static byte[] of(Ipv4 source, int sourcePort, Ipv4 destination, int destinationPort, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(IP_HEADER + UDP_HEADER + payload.length);
        int udpLength = UDP_HEADER + payload.length;
        frame.put((byte) 0x45).put((byte) 0).putShort((short) frame.capacity());
        frame.putShort((short) 0).putShort((short) DO_NOT_FRAGMENT);
        frame.put((byte) TIME_TO_LIVE).put((byte) UDP).putShort((short) 0);
        frame.putInt(source.bits()).putInt(destination.bits());
        frame.putShort(10, (short) ~folded(sum(frame, 0, IP_HEADER)));
        frame.putShort((short) sourcePort).putShort((short) destinationPort);
        frame.putShort((short) udpLength).putShort((short) 0).put(payload);
        frame.putShort(IP_HEADER + 6, (short) udpChecksum(frame, udpLength));
        return frame.array();
    }

    /** Over the addresses, protocol and length (RFC 768's pseudo header) and the datagram; 0 is written as all ones. */
    private static int udpChecksum(ByteBuffer frame, int udpLength) {
        long sum = sum(frame, 12, 8) + UDP + udpLength + sum(frame, IP_HEADER, udpLength);
        int checksum = ~folded(sum) & 0xffff;
        return checksum == 0 ? 0xffff : checksum;
    }

    private static long sum(ByteBuffer frame, int from, int length) {
        long sum = 0;
        int at = from;
        for (; at + 1 < from + length; at += 2) {
            sum += frame.getShort(at) & 0xffff;
        }
        return at < from + length ? sum + ((frame.get(at) & 0xff) << 8) : sum;
    }

    private static int folded(long sum) {
        long folded = sum;
        while (folded > 0xffff) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (int) folded;
    }
}

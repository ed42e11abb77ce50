package org.jbootd.udp.dhcp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Collection;
import org.jbootd.udp.MalformedPacket;
import org.junit.jupiter.params.provider.MethodSource;

/** A datagram is a packet or malformed, and what was understood of it can be written and read again. */
class DhcpPacketFuzz {

    static Collection<byte[]> captures() {
        return CapturedPackets.all().values();
    }

    @MethodSource("captures")
    @FuzzTest
    void decodesOrIsMalformed(byte[] datagram) {
        DhcpPacket packet;
        try {
            packet = DhcpPacket.decode(datagram);
        } catch (MalformedPacket expected) {
            return;
        }
        // Written again, no option stands in another field, and an overload would call what stands there options.
        if (packet.options().octet(OptionCode.OVERLOAD).orElse(0) == 0) {
            requireRoundTrip(packet);
        }
    }

    private static void requireRoundTrip(DhcpPacket packet) {
        try {
            DhcpPacket again = DhcpPacket.decode(packet.encode());
            if (!again.equals(packet)) {
                throw new AssertionError(packet + " became " + again);
            }
        } catch (MalformedPacket e) {
            throw new AssertionError(packet + " cannot be read again", e);
        }
    }
}

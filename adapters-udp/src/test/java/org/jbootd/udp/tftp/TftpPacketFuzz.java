package org.jbootd.udp.tftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jbootd.udp.MalformedPacket;
import org.junit.jupiter.params.provider.MethodSource;

/** A datagram is a packet or malformed; what was understood makes the round trip, and its options negotiate. */
class TftpPacketFuzz {

    static List<byte[]> requests() throws IOException {
        List<byte[]> requests = new ArrayList<>(RealRequests.all());
        for (String packet : List.of("\0\4\0\7", "\0\5\0\2No\0", "\0\3\0\1data", "\0\6blksize\0" + "1428\0")) {
            requests.add(packet.getBytes(ISO_8859_1));
        }
        return requests;
    }

    @MethodSource("requests")
    @FuzzTest
    void decodesOrIsMalformed(byte[] datagram) {
        try {
            TftpPacket packet = TftpPacket.decode(ByteBuffer.wrap(datagram));
            TftpPacket again = TftpPacket.decode(ByteBuffer.wrap(packet.encode()));
            if (!again.equals(packet)) {
                throw new AssertionError(packet + " became " + again);
            }
        } catch (MalformedPacket e) {
            if (e.getMessage().isBlank()) {
                throw new AssertionError("no reason given");
            }
        }
    }
}

package org.jbootd.udp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.Test;

class UdpFrameTest {

    private static final Ipv4 SERVER = Ipv4.parse("10.77.0.1");
    private static final Ipv4 CLIENT = Ipv4.parse("10.77.0.100");

    @Test
    void aFrameIsWhatTheHeadersSay() {
        byte[] frame = UdpFrame.of(SERVER, 67, CLIENT, 68, new byte[] {'a', 'b', 'c'});
        assertThat(HexFormat.of().formatHex(frame))
                .isEqualTo("4500001f" + "00004000" + "4011" + "25d0" // version to header checksum
                        + "0a4d0001" + "0a4d0064" // addresses
                        + "00430044" + "000b" + "25f0" // ports, length, checksum
                        + "616263");
    }

    /** A receiver adds up all words, checksum included, and gets all ones: RFC 1071 §1. */
    @Test
    void checksumsHoldForEveryLength() {
        Random random = new Random(1);
        for (int length = 0; length < 600; length++) {
            byte[] payload = new byte[length];
            random.nextBytes(payload);
            byte[] frame = UdpFrame.of(SERVER, 67, CLIENT, 68, payload);
            assertThat(sum(Arrays.copyOf(frame, 20))).isEqualTo(0xffff);
            byte[] pseudo = ByteBuffer.allocate(12 + frame.length - 20)
                    .put(frame, 12, 8)
                    .putShort((short) 17)
                    .putShort((short) (frame.length - 20))
                    .put(frame, 20, frame.length - 20)
                    .array();
            assertThat(sum(pseudo)).as("seed 1, " + length + " octets").isEqualTo(0xffff);
            assertThat(ByteBuffer.wrap(frame).getShort(26))
                    .as("0 would mean no checksum")
                    .isNotZero();
        }
    }

    private static int sum(byte[] octets) {
        int sum = 0;
        for (int at = 0; at < octets.length; at++) {
            sum += (octets[at] & 0xff) << (at % 2 == 0 ? 8 : 0);
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return sum;
    }
}

package org.jbootd.udp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.Test;

/** What a packet socket may pass on. */
class SourcelessSocketTest {

    private static final Ipv4 SERVER = Ipv4.parse("10.77.0.1");
    private static final byte[] TEXT = {1, 2, 3, 4};

    private static byte[] packet() {
        return UdpFrame.of(Ipv4.UNSPECIFIED, 68, SERVER, 67, TEXT);
    }

    @Test
    void aDatagramWithoutASourceIsRead() {
        SourcelessSocket.Received received =
                SourcelessSocket.read(packet(), 7, 67).orElseThrow();
        assertThat(received.interfaceIndex()).isEqualTo(7);
        assertThat(received.sourcePort()).isEqualTo(68);
        assertThat(received.destination()).isEqualTo(SERVER);
        assertThat(received.datagram()).isEqualTo(TEXT);
    }

    @Test
    void ethernetsPaddingIsNoPartOfIt() {
        byte[] padded = Arrays.copyOf(packet(), 60);
        assertThat(SourcelessSocket.read(padded, 7, 67).orElseThrow().datagram())
                .isEqualTo(TEXT);
    }

    @Test
    void optionsOfIpArePassedOver() {
        byte[] plain = packet();
        byte[] longer = new byte[plain.length + 4];
        System.arraycopy(plain, 0, longer, 0, 20);
        System.arraycopy(plain, 20, longer, 24, plain.length - 20);
        longer[0] = 0x46;
        assertThat(SourcelessSocket.read(longer, 7, 67).orElseThrow().datagram())
                .isEqualTo(TEXT);
    }

    @Test
    void everythingElseIsNot() {
        assertThat(SourcelessSocket.read(UdpFrame.of(SERVER, 68, SERVER, 67, TEXT), 7, 67))
                .isEmpty();
        assertThat(SourcelessSocket.read(packet(), 7, 69)).isEmpty();
        for (int[] change : List.of(
                new int[] {0, 0x65}, // version
                new int[] {0, 0x44}, // a header of 16 octets
                new int[] {0, 0x4f}, // a header that is longer than the packet
                new int[] {6, 0x20}, // a fragment: the first
                new int[] {7, 0x01}, // a later one
                new int[] {9, 6}, // TCP
                new int[] {25, 7}, // a datagram that is shorter than its header
                new int[] {25, 13}, // one that is longer than the packet
                new int[] {24, 0xff})) {
            byte[] broken = packet();
            broken[change[0]] = (byte) change[1];
            assertThat(SourcelessSocket.read(broken, 7, 67))
                    .as(Arrays.toString(change))
                    .isEmpty();
        }
        for (int length = 0; length < packet().length; length++) {
            assertThat(SourcelessSocket.read(Arrays.copyOf(packet(), length), 7, 67))
                    .as("%s octets", length)
                    .isEmpty();
        }
    }
}

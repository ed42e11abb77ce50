package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.udp.MalformedPacket;
import org.junit.jupiter.api.Test;

class DhcpPacketTest {

    private static final String COOKIE = "63825363";

    @Test
    void everyCapturedPacketMakesTheRoundTrip() throws MalformedPacket {
        for (Map.Entry<String, byte[]> captured : CapturedPackets.all().entrySet()) {
            DhcpPacket packet = DhcpPacket.decode(captured.getValue());
            DhcpPacket again = DhcpPacket.decode(packet.encode());
            if (packet.cookie()) {
                assertThat(again).as(captured.getKey()).isEqualTo(packet);
            }
        }
    }

    @Test
    void everyOptionCodeAndLengthMakesTheRoundTrip() throws MalformedPacket {
        for (int code = 1; code < 255; code++) {
            if (code == OptionCode.OVERLOAD) {
                continue;
            }
            for (int length : new int[] {0, 1, 254, 255, 256, 510, 511, 1_000}) {
                byte[] value = new byte[length];
                Arrays.fill(value, (byte) code);
                assertRoundTrip(Options.of(Map.of(code, Octets.of(value))));
            }
        }
    }

    private static void assertRoundTrip(Options options) throws MalformedPacket {
        DhcpPacket packet = withOptions(options);
        assertThat(DhcpPacket.decode(packet.encode())).isEqualTo(packet);
    }

    private static DhcpPacket withOptions(Options options) {
        return new DhcpPacket(
                1,
                1,
                6,
                255,
                -1,
                65_535,
                65_535,
                Ipv4.BROADCAST,
                Ipv4.BROADCAST,
                Ipv4.BROADCAST,
                Ipv4.BROADCAST,
                Octets.of(new byte[16]),
                Octets.of((byte) 'a'),
                Octets.of((byte) 'b'),
                true,
                options);
    }

    @Test
    void aRequestMayEndWithItsFixedFields() throws MalformedPacket {
        DhcpPacket klibc = DhcpPacket.decode(CapturedPackets.named("klibc-bootp"));
        assertThat(klibc.cookie()).isFalse();
        assertThat(klibc.options()).isEqualTo(Options.NONE);
        assertThat(klibc.hardwareAddress().toString()).isEqualTo("52-54-00-0C-11-E7");
    }

    @Test
    void aForeignCookieMeansNoOptions() throws MalformedPacket {
        assertThat(decode("09080706" + "350101ff").cookie()).isFalse();
        assertThat(decode("638253").cookie()).isFalse();
    }

    @Test
    void optionsAreReadAsRealClientsWriteThem() throws MalformedPacket {
        assertThat(decode(COOKIE + "0000350101" + "00".repeat(55)).options().octet(53))
                .as("no END, but the field is filled")
                .hasValue(1);
        assertThat(decode(COOKIE + "350101ff0c04").options().has(12))
                .as("junk behind END")
                .isFalse();
        assertThat(decode(COOKIE + "3701010c01613701060000ff").options().get(55))
                .as("pieces are joined: RFC 3396 §7")
                .contains(Octets.parseHex("0106"));
        assertThat(decode(COOKIE + "de0177ff").options().get(222)).as("unknown").contains(Octets.parseHex("77"));
    }

    @Test
    void valuesOfTheWrongFormReadAsAbsent() throws MalformedPacket {
        Options options =
                decode(COOKIE + "3203010203" + "3903010203" + "35020101" + "ff").options();
        assertThat(options.address(50)).isEmpty();
        assertThat(options.word(57)).isEmpty();
        assertThat(options.octet(53)).isEmpty();
    }

    @Test
    void overloadedFieldsAreReadInOrder() throws MalformedPacket {
        byte[] packet = datagram(COOKIE + "340103" + "370101" + "ff");
        System.arraycopy(HexFormat.of().parseHex("370103ff"), 0, packet, 108, 4);
        System.arraycopy(HexFormat.of().parseHex("370106ff"), 0, packet, 44, 4);
        assertThat(DhcpPacket.decode(packet).options().get(55)).contains(Octets.parseHex("010306"));
    }

    @Test
    void piecesOnBothSidesOfAnOverloadAreJoinedInOrder() throws MalformedPacket {
        byte[] packet = datagram(COOKIE + "3400" + "340101" + "de0161" + "de0162" + "0c0178" + "de00" + "ff");
        System.arraycopy(HexFormat.of().parseHex("de02" + "6364" + "ff"), 0, packet, 108, 5);
        Options options = DhcpPacket.decode(packet).options();
        assertThat(options.octet(52)).as("in pieces itself").hasValue(1);
        assertThat(options.text(222)).contains("abcd");
        assertThat(options.text(12)).contains("x");
    }

    @Test
    void asManyPiecesAsAreReadAreOneValue() throws MalformedPacket {
        String piece = "deff" + "61".repeat(255);
        DhcpPacket packet = decode(COOKIE + piece.repeat(OptionFields.MAX_PIECES) + "ff");
        assertThat(packet.options().get(222)).contains(Octets.parseHex("61".repeat(255 * OptionFields.MAX_PIECES)));
    }

    @Test
    void brokenPacketsAreMalformed() {
        assertMalformed(new byte[0]);
        assertMalformed(new byte[DhcpPacket.HEADER_SIZE - 1]);
        assertMalformed(datagram(COOKIE + "0c"));
        assertMalformed(datagram(COOKIE + "0c0261"));
        assertMalformed(datagram(COOKIE + "350101")); // SEC-01: cut off behind a whole option
        assertMalformed(datagram(COOKIE + "0c0161".repeat(OptionFields.MAX_PIECES + 1)));
        byte[] longHardwareAddress = datagram(COOKIE + "ff");
        longHardwareAddress[2] = 17;
        assertMalformed(longHardwareAddress);
        byte[] overloaded = datagram(COOKIE + "340101ff");
        Arrays.fill(overloaded, 108, 236, (byte) 12);
        assertMalformed(overloaded);
    }

    private static void assertMalformed(byte[] datagram) {
        assertThatThrownBy(() -> DhcpPacket.decode(datagram)).isInstanceOf(MalformedPacket.class);
    }

    @Test
    void aMessageIsPaddedToThreeHundredOctets() {
        byte[] message =
                withOptions(Options.of(Map.of(53, Octets.parseHex("02")))).encode();
        assertThat(message).hasSize(300);
        assertThat(ByteBuffer.wrap(message).getInt(236)).isEqualTo(0x63825363);
        assertThat(HexFormat.of().formatHex(message, 240, 246)).isEqualTo("350102ff0000");
        Map<Integer, Octets> many = new HashMap<>();
        many.put(66, Octets.of(new byte[300]));
        assertThat(withOptions(Options.of(many)).encode()).hasSize(240 + 2 + 255 + 2 + 45 + 1);
    }

    private static DhcpPacket decode(String hex) throws MalformedPacket {
        return DhcpPacket.decode(datagram(hex));
    }

    private static byte[] datagram(String hexBehindTheHeader) {
        byte[] tail = HexFormat.of().parseHex(hexBehindTheHeader);
        byte[] datagram = Arrays.copyOf(new byte[] {1, 1, 6}, DhcpPacket.HEADER_SIZE + tail.length);
        System.arraycopy(tail, 0, datagram, DhcpPacket.HEADER_SIZE, tail.length);
        return datagram;
    }
}

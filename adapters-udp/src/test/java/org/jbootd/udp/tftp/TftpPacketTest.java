package org.jbootd.udp.tftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jbootd.domain.net.Octets;
import org.jbootd.domain.transfer.TransferOption;
import org.jbootd.udp.MalformedPacket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TftpPacketTest {

    private static final int GENERATED = Integer.getInteger("jbootd.fuzz", 200_000);

    static Stream<TftpPacket> packets() {
        List<TransferOption> options = List.of(new TransferOption("blksize", "1428"), new TransferOption("tsize", "0"));
        return Stream.of(
                new TftpPacket.ReadRequest("pxelinux.0", "octet", List.of()),
                new TftpPacket.ReadRequest("vmlinuz münchen", "NetAscii", options),
                new TftpPacket.WriteRequest("x", "octet", options),
                new TftpPacket.Data(65535, Octets.parseHex("00ff")),
                new TftpPacket.Data(1, Octets.EMPTY),
                new TftpPacket.Ack(0),
                new TftpPacket.Ack(65535),
                new TftpPacket.Failure(1, "File not found"),
                new TftpPacket.OptionAck(options),
                new TftpPacket.OptionAck(List.of()),
                new TftpPacket.Unknown(77));
    }

    @ParameterizedTest
    @MethodSource("packets")
    void makesTheRoundTrip(TftpPacket packet) throws MalformedPacket {
        assertThat(decode(packet.encode())).isEqualTo(packet);
    }

    @Test
    void everyKindOfPacketMakesTheRoundTrip() {
        assertThat(packets().map(Object::getClass).distinct())
                .containsExactlyInAnyOrder(TftpPacket.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\0",
                "\0\1",
                "\0\1name",
                "\0\1name\0",
                "\0\1name\0octet",
                "\0\2name\0octet",
                "\0\3",
                "\0\3\0",
                "\0\4\0",
                "\0\5\0",
                "\0\1\377\376\0octet\0"
            })
    void tooShortOrWithoutItsWordsIsMalformed(String octets) {
        assertThatThrownBy(() -> decode(octets.getBytes(ISO_8859_1))).isInstanceOf(MalformedPacket.class);
    }

    @Test
    void whatFollowsTheLastWholeOptionIsIgnored() throws MalformedPacket {
        for (String rest : List.of("", "x", "blksize", "blksize\0", "blksize\0" + "1428")) {
            assertThat(decode(("\0\1f\0octet\0tsize\0" + "0\0" + rest).getBytes(ISO_8859_1)))
                    .isEqualTo(new TftpPacket.ReadRequest("f", "octet", List.of(new TransferOption("tsize", "0"))));
        }
    }

    @Test
    void octetsAfterAnAckAreIgnored() throws MalformedPacket {
        assertThat(decode(new byte[] {0, 4, 0, 7, 9, 9, 9})).isEqualTo(new TftpPacket.Ack(7));
    }

    @Test
    void namesAreUtf8() throws MalformedPacket {
        assertThat(decode("\0\1bücher/größe\0octet\0".getBytes(UTF_8)))
                .isEqualTo(new TftpPacket.ReadRequest("bücher/größe", "octet", List.of()));
    }

    @Test
    void realRequestsAreUnderstood() throws IOException, MalformedPacket {
        for (byte[] request : RealRequests.all()) {
            assertThat(decode(request)).isInstanceOf(TftpPacket.ReadRequest.class);
            assertThat(decode(request).encode()).isEqualTo(request);
        }
    }

    @Test
    void everyPrefixOfARealRequestDecodesOrIsMalformed() throws IOException {
        for (byte[] request : RealRequests.all()) {
            for (int length = 0; length < request.length; length++) {
                assertTotal(Arrays.copyOf(request, length), "prefix of " + length);
            }
        }
    }

    @Test
    void everySingleByteChangeOfARealRequestDecodesOrIsMalformed() throws IOException {
        for (byte[] request : RealRequests.all()) {
            for (int at = 0; at < request.length; at++) {
                for (int value = 0; value < 256; value++) {
                    byte[] changed = request.clone();
                    changed[at] = (byte) value;
                    assertTotal(changed, "octet " + at + " is " + value);
                }
            }
        }
    }

    @Test
    void generatedDatagramsDecodeOrAreMalformed() {
        long seed = Long.getLong("jbootd.seed", 20260101L);
        GeneratedDatagrams generated = new GeneratedDatagrams(new Random(seed));
        for (int i = 0; i < GENERATED; i++) {
            assertTotal(generated.next(), "seed " + seed + ", datagram " + i);
        }
    }

    /** What decodes says the same after another round trip; anything else than MalformedPacket is a bug. */
    private static void assertTotal(byte[] datagram, String what) {
        try {
            TftpPacket packet = decode(datagram);
            TftpPacket again = decode(packet.encode());
            if (!again.equals(packet)) {
                throw new AssertionError(what + ": " + packet + " became " + again);
            }
        } catch (MalformedPacket e) {
            if (e.getMessage().isBlank()) {
                throw new AssertionError(what + ": no reason given");
            }
        } catch (RuntimeException e) {
            throw new AssertionError(what, e);
        }
    }

    private static TftpPacket decode(byte[] octets) throws MalformedPacket {
        return TftpPacket.decode(ByteBuffer.wrap(octets));
    }
}

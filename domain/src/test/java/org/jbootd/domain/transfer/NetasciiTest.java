package org.jbootd.domain.transfer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NetasciiTest {

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("abc", "abc"),
                Arguments.of("a\nb", "a\r\nb"),
                Arguments.of("a\rb", "a\r\0b"),
                Arguments.of("a\r\nb", "a\r\0\r\nb"),
                Arguments.of("\n\n", "\r\n\r\n"),
                Arguments.of("\r", "\r\0"),
                Arguments.of("\0", "\0"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void convertsLineEnds(String text, String expected) {
        assertThat(convert(text.getBytes(ISO_8859_1), 1000, 1000)).isEqualTo(expected.getBytes(ISO_8859_1));
    }

    @Test
    void piecesMayEndAnywhere() {
        byte[] text = "one\ntwo\r\n\rthree\n".getBytes(ISO_8859_1);
        byte[] whole = convert(text, 1000, 1000);

        for (int in = 1; in <= text.length; in++) {
            for (int out = 1; out <= whole.length; out++) {
                assertThat(convert(text, in, out))
                        .as("pieces of %d and %d", in, out)
                        .isEqualTo(whole);
            }
        }
    }

    @Test
    void everyOctetSurvives() {
        long seed = 20260101;
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            byte[] text = new byte[random.nextInt(300)];
            for (int i = 0; i < text.length; i++) {
                text[i] = "\r\n\0ab\u00ff".getBytes(ISO_8859_1)[random.nextInt(6)];
            }
            byte[] converted = convert(text, 1 + random.nextInt(20), 1 + random.nextInt(20));
            assertThat(NetasciiText.decode(converted))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(text);
        }
    }

    private static byte[] convert(byte[] text, int inPiece, int outPiece) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        boolean half = false;
        int position = 0;
        while (position < text.length) {
            ByteBuffer source = ByteBuffer.wrap(text, position, Math.min(inPiece, text.length - position));
            ByteBuffer into = ByteBuffer.allocate(outPiece);
            half = Netascii.encode(source, half, into);
            position = source.position();
            all.write(into.array(), 0, into.position());
        }
        return all.toByteArray();
    }
}

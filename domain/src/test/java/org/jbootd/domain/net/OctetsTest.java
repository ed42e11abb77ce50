package org.jbootd.domain.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OctetsTest {

    private static final Octets SOME = Octets.parseHex("007f80ff");

    @Test
    void eachIsANumberWithoutSign() {
        assertThat(SOME.length()).isEqualTo(4);
        assertThat(new int[] {SOME.at(0), SOME.at(1), SOME.at(2), SOME.at(3)}).containsExactly(0, 127, 128, 255);
    }

    @Test
    void nobodyCanChangeThem() {
        byte[] given = {1, 2};
        Octets octets = Octets.of(given);
        given[0] = 9;
        octets.toArray()[1] = 9;

        assertThat(octets.toArray()).containsExactly(1, 2);
    }

    @Test
    void equalContentIsEqual() {
        assertThat(SOME).isEqualTo(Octets.of((byte) 0, (byte) 0x7f, (byte) 0x80, (byte) 0xff));
        assertThat(SOME).hasSameHashCodeAs(Octets.parseHex("007F80FF"));
        assertThat(SOME).isNotEqualTo(Octets.parseHex("007f80fe")).isNotEqualTo("007f80ff");
        assertThat(Octets.of()).isEqualTo(Octets.EMPTY).isEqualTo(Octets.parseHex(""));
    }

    /** A hash table of a hundred thousand machines is no list. */
    @Test
    void whatDiffersInFewPlacesHasDifferentHashCodes() {
        int machines = 100_000;
        long different = IntStream.range(0, machines)
                .map(i -> Octets.of((byte) 2, (byte) 0, (byte) 0, (byte) (i >> 16), (byte) (i >> 8), (byte) i)
                        .hashCode())
                .distinct()
                .count();
        assertThat(different).isGreaterThan(machines * 99 / 100);
    }

    @Test
    void aSliceIsAPartOfThem() {
        assertThat(SOME.slice(1, 3)).isEqualTo(Octets.parseHex("7f80"));
        assertThat(SOME.slice(2, 2)).isEqualTo(Octets.EMPTY);
    }

    @Test
    void theirTextIsHexadecimal() {
        assertThat(SOME.toHex()).isEqualTo("007f80ff");
        assertThat(SOME).hasToString("007f80ff");
    }
}

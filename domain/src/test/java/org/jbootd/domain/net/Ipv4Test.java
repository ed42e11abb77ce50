package org.jbootd.domain.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ipv4Test {

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 00000000",
        "10.0.0.1, 0a000001",
        "1.2.3.4, 01020304",
        "129.130.131.132, 81828384",
        "255.0.255.0, ff00ff00",
        "255.255.255.255, ffffffff"
    })
    void textOctetsAndBitsAreTheSameAddress(String text, String hex) {
        byte[] octets = Octets.parseHex(hex).toArray();
        Ipv4 address = Ipv4.parse(text);

        assertThat(address.bits()).isEqualTo(Integer.parseUnsignedInt(hex, 16));
        assertThat(address.octets()).isEqualTo(octets);
        assertThat(Ipv4.of(octets)).isEqualTo(address);
        assertThat(address).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0",
                "10.0.0.1.",
                "10.0.0.0.1",
                "10.0.0.256",
                "300.0.0.1",
                "10.0.0.01",
                "010.0.0.1",
                "10.0.0.00",
                "0x0a.0.0.1",
                "10.0.0.-1",
                " 10.0.0.1",
                "10.0.0.1 ",
                "10..0.1",
                "1000.0.0.1",
                "host"
            })
    void whatIsNoDottedQuadIsRefusedByName(String text) {
        assertThatThrownBy(() -> Ipv4.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is not an IPv4 address: write four numbers of 0 to 255, as in 10.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 5, 16})
    void anotherNumberOfOctetsThanFourIsRefused(int length) {
        assertThatThrownBy(() -> Ipv4.of(new byte[length]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an IPv4 address has four octets, not " + length);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, false",
        "0.255.255.255, false",
        "1.0.0.0, true",
        "126.255.255.255, true",
        "127.0.0.1, false",
        "127.255.255.255, false",
        "128.0.0.0, true",
        "223.255.255.255, true",
        "224.0.0.0, false",
        "240.0.0.1, false",
        "255.255.255.255, false"
    })
    void aHostHasAUnicastAddressThatIsNotLoopback(String text, boolean host) {
        assertThat(Ipv4.parse(text).isHost()).isEqualTo(host);
    }

    @Test
    void onlyOneAddressIsUnspecified() {
        assertThat(Ipv4.UNSPECIFIED.isUnspecified()).isTrue();
        assertThat(Ipv4.parse("0.0.0.1").isUnspecified()).isFalse();
        assertThat(Ipv4.BROADCAST.isUnspecified()).isFalse();
    }

    @Test
    void stepsGoOverOctetsAndBack() {
        assertThat(Ipv4.parse("10.0.0.255").plus(1)).isEqualTo(Ipv4.parse("10.0.1.0"));
        assertThat(Ipv4.parse("10.0.1.0").plus(-1)).isEqualTo(Ipv4.parse("10.0.0.255"));
    }

    @Test
    void theOrderIsThatOfUnsignedNumbers() {
        assertThat(Stream.of("200.0.0.1", "10.0.0.2", "127.255.255.255", "128.0.0.0", "10.0.0.1")
                        .map(Ipv4::parse)
                        .sorted())
                .extracting(Ipv4::toString)
                .containsExactly("10.0.0.1", "10.0.0.2", "127.255.255.255", "128.0.0.0", "200.0.0.1");
    }
}

package org.jbootd.domain.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HardwareAddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"AA-BB-CC-0D-EE-F1", "aa:bb:cc:0d:ee:f1", "aabbcc0deef1", "aA-Bb-cC-0d-eE-F1"})
    void anEthernetAddressMayBeWrittenInSeveralWays(String text) {
        HardwareAddress address = HardwareAddress.parse(text);

        assertThat(address).isEqualTo(new HardwareAddress(1, Octets.parseHex("aabbcc0deef1")));
        assertThat(address).hasToString("AA-BB-CC-0D-EE-F1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "AA-BB-CC-0D-EE", "AA-BB-CC-0D-EE-F1-00", "AA-BB:CC-0D-EE-F1", "GG-BB-CC-0D-EE-F1", "6/AA-BB"
            })
    void whatIsNoEthernetAddressIsRefusedByName(String text) {
        assertThatThrownBy(() -> HardwareAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is not a MAC address: write AA-BB-CC-DD-EE-FF or aa:bb:cc:dd:ee:ff");
    }

    @ParameterizedTest
    @CsvSource({"1, aabbccddeeff, AA-BB-CC-DD-EE-FF", "6, aabb, 6/AA-BB", "32, 00010203, 32/00-01-02-03", "0, '', 0/"})
    void whatIsRecordedIsReadAgain(int type, String hex, String text) {
        HardwareAddress address = new HardwareAddress(type, Octets.parseHex(hex));

        assertThat(address).hasToString(text);
        assertThat(HardwareAddress.parseRecorded(text)).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AA-B", "x/AA-BB", "/AA-BB", "256/AA-BB", "AA:BB"})
    void aRecordThatWasNeverWrittenIsRefused(String text) {
        assertThatThrownBy(() -> HardwareAddress.parseRecorded(text)).isInstanceOf(IllegalArgumentException.class);
    }

    /** RFC 2131 §2: {@code htype} is one octet, {@code chaddr} sixteen. */
    @Test
    void noHardwareHasMoreThanTheHeaderHasRoomFor() {
        assertThatCode(() -> new HardwareAddress(0, Octets.EMPTY)).doesNotThrowAnyException();
        assertThatCode(() -> new HardwareAddress(255, Octets.of(new byte[16]))).doesNotThrowAnyException();
        assertThatThrownBy(() -> new HardwareAddress(-1, Octets.EMPTY))
                .hasMessage("a hardware type is 0 to 255, not -1");
        assertThatThrownBy(() -> new HardwareAddress(256, Octets.EMPTY))
                .hasMessage("a hardware type is 0 to 255, not 256");
        assertThatThrownBy(() -> new HardwareAddress(1, Octets.of(new byte[17])))
                .hasMessage("a hardware address has at most 16 octets, not 17");
    }

    @ParameterizedTest
    @CsvSource({
        "02-00-00-00-00-01, true",
        "01-00-5E-00-00-01, false",
        "FF-FF-FF-FF-FF-FF, false",
        "00-00-00-00-00-00, false",
        "6/01-02, true",
    })
    void anAddressOfAGroupIsNoMachines(String text, boolean machine) {
        assertThat(HardwareAddress.parseRecorded(text).isOfOneMachine()).isEqualTo(machine);
    }
}

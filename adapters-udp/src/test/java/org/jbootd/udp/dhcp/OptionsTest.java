package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.jbootd.domain.client.BootItem;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the values of options mean, and that broken ones mean nothing. */
class OptionsTest {

    private static Options options(int code, String hex) {
        return Options.of(Map.of(code, Octets.parseHex(hex)));
    }

    @Test
    void numbersHaveNoSign() {
        assertThat(options(53, "ff").octet(53)).hasValue(255);
        assertThat(options(57, "ff80").word(57)).hasValue(0xff80);
        assertThat(options(50, "c8000001").address(50)).contains(Ipv4.parse("200.0.0.1"));
    }

    @Test
    void whatIsNotThereIsAbsent() {
        assertThat(Options.NONE.octet(53)).isEmpty();
        assertThat(Options.NONE.word(57)).isEmpty();
        assertThat(Options.NONE.address(50)).isEmpty();
        assertThat(Options.NONE.text(12)).isEmpty();
        assertThat(Options.NONE.has(12)).isFalse();
        assertThat(Options.NONE.isEmpty()).isTrue();
        assertThat(options(12, "61").isEmpty()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "00, ''", "0000, ''", "61, a", "610000, a", "00610062, '\u0000a\u0000b'", "e9, \u00e9"})
    void textEndsBeforeItsFinalNuls(String hex, String text) {
        assertThat(options(12, hex).text(12)).contains(text);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 255, 256})
    void padAndEndAreNoOptions(int code) {
        assertThatThrownBy(() -> options(code, "00"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an option code is 1 to 254, not " + code);
    }

    @Test
    void theFirstAndTheLastCodeAreOptions() {
        assertThat(options(1, "00").has(1)).isTrue();
        assertThat(options(254, "00").has(254)).isTrue();
    }

    @Test
    void equalOptionsAreEqual() {
        assertThat(options(12, "61"))
                .isEqualTo(options(12, "61"))
                .hasSameHashCodeAs(options(12, "61"))
                .isNotEqualTo(options(12, "62"))
                .isNotEqualTo("12");
        assertThat(options(12, "61")).hasToString("{12=61}");
    }

    /** PXE 2.1 §2.2.3: sub-option 71 has a type and a layer. */
    @ParameterizedTest
    @CsvSource({
        "470400010002ff, 1 2",
        "470480010002, 32769 2",
        "47040001ffff, 1 65535",
        "000047040001000200, 1 2",
        "0601084704000a0000ff, 10 0",
        "ff4704000a0000, ''",
        "47030001ff, ''",
        "470500010002ff, ''",
        "4704000100, ''",
        "47, ''",
        "'', ''"
    })
    void firmwareChoosesAnItemBySubOption71(String hex, String item) {
        assertThat(PxeOptions.itemIn(options(43, hex)))
                .isEqualTo(Optional.of(item).filter(text -> !text.isEmpty()).map(OptionsTest::item));
    }

    private static BootItem item(String typeAndLayer) {
        String[] parts = typeAndLayer.split(" ");
        return new BootItem(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    @Test
    void withoutOption43NothingIsChosen() {
        assertThat(PxeOptions.itemIn(Options.NONE)).isEmpty();
    }

    /** RFC 3527: among other sub-options, and only if whole. */
    @ParameterizedTest
    @CsvSource({
        "05040a4d0000, 10.77.0.0",
        "0102aabb05040a4d0000, 10.77.0.0",
        "050005040a4d0000, 10.77.0.0",
        "05030a4d0005040a4d0000, 10.77.0.0",
        "05040a4d00, ''",
        "05050a4d000000, ''",
        "01ff05040a4d0000, ''",
        "0504, ''",
        "05, ''"
    })
    void aRelayTellsTheClientsLink(String hex, String address) {
        assertThat(RelayInformation.linkSelection(options(82, hex)))
                .isEqualTo(Optional.of(address).filter(text -> !text.isEmpty()).map(Ipv4::parse));
    }

    @ParameterizedTest
    @CsvSource({"0, 2", "1, 3", "255, 257", "256, 260", "510, 514", "511, 517"})
    void aLongValueNeedsRoomForEachOfItsPieces(int length, int size) {
        assertThat(OptionFields.sizeOf(length)).isEqualTo(size);
        Options value = Options.of(Map.of(12, Octets.of(new byte[length])));
        assertThat(OptionFields.encoded(value).length()).as("and END").isEqualTo(size + 1);
    }
}

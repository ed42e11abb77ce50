package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which fields options go to, octet by octet (RFC 2132 §9.3). */
class OptionLayoutTest {

    private static final int OVERLOAD_SIZE = 3;

    private static Map<Integer, Octets> values(int... codesAndLengths) {
        Map<Integer, Octets> values = new LinkedHashMap<>();
        for (int i = 0; i < codesAndLengths.length; i += 2) {
            values.put(codesAndLengths[i], Octets.of(new byte[codesAndLengths[i + 1]]));
        }
        return values;
    }

    private static List<Integer> codes(Options options) {
        List<Integer> codes = new ArrayList<>();
        options.forEach((code, value) -> codes.add(code));
        return codes;
    }

    private static int size(Options options) {
        return OptionFields.encoded(options).length() - 1;
    }

    @Test
    void whatFitsExactlyBorrowsNothing() {
        Map<Integer, Octets> values = values(53, 1, 12, 40);

        OptionLayout layout = OptionLayout.of(values, 45, true).orElseThrow();

        assertThat(layout).isEqualTo(new OptionLayout(Options.of(values), Options.NONE, Options.NONE));
        assertThat(layout.sname(Octets.parseHex("61"))).isEqualTo(Octets.parseHex("61"));
        assertThat(layout.file(Octets.parseHex("62"))).isEqualTo(Octets.parseHex("62"));
    }

    @Test
    void whatMovesPaysForTheOptionThatSaysSo() {
        Map<Integer, Octets> values = values(53, 1, 12, 40);
        int exact = 3 + OVERLOAD_SIZE;

        OptionLayout layout = OptionLayout.of(values, exact, false).orElseThrow();

        assertThat(codes(layout.options())).containsExactly(53, 52);
        assertThat(codes(layout.inSname())).containsExactly(12);
        assertThat(layout.sname(Octets.parseHex("61"))).isEqualTo(OptionFields.encoded(layout.inSname()));
        assertThat(OptionLayout.of(values, exact - 1, true)).isEmpty();
    }

    /** END takes the last octet of each field. */
    @ParameterizedTest
    @CsvSource({"61, true, 02", "62, false, ''", "62, true, 01", "125, true, 01", "126, true, ''"})
    void anOptionGoesWholeToAFieldThatHoldsIt(int length, boolean borrowFile, String overload) {
        Optional<OptionLayout> layout = OptionLayout.of(values(53, 1, 12, length), 20, borrowFile);

        assertThat(layout.flatMap(found -> found.options().get(52)).map(Octets::toHex))
                .isEqualTo(Optional.of(overload).filter(hex -> !hex.isEmpty()));
    }

    @Test
    void theLastGoFirstAndNoMoreThanNeeded() {
        Map<Integer, Octets> values = values(53, 1, 12, 20, 15, 20, 66, 20, 67, 20);
        int all = OptionLayout.sizeOf(values);
        assertThat(all).isEqualTo(3 + 4 * 22);

        OptionLayout one = OptionLayout.of(values, all - 19, true).orElseThrow();
        assertThat(codes(one.options())).containsExactly(53, 12, 15, 66, 52);
        assertThat(codes(one.inSname())).containsExactly(67);

        OptionLayout two = OptionLayout.of(values, all - 20, true).orElseThrow();
        assertThat(codes(two.options())).containsExactly(53, 12, 15, 52);
        assertThat(codes(two.inSname())).containsExactly(66, 67);
        assertThat(two.inFile().isEmpty()).isTrue();

        OptionLayout both = OptionLayout.of(values, all - 42, true).orElseThrow();
        assertThat(codes(both.options())).containsExactly(53, 12, 52);
        assertThat(codes(both.inSname())).containsExactly(66, 67);
        assertThat(codes(both.inFile())).containsExactly(15);
        assertThat(both.options().octet(52)).hasValue(3);
    }

    @Test
    void whatIsReadBeforeOption52AndWhatRelaysSeekStays() {
        Map<Integer, Octets> values = values(53, 1, 54, 4, 1, 4, 51, 4, 12, 30, 82, 30);

        OptionLayout layout = OptionLayout.of(values, 60, true).orElseThrow();

        assertThat(codes(layout.options())).containsExactly(53, 54, 1, 51, 52, 82);
        assertThat(OptionLayout.of(values(53, 1, 54, 4, 1, 4, 51, 4, 82, 30), 50, true))
                .isEmpty();
    }

    @Test
    void whateverTheRoomAllIsThereOnceAndWithinItsField() {
        Map<Integer, Octets> values = values(53, 1, 54, 4, 1, 4, 3, 8, 61, 17, 12, 40, 15, 55, 67, 90, 82, 9);
        for (int available = OptionLayout.sizeOf(values) + 1; available >= 0; available--) {
            Optional<OptionLayout> found = OptionLayout.of(values, available, true);
            if (found.isPresent()) {
                OptionLayout layout = found.get();
                assertThat(size(layout.options())).isLessThanOrEqualTo(available);
                assertThat(size(layout.inSname())).isLessThan(DhcpPacket.SNAME_SIZE);
                assertThat(size(layout.inFile())).isLessThan(DhcpPacket.FILE_SIZE);
                List<Integer> all = new ArrayList<>(codes(layout.options()));
                all.addAll(codes(layout.inSname()));
                all.addAll(codes(layout.inFile()));
                all.remove((Integer) 52);
                assertThat(all).as("room of %d", available).containsExactlyInAnyOrderElementsOf(values.keySet());
            }
        }
    }
}

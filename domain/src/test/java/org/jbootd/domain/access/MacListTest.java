package org.jbootd.domain.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MacListTest {

    record Row(String sentence, List<MacList.Entry> list, String mac, boolean granted) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row("who is listed is granted", List.of(on("AA-BB-CC-00-00-01")), "AA-BB-CC-00-00-01", true),
                new Row(
                        "who is listed as off is denied",
                        List.of(off("AA-BB-CC-00-00-01")),
                        "AA-BB-CC-00-00-01",
                        false),
                new Row(
                        "who is not listed is not granted",
                        List.of(on("AA-BB-CC-00-00-01")),
                        "AA-BB-CC-00-00-02",
                        false),
                new Row("an empty list grants nobody anything", List.of(), "AA-BB-CC-00-00-01", false),
                new Row(
                        "colons and small letters name the same",
                        List.of(on("aa:bb:cc:00:00:01")),
                        "AA-BB-CC-00-00-01",
                        true),
                new Row(
                        "an address may be written without separators",
                        List.of(on("aabbcc000001")),
                        "AA-BB-CC-00-00-01",
                        true),
                new Row(
                        "a prefix may be written with blanks around its slash",
                        List.of(on("AABBCC / 24")),
                        "AA-BB-CC-12-34-56",
                        true),
                new Row("a prefix means the leading bits", List.of(on("AA-BB-CC/24")), "AA-BB-CC-12-34-56", true),
                new Row("another prefix is not matched", List.of(on("AA-BB-CC/24")), "AA-BB-CD-12-34-56", false),
                new Row("/32 demands four octets", List.of(on("AA-BB-CC-DD/32")), "AA-BB-00-00-00-01", false),
                new Row("/9 ends within an octet", List.of(on("AA-80/9")), "AA-FF-00-00-00-01", true),
                new Row("/9 looks at its last bit", List.of(on("AA-80/9")), "AA-7F-00-00-00-01", false),
                new Row("/0 is everybody", List.of(on("00/0")), "AA-7F-00-00-00-01", true),
                new Row(
                        "an exact entry beats a prefix that stands before it",
                        List.of(off("AA-BB-CC/24"), on("AA-BB-CC-00-00-01")),
                        "AA-BB-CC-00-00-01",
                        true),
                new Row(
                        "among prefixes the first in the file decides",
                        List.of(off("AA-BB/16"), on("AA-BB-CC/24")),
                        "AA-BB-CC-00-00-01",
                        false));
    }

    private static MacList.Entry on(String text) {
        return MacList.Entry.parse(text, true);
    }

    private static MacList.Entry off(String text) {
        return MacList.Entry.parse(text, false);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void decides(Row row) {
        Verdict verdict = new MacList(row.list())
                .decide(from(HardwareAddress.parse(row.mac())))
                .toCompletableFuture()
                .join();

        assertThat(verdict instanceof Verdict.Granted).isEqualTo(row.granted());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 5, 7, 16})
    void anAddressOfAnotherLengthIsNotListedEvenByThePrefixOfAll(int length) {
        HardwareAddress odd = HardwareAddress.ethernet(Octets.of(new byte[length]));

        assertThat(new MacList(List.of(on("00/0")))
                        .decide(from(odd))
                        .toCompletableFuture()
                        .join())
                .isEqualTo(new Verdict.Unlisted("not listed in [mac]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "AA", "AA-BB-CC", "AA-BB-CC/25", "AA-BB:CC-DD-EE-FF", "AA-BB-CC-DD-EE-FF-00", "GG/8", "AA/-1"
            })
    void whatIsNoEntryIsRefusedByName(String text) {
        assertThatThrownBy(() -> MacList.Entry.parse(text, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({
        "AA-BB-CC-DD-EE-FF, AA-BB-CC-DD-EE-FF",
        "aabbccddeeff, AA-BB-CC-DD-EE-FF",
        "AA-BB-CC/24, AA-BB-CC-00-00-00/24",
        "AA-B0/12, AA-B0-00-00-00-00/12",
        "AA-BB-CC-DD-EE-FF/48, AA-BB-CC-DD-EE-FF",
        "00/0, 00-00-00-00-00-00/0"
    })
    void whoIsDeniedIsToldByWhichEntry(String text, String entry) {
        HardwareAddress named = HardwareAddress.ethernet(off(text).octets());

        assertThat(new MacList(List.of(off(text)))
                        .decide(from(named))
                        .toCompletableFuture()
                        .join())
                .isEqualTo(new Verdict.Denied("denied by [mac] " + entry));
    }

    @ParameterizedTest
    @CsvSource({
        "AA-BB-CC/24, false",
        "AA-BB-CC/23, false",
        "AA-BB-CD/23, true",
        "AA-BB-CC-DD-EE-FF/24, true",
        "AA-BB-CC-00-00-00/24, false",
        "AA-BB-CC-00-00-01/24, true",
        "00-00-00-00-00-01/47, true",
        "00-00-00-00-00-01/48, false",
        "80/1, false",
        "C0/1, true",
        "AA-BB-CC-DD-EE-FF/0, false"
    })
    void whatStandsBehindAPrefixIsNoticed(String text, boolean more) {
        assertThat(on(text).saysMoreThanCounts()).isEqualTo(more);
    }

    /** The number told how many of the last bits did not matter. */
    @ParameterizedTest
    @CsvSource({
        "AA-BB-CC-DD-EE-FF/24, AA-BB-CC-00-00-00/24",
        "AA-BB-CC-DD-EE-FF/8, AA-BB-CC-DD-EE-00/40",
        "AA-BB-CC-DD-EE-FF/4, AA-BB-CC-DD-EE-F0/44",
        "AA-BB-CC-DD-EE-FF/1, AA-BB-CC-DD-EE-FE/47",
        "AA-BB-CC-DD-EE-FF/47, 80-00-00-00-00-00/1",
        "AA-BB-CC-DD-EE-FF/48, 00-00-00-00-00-00/0",
        "AA-BB-CC-DD-EE-FF/0, AA-BB-CC-DD-EE-FF"
    })
    void aLineOfPybootdMeantAnotherPrefix(String text, String meant) {
        assertThat(on(text).inPybootd()).hasToString(meant);
        assertThat(off(text).inPybootd().granted()).isFalse();
    }

    @Test
    void anEntryIsOfAWholeEthernetAddress() {
        assertThatThrownBy(() -> new MacList.Entry(Octets.parseHex("aabb"), 16, true))
                .hasMessage("an Ethernet address has 6 octets, not 2");
        assertThatThrownBy(() -> new MacList.Entry(Octets.parseHex("aabbccddeeff"), 49, true))
                .hasMessage("a prefix of a MAC address has 0 to 48 bits, not 49");
        assertThatThrownBy(() -> new MacList.Entry(Octets.parseHex("aabbccddeeff"), -1, true))
                .hasMessage("a prefix of a MAC address has 0 to 48 bits, not -1");
    }

    @Test
    void aPrefixMayNotBeLongerThanWhatIsWritten() {
        assertThatThrownBy(() -> on("AA-BB-CC/25"))
                .hasMessage("'AA-BB-CC/25' names 24 bits, so /25 is too long; write more of the address");
    }

    static Request from(HardwareAddress hardware) {
        return from(ClientIdentity.of(hardware));
    }

    static Request from(ClientIdentity client) {
        return new Request(
                1, client, BootStage.FIRMWARE, "lan", Ipv4.UNSPECIFIED, List.of(), Optional.empty(), Optional.empty());
    }
}

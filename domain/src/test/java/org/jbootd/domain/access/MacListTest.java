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
import org.junit.jupiter.params.ParameterizedTest;
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

    static Request from(HardwareAddress hardware) {
        return from(ClientIdentity.of(hardware));
    }

    static Request from(ClientIdentity client) {
        return new Request(
                1, client, BootStage.FIRMWARE, "lan", Ipv4.UNSPECIFIED, List.of(), Optional.empty(), Optional.empty());
    }
}

package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.api.Test;

class ReplyOptionsTest {

    private static List<Integer> codes(Options options) {
        List<Integer> codes = new ArrayList<>();
        options.forEach((code, value) -> codes.add(code));
        return codes;
    }

    private static String hex(ReplyOptions options, int code) {
        return options.build().get(code).map(Octets::toHex).orElse("");
    }

    @Test
    void numbersStandInNetworkOrder() {
        ReplyOptions options = new ReplyOptions()
                .octet(53, 5)
                .word(13, 0xabcd)
                .address(54, Ipv4.parse("10.77.0.1"))
                .addresses(6, List.of(Ipv4.parse("10.77.0.2"), Ipv4.parse("200.0.0.3")))
                .seconds(58, 0x80000001L)
                .text(15, "\u00e9");

        assertThat(hex(options, 53)).isEqualTo("05");
        assertThat(hex(options, 13)).isEqualTo("abcd");
        assertThat(hex(options, 54)).isEqualTo("0a4d0001");
        assertThat(hex(options, 6)).isEqualTo("0a4d0002c8000003");
        assertThat(hex(options, 58)).isEqualTo("80000001");
        assertThat(hex(options, 15)).isEqualTo("c3a9");
    }

    @Test
    void noTimeIsLongerThanTheInfiniteOne() {
        assertThat(hex(new ReplyOptions().seconds(51, Lease.FOREVER.minusSeconds(1)), 51))
                .isEqualTo("fffffffe");
        assertThat(hex(new ReplyOptions().seconds(51, Lease.FOREVER), 51)).isEqualTo("ffffffff");
        assertThat(hex(new ReplyOptions().seconds(51, Duration.ofDays(100_000)), 51))
                .isEqualTo("ffffffff");
    }

    @Test
    void whatHasNoEmptyFormIsLeftOut() {
        assertThat(new ReplyOptions().addresses(3, List.of()).text(12, "").build())
                .isEqualTo(Options.NONE);
    }

    @Test
    void whatTheReplyHasAlreadyIsNotTakenFromTheOperator() {
        ReplyOptions options = new ReplyOptions().text(12, "own").optional(12, Octets.parseHex("00"));

        assertThat(options.build().text(12)).contains("own");
    }

    /** Each step has one octet less than the options before it take. */
    @Test
    void theLeastNeededGoesFirstAndTheOperatorsBeforeThat() {
        ReplyOptions options = new ReplyOptions()
                .octet(53, 2)
                .address(54, Ipv4.parse("10.77.0.1"))
                .address(3, Ipv4.parse("10.77.0.1"))
                .text(12, "host")
                .text(15, "domain")
                .text(66, "server")
                .optional(42, Octets.parseHex("0a4d0001"))
                .optional(26, Octets.parseHex("05dc"));
        int size = OptionFields.encoded(options.build()).length() - 1;

        assertThat(codes(options.fittedInto(size).build())).containsExactly(53, 54, 3, 12, 15, 66, 42, 26);
        assertThat(codes(options.fittedInto(size - 1).build())).containsExactly(53, 54, 3, 12, 15, 66, 42);
        assertThat(codes(options.fittedInto(size - 5).build())).containsExactly(53, 54, 3, 12, 15, 66);
        assertThat(codes(options.fittedInto(size - 11).build())).containsExactly(53, 54, 3, 12, 15);
        assertThat(codes(options.fittedInto(size - 19).build())).containsExactly(53, 54, 3, 12);
        assertThat(codes(options.fittedInto(size - 27).build())).containsExactly(53, 54, 3);
        assertThat(codes(options.fittedInto(0).build())).containsExactly(53, 54);
    }

    @Test
    void aLayoutBorrowsBeforeItLeavesAnythingOut() {
        ReplyOptions options =
                new ReplyOptions().octet(53, 2).text(12, "h".repeat(60)).text(15, "d".repeat(60));

        OptionLayout borrowed = options.layout(68, true);
        assertThat(codes(borrowed.options())).containsExactly(53, 12, 52);
        assertThat(codes(borrowed.inSname())).containsExactly(15);

        assertThat(codes(options.layout(10, false).inFile()))
                .as("the file field is free")
                .containsExactly(12);

        OptionLayout without = options.layout(10, true);
        assertThat(codes(without.options())).containsExactly(53, 52);
        assertThat(codes(without.inSname())).containsExactly(12);
    }

    @Test
    void theBootFileYieldsItsFieldWhereOption67TellsIt() {
        ReplyOptions options = new ReplyOptions()
                .octet(53, 2)
                .text(12, "h".repeat(60))
                .text(15, "d".repeat(60))
                .text(67, "f");

        OptionLayout layout = options.layout(10, true);

        assertThat(codes(layout.options())).containsExactly(53, 52);
        assertThat(codes(layout.inSname())).containsExactly(67);
        assertThat(codes(layout.inFile())).containsExactly(12, 15);
    }

    @Test
    void withoutRoomTheEssentialStays() {
        OptionLayout layout =
                new ReplyOptions().octet(53, 2).seconds(51, 60).text(12, "host").layout(0, false);

        assertThat(codes(layout.options())).containsExactly(53, 51);
        assertThat(layout.inSname().isEmpty()).isTrue();
    }

    @Test
    void whatIsAskedForGoesBehindTheRestAndRelayInformationLast() {
        ReplyOptions options = new ReplyOptions()
                .octet(53, 2)
                .address(1, Ipv4.parse("255.255.255.0"))
                .text(12, "h")
                .text(15, "d")
                .put(82, Octets.parseHex("0101aa"))
                .seconds(51, 60);

        options.arrange(List.of(15, 53, 82, 12, 77));

        assertThat(codes(options.build())).containsExactly(53, 1, 51, 15, 12, 82);
    }
}

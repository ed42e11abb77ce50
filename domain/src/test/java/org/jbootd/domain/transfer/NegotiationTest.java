package org.jbootd.domain.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NegotiationTest {

    private static final Negotiation USUAL = new Negotiation(65464, 64, 262144, Duration.ofSeconds(2));

    /** @param asked name, value, name, value … @param answered the same of the OACK */
    record Row(String what, List<String> asked, List<String> answered, int blockSize, int windowSize, int seconds) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row("nothing asked, nothing answered", List.of(), List.of(), 512, 1, 2),
                row("unknown options are passed over", 512, 1, 2, "x-unknown", "1", "multicast", ""),
                answered(
                        "iPXE",
                        1432,
                        1,
                        2,
                        List.of("blksize", "1432", "tsize", "0"),
                        "blksize",
                        "1432",
                        "tsize",
                        "1000"),
                answered(
                        "the order is the client's",
                        1408,
                        1,
                        2,
                        List.of("tsize", "0", "blksize", "1408"),
                        "tsize",
                        "1000",
                        "blksize",
                        "1408"),
                answered(
                        "U-Boot",
                        1468,
                        1,
                        5,
                        List.of("timeout", "5", "blksize", "1468"),
                        "timeout",
                        "5",
                        "blksize",
                        "1468"),
                answered(
                        "EDK2",
                        1468,
                        4,
                        2,
                        List.of("tsize", "0", "blksize", "1468", "windowsize", "4"),
                        "tsize",
                        "1000",
                        "blksize",
                        "1468",
                        "windowsize",
                        "4"),
                answered(
                        "names in any case, echoed as written",
                        1024,
                        1,
                        2,
                        List.of("BlkSize", "1024", "TSIZE", "0"),
                        "BlkSize",
                        "1024",
                        "TSIZE",
                        "1000"),
                answered(
                        "known among unknown", 1024, 1, 2, List.of("foo", "bar", "blksize", "1024"), "blksize", "1024"),
                answered(
                        "a doubled option counts once, the first",
                        1024,
                        1,
                        2,
                        List.of("blksize", "1024", "BLKSIZE", "512"),
                        "blksize",
                        "1024"),
                answered("smallest block", 8, 1, 2, List.of("blksize", "8"), "blksize", "8"),
                answered("largest block", 65464, 1, 2, List.of("blksize", "65464"), "blksize", "65464"),
                row("too small a block", 512, 1, 2, "blksize", "7"),
                row("too large a block", 512, 1, 2, "blksize", "65465"),
                row("a block of 2^64", 512, 1, 2, "blksize", "18446744073709551616"),
                row("a negative block", 512, 1, 2, "blksize", "-512"),
                row("a signed block", 512, 1, 2, "blksize", "+512"),
                row("no number", 512, 1, 2, "blksize", "", "timeout", "soon", "windowsize", " 4", "tsize", "x"),
                row("a number of other scripts", 512, 1, 2, "blksize", "١٤٢٨"),
                row("a colon is no digit", 512, 1, 2, "blksize", "51:"),
                row("nor is a slash", 512, 1, 2, "blksize", "/512"),
                answered("a nine is one", 999, 1, 2, List.of("blksize", "999"), "blksize", "999"),
                answered(
                        "eighteen digits are a number",
                        512,
                        1,
                        2,
                        List.of("blksize", "000000000000000512"),
                        "blksize",
                        "512"),
                row("nineteen might be too much for one", 512, 1, 2, "blksize", "0000000000000000512"),
                answered("leading zeros", 1024, 1, 2, List.of("blksize", "01024"), "blksize", "1024"),
                answered("timeout of one", 512, 1, 1, List.of("timeout", "1"), "timeout", "1"),
                answered("timeout of 255", 512, 1, 255, List.of("timeout", "255"), "timeout", "255"),
                row("timeout of 0", 512, 1, 2, "timeout", "0"),
                row("timeout of 256", 512, 1, 2, "timeout", "256"),
                answered("window of one", 512, 1, 2, List.of("windowsize", "1"), "windowsize", "1"),
                answered(
                        "a window beyond our bound is lowered",
                        512,
                        64,
                        2,
                        List.of("windowsize", "65535"),
                        "windowsize",
                        "64"),
                row("window of 0", 512, 1, 2, "windowsize", "0"),
                row("window of 65536", 512, 1, 2, "windowsize", "65536"),
                answered(
                        "a window of large blocks is lowered",
                        65464,
                        4,
                        2,
                        List.of("windowsize", "16", "blksize", "65464"),
                        "windowsize",
                        "4",
                        "blksize",
                        "65464"),
                answered(
                        "a size that is not 0 is no reason to be silent",
                        512,
                        1,
                        2,
                        List.of("tsize", "77"),
                        "tsize",
                        "1000"));
    }

    private static Row row(String what, int blockSize, int windowSize, int seconds, String... asked) {
        return new Row(what, List.of(asked), List.of(), blockSize, windowSize, seconds);
    }

    private static Row answered(
            String what, int blockSize, int windowSize, int seconds, List<String> asked, String... answered) {
        return new Row(what, asked, List.of(answered), blockSize, windowSize, seconds);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void answersAsTheRfcsSay(Row row) {
        TransferTerms terms = USUAL.agree(options(row.asked), OptionalLong.of(1000));

        assertThat(terms.acknowledged()).isEqualTo(options(row.answered));
        assertThat(terms.blockSize()).isEqualTo(row.blockSize);
        assertThat(terms.windowSize()).isEqualTo(row.windowSize);
        assertThat(terms.timeout()).isEqualTo(Duration.ofSeconds(row.seconds));
        assertThat(terms.timeoutAgreed()).isEqualTo(row.answered.contains("timeout"));
    }

    @Test
    void aSizeNotKnownIsOmitted() {
        TransferTerms terms = USUAL.agree(options(List.of("tsize", "0", "blksize", "1024")), OptionalLong.empty());

        assertThat(terms.acknowledged()).containsExactly(new TransferOption("blksize", "1024"));
    }

    @Test
    void sizesBeyondFourGibibytesAreRight() {
        TransferTerms terms = USUAL.agree(options(List.of("tsize", "0")), OptionalLong.of(5_368_709_120L));

        assertThat(terms.acknowledged()).containsExactly(new TransferOption("tsize", "5368709120"));
    }

    @Test
    void anEmptyFileHasSizeZero() {
        TransferTerms terms = USUAL.agree(options(List.of("tsize", "0")), OptionalLong.of(0));

        assertThat(terms.acknowledged()).containsExactly(new TransferOption("tsize", "0"));
    }

    @Test
    void theOperatorsBoundLowersTheBlockSize() {
        Negotiation bounded = new Negotiation(1024, 64, 262144, Duration.ofSeconds(2));

        TransferTerms terms = bounded.agree(options(List.of("blksize", "1468")), OptionalLong.empty());

        assertThat(terms.acknowledged()).containsExactly(new TransferOption("blksize", "1024"));
        assertThat(terms.blockSize()).isEqualTo(1024);
    }

    /** RFC 2348 and RFC 7440 §3. */
    @ParameterizedTest
    @CsvSource({"8, 1", "65464, 65535"})
    void boundsMayBeAsFarAsTheProtocolGoes(int block, int window) {
        Negotiation farthest = new Negotiation(block, window, Integer.MAX_VALUE, Duration.ofNanos(1));

        TransferTerms terms =
                farthest.agree(options(List.of("blksize", "65464", "windowsize", "65535")), OptionalLong.empty());

        assertThat(terms.blockSize()).isEqualTo(block);
        assertThat(terms.windowSize()).isEqualTo(Math.min(window, Integer.MAX_VALUE / block));
    }

    @ParameterizedTest
    @CsvSource({
        "7, 1, 1, 'a block has 8 to 65464 octets, not 7'",
        "65465, 1, 1, 'a block has 8 to 65464 octets, not 65465'",
        "512, 0, 1, 'a window has 1 to 65535 blocks, not 0'",
        "512, 65536, 1, 'a window has 1 to 65535 blocks, not 65536'",
        "512, 1, 0, a timeout is longer than PT0S",
        "512, 1, -1, a timeout is longer than PT-1S"
    })
    void boundsOutsideTheProtocolAreRefused(int block, int window, int seconds, String why) {
        assertThatThrownBy(() -> new Negotiation(block, window, 1, Duration.ofSeconds(seconds)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
    }

    private static List<TransferOption> options(List<String> words) {
        List<TransferOption> options = new ArrayList<>();
        for (int i = 0; i < words.size(); i += 2) {
            options.add(new TransferOption(words.get(i), words.get(i + 1)));
        }
        return options;
    }
}

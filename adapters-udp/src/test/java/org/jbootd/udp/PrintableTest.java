package org.jbootd.udp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {

    @ParameterizedTest
    @CsvSource({
        "pxelinux.0, pxelinux.0",
        "C:\\boot\\a b, C:\\boot\\a b",
        "g\u00e9n\u00e9rique-\u65e5\u672c, g\u00e9n\u00e9rique-\u65e5\u672c",
        "'a\n2026 ERROR', a\\u000a2026 ERROR",
        "'\u001b[2J', \\u001b[2J",
        "a\u007f\u0085, a\\u007f\\u0085",
        "a\u2028b, a\\u2028b",
        "\u202etxt.exe, \\u202etxt.exe",
        "\ud83d\ude00, \ud83d\ude00",
        "a\ud83d, a\\ud83d",
        "\udb40\udc41, \\udb40\\udc41",
        "'', ''",
    })
    void whatDoesNotPrintShowsAsItsNumber(String text, String shown) {
        assertThat(Printable.of(text)).isEqualTo(shown);
        assertThat(Printable.brief(text)).isEqualTo(shown);
    }

    @Test
    void longTextIsCutBetweenCharacters() {
        String smiles = "\ud83d\ude00".repeat(200);
        assertThat(Printable.brief(smiles)).isEqualTo(smiles);
        assertThat(Printable.brief(smiles + "a")).isEqualTo(smiles + "…");
        assertThat(Printable.of(smiles + "a")).isEqualTo(smiles + "a");
    }
}

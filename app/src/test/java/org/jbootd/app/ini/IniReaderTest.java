package org.jbootd.app.ini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IniReaderTest {

    /** @param entries as {@code line [section] key=value} @param mistakes as reported */
    record Row(String name, String text, List<String> entries, List<String> mistakes) {

        static Row good(String name, String text, String... entries) {
            return new Row(name, text, List.of(entries), List.of());
        }

        static Row bad(String name, String text, String mistake, String... entries) {
            return new Row(name, text, List.of(entries), List.of(mistake));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                Row.good("an equals sign separates", "[a]\nk = v", "2 [a] k=v"),
                Row.good("a colon separates", "[a]\nlevel: info", "2 [a] level=info"),
                Row.good(
                        "the first separator counts",
                        "[a]\nx = http://h:1/?a=b\ny: c=d",
                        "2 [a] x=http://h:1/?a=b",
                        "3 [a] y=c=d"),
                Row.good("comment lines count as lines", "# c\n; c\n  ; c\nrem c\nREM\n\n[a]\n# c\nk = v", "9 [a] k=v"),
                Row.good("a word that starts with rem is no comment", "[a]\nremote = v", "2 [a] remote=v"),
                Row.good(
                        "a semicolon behind a blank starts a comment",
                        "[a]\nk = v ; c\nl = v\t;c",
                        "2 [a] k=v",
                        "3 [a] l=v"),
                Row.good("a semicolon without a blank is part of the value", "[a]\nk = a;b ;c", "2 [a] k=a;b"),
                Row.good("a hash is part of the value", "[a]\nk = v # c", "2 [a] k=v # c"),
                Row.good("a value may be empty", "[a]\nk =\nl = ; c", "2 [a] k=", "3 [a] l="),
                Row.good("percent is itself", "[a]\nk = a%20b%(x)s", "2 [a] k=a%20b%(x)s"),
                Row.good("references are not followed", "[a]\nk = ${a/k}", "2 [a] k=${a/k}"),
                Row.good(
                        "backslashes are themselves",
                        "[a]\nfile = C:\\temp\\new\\\nl = \\u00e9",
                        "2 [a] file=C:\\temp\\new\\",
                        "3 [a] l=\\u00e9"),
                Row.good("a key keeps its backslashes and case", "[a]\nBoot\\*\\BCD = v", "2 [a] Boot\\*\\BCD=v"),
                Row.good("a backslash does not hide a separator", "[a]\nk\\=v=w", "2 [a] k\\=v=w"),
                Row.good("quotes are themselves", "[a]\nk = \"v\"", "2 [a] k=\"v\""),
                Row.good("a MAC key in dashes", "[a]\nAa-bb-CC-dd-ee-ff = on", "2 [a] Aa-bb-CC-dd-ee-ff=on"),
                Row.good(
                        "a MAC key in colons",
                        "[a]\naa:bb:cc:dd:ee:00 = off\nAA:BB:CC:DD:EE:01: on",
                        "2 [a] AA-BB-CC-DD-EE-00=off",
                        "3 [a] AA-BB-CC-DD-EE-01=on"),
                Row.good("a MAC prefix in colons", "[a]\naa:bb:cc/24 = on", "2 [a] AA-BB-CC/24=on"),
                Row.good(
                        "filters",
                        "[f]\npxelinux.cfg/* = etc/pxe.cfg\nstartup = [d/{filename}.cfg]\n?oot = y",
                        "2 [f] pxelinux.cfg/*=etc/pxe.cfg",
                        "3 [f] startup=[d/{filename}.cfg]",
                        "4 [f] ?oot=y"),
                Row.good("Windows line ends", "[a]\r\nk = v\r\nl = w\r\n", "2 [a] k=v", "3 [a] l=w"),
                Row.good("a byte order mark", "\ufeff[a]\nk = v", "2 [a] k=v"),
                Row.good("a comment behind a section", "[a] ; c\nk = v\n[b]\t# c\nl = w", "2 [a] k=v", "4 [b] l=w"),
                Row.good("blanks within a section's brackets", "[ a ]\nk = v", "2 [a] k=v"),
                Row.good(
                        "a section twice", "[a]\nk = v\n[b]\nl = w\n[a]\nm = x", "2 [a] k=v", "4 [b] l=w", "6 [a] m=x"),
                Row.good("a key twice", "[a]\nk = v\nk = w", "2 [a] k=v", "3 [a] k=w"),
                Row.good("an indented file", "  [a]\n  k = v\n  l = w", "2 [a] k=v", "3 [a] l=w"),
                Row.good(
                        "an indented section",
                        "[a]\n\tk = v\n\tl = w\n[b]\nm = x",
                        "2 [a] k=v",
                        "3 [a] l=w",
                        "5 [b] m=x"),
                Row.good("no includes", "[a]\n<b.ini> = v", "2 [a] <b.ini>=v"),
                Row.good(
                        "a long line",
                        "[a]\nk = " + "v".repeat(20_000) + "\nl = w",
                        "2 [a] k=" + "v".repeat(20_000),
                        "3 [a] l=w"),
                Row.good("nothing", ""),
                Row.good("an empty section", "[a]"),
                Row.bad(
                        "a deeper line",
                        "[a]\nk = v\n  l = w\nm = x",
                        "f.ini:3: the line is indented deeper than line 2, and would be part of its value; start both at the same column",
                        "2 [a] k=v",
                        "4 [a] m=x"),
                Row.bad(
                        "no separator",
                        "[a]\nword\nk = v",
                        "f.ini:2: the line has no value: write key = value",
                        "3 [a] k=v"),
                Row.bad("no key", "[a]\n= v\nk = v", "f.ini:2: there is no key before the '='", "3 [a] k=v"),
                Row.bad(
                        "a key before all sections",
                        "k = v\n[a]\nl = w",
                        "f.ini:1: k: a key stands below a section, as in [bootp]",
                        "3 [a] l=w"),
                Row.bad(
                        "a section left open",
                        "[a\nk = v\n[b]\nl = w",
                        "f.ini:1: the line is no section: write its name in brackets, as in [bootp]",
                        "4 [b] l=w"),
                Row.bad("a section without a name", "[ ]\nk = v", "f.ini:1: a section needs a name, as in [bootp]"),
                Row.bad(
                        "text behind a section",
                        "[a] b\nk = v",
                        "f.ini:1: the line is no section: write its name in brackets, as in [bootp]"),
                Row.bad(
                        "a control character",
                        "[a]\nk = v\u0000w",
                        "f.ini:2: the line holds characters that are not text in UTF-8"),
                Row.bad(
                        "another encoding",
                        "[a]\nk = caf\ufffd",
                        "f.ini:2: the line holds characters that are not text in UTF-8"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aFileIsReadLineByLine(Row row) {
        Findings findings = new Findings();

        List<IniSection> sections = IniReader.parse(row.text(), "f.ini", findings);

        assertThat(findings.mistakes()).isEqualTo(row.mistakes());
        assertThat(entries(sections)).isEqualTo(row.entries());
    }

    private static List<String> entries(List<IniSection> sections) {
        return sections.stream()
                .flatMap(section -> section.entries().stream()
                        .map(entry -> entry.place().line() + " [" + section.name() + "] " + entry.key() + "="
                                + entry.value()))
                .toList();
    }

    @Test
    void mistakesComeAllAtOnceInTheOrderOfTheFile() {
        Findings findings = new Findings();

        IniReader.parse("[a]\nword\n[\n= v\nk = v", "f.ini", findings);

        assertThat(findings.mistakes())
                .extracting(mistake -> mistake.substring(0, 7))
                .containsExactly("f.ini:2", "f.ini:3", "f.ini:4");
    }

    @Test
    void whateverTheTextItIsReadToItsEnd() {
        long seed = 20_261_124;
        Random random = new Random(seed);
        String alphabet = "[]=:;#ab \t\r\n\\%${}/<>\ufeff\u0000\u00e9-\"";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            random.ints(random.nextInt(40), 0, alphabet.length()).forEach(i -> text.append(alphabet.charAt(i)));
            Findings findings = new Findings();

            List<IniSection> sections = IniReader.parse(text.toString(), "f.ini", findings);

            assertThat(sections)
                    .as("seed " + seed + ", round " + round + ": " + text)
                    .allSatisfy(section -> assertThat(section.place().line()).isPositive());
            assertThat(findings.mistakes())
                    .as("ini4j meets no line that it refuses; seed " + seed + ": " + text)
                    .noneMatch(mistake -> mistake.contains("parse error"));
        }
    }

    @Test
    void aFileThatIsNoTextIsAMistake(@TempDir Path directory) throws IOException {
        Path file = Files.write(directory.resolve("f.ini"), "[a]\nk = caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        Findings findings = new Findings();

        IniReader.read(file, "f.ini", findings);

        assertThat(findings.mistakes())
                .containsExactly("f.ini:2: the line holds characters that are not text in UTF-8");
    }

    @Test
    void aFileBeyondAllReasonIsNotRead(@TempDir Path directory) throws IOException {
        Path file = Files.write(directory.resolve("f.ini"), new byte[IniReader.MAX_SIZE + 1]);

        assertThatThrownBy(() -> IniReader.read(file, "f.ini", new Findings()))
                .isInstanceOf(IOException.class)
                .hasMessage("it is larger than 16 MiB");
    }

    @Test
    void aFileInAnotherUnicodeIsNotReadLineByLine(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("f.ini"), "[a]\nk = v", StandardCharsets.UTF_16);

        assertThatThrownBy(() -> IniReader.read(file, "f.ini", new Findings()))
                .isInstanceOf(IOException.class)
                .hasMessage("it is no text in UTF-8; save it as such (UTF-16, which some editors write, is not)");
    }
}

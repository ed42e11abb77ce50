package org.jbootd.domain.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requested names in, files out: rows F1 to F10 of what pybootd's documentation promises. */
class FilenameTranslatorTest {

    private static final String NEVER = "never served";

    /** @param filters pattern, target, pattern, target … */
    private record Row(String sentence, List<String> filters, String requested, String expected) {}

    private static final List<Row> ROWS = List.of(
            new Row("without filters a name means itself", List.of(), "a/b", "root:a/b"),
            new Row("a name no filter matches means itself", List.of("x", "y"), "z", "root:z"),
            new Row("F1: * crosses slashes", List.of("pxelinux.cfg/*", "menu"), "pxelinux.cfg/a/b", "root:menu"),
            new Row("F1: * takes nothing, too", List.of("pxelinux*", "menu"), "pxelinux", "root:menu"),
            new Row("F1: several *", List.of("a*b*c", "menu"), "axxbxbyc", "root:menu"),
            new Row("F1: after the last * all must fit", List.of("a*b*c", "menu"), "abcd", "root:abcd"),
            new Row("F1: ? is one character", List.of("grub?.efi", "g"), "grub2.efi", "root:g"),
            new Row("F1: ? may be a slash", List.of("a?b", "g"), "a/b", "root:g"),
            new Row("F1: ? is not nothing", List.of("grub?.efi", "g"), "grub.efi", "root:grub.efi"),
            new Row("F1: ? is not two", List.of("grub?.efi", "g"), "grub22.efi", "root:grub22.efi"),
            new Row("F1: ? is one character of any kind", List.of("a?", "g"), "a😀", "root:g"),
            new Row("F1: a pattern is anchored at its start", List.of("b", "g"), "ab", "root:ab"),
            new Row("F1: a pattern is anchored at its end", List.of("a", "g"), "ab", "root:ab"),
            new Row("F2: the first match decides", List.of("a*", "one", "ab", "two"), "ab", "root:one"),
            new Row("F2: in file order", List.of("ab", "two", "a*", "one"), "ab", "root:two"),
            new Row("F2: one rewrite, no chain", List.of("a", "b", "b", "c"), "a", "root:b"),
            new Row("F3: a pattern keeps its case", List.of("Up/*", "u"), "Up/x", "root:u"),
            new Row("F3: case counts", List.of("up/*", "u"), "Up/x", "root:Up/x"),
            new Row("F4: + is a plus", List.of("a+b", "p"), "a+b", "root:p"),
            new Row("F4: + repeats nothing", List.of("a+b", "p"), "aab", "root:aab"),
            new Row("F4: . is a dot", List.of("a.b", "p"), "axb", "root:axb"),
            new Row("F4: the rest is literal", List.of("(a|b)[c]{1}^$", "p"), "(a|b)[c]{1}^$", "root:p"),
            new Row("F5: ./ is ignored", List.of("a/*", "p"), "./a/b", "root:p"),
            new Row("F5: / is ignored", List.of("a/*", "p"), "/a/b", "root:p"),
            new Row("F5: backslashes are slashes", List.of("a/*", "p"), "\\a\\b", "root:p"),
            new Row("F5: doubled slashes are one", List.of("a/b", "p"), "//a///./b", "root:p"),
            new Row("F5: / in front of a pattern is ignored", List.of("/a/*", "p"), "a/b", "root:p"),
            new Row("F5: ./ in front of a pattern is ignored", List.of("./a/*", "p"), "a/b", "root:p"),
            new Row("F6: {filename} is the requested name", List.of("x", "d/{filename}"), "x", "root:d/x"),
            new Row("F6: normalised", List.of("*", "d/{filename}.cfg"), "/a\\b", "root:d/a/b.cfg"),
            new Row("F6: more than once", List.of("*", "{filename}/{filename}"), "a", "root:a/a"),
            new Row("F6: a brace alone is a brace", List.of("a", "b{c"), "a", "root:b{c"),
            new Row(
                    "F6: braces of a client mean nothing",
                    List.of("*", "d/{filename}"),
                    "{filename}",
                    "root:d/{filename}"),
            new Row("F6: a name that becomes too long", List.of("*", "{filename}/{filename}"), "a".repeat(300), NEVER),
            new Row(
                    "F7: [file] holds the name",
                    List.of("startup", "[d/{filename}.cfg]"),
                    "startup",
                    "name in root:d/startup.cfg"),
            new Row(
                    "F7: [file] may be elsewhere",
                    List.of("startup", "[/etc/boot-name]"),
                    "startup",
                    "name in absolute:/etc/boot-name"),
            new Row("F7: [file] in a directory elsewhere", List.of("*", "[/n/{filename}]"), "a", "name in /n:a"),
            new Row("F7: brackets of a client mean nothing", List.of(), "[abc]", "root:[abc]"),
            new Row("F7: half a bracket is a name", List.of("a", "[b"), "a", "root:[b"),
            new Row("F10: a target may be absolute", List.of("a", "/srv/other/a.0"), "a", "absolute:/srv/other/a.0"),
            new Row(
                    "F10: {filename} stays in the operator's directory",
                    List.of("*", "/srv/o/{filename}"),
                    "a/b",
                    "/srv/o:a/b"),
            new Row("F10: part of a name", List.of("*", "/srv/o/x-{filename}.cfg"), "a", "/srv/o:x-a.cfg"));

    @TestFactory
    Stream<DynamicTest> everyNameMeansOneFile() {
        return ROWS.stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.sentence(), () -> assertThat(meaning(row)).isEqualTo(row.expected())));
    }

    private static String meaning(Row row) {
        List<Filter> filters = new ArrayList<>();
        for (int i = 0; i < row.filters().size(); i += 2) {
            filters.add(Filter.parse(row.filters().get(i), row.filters().get(i + 1)));
        }
        RequestedPath requested = RequestedPath.parse(row.requested()).orElseThrow();
        return new FilenameTranslator(filters)
                .translate(requested, requested)
                .map(FilenameTranslatorTest::shown)
                .orElse(NEVER);
    }

    private static String shown(Translation translation) {
        return translation instanceof Translation.NameStandsIn pointer
                ? "name in " + shown(pointer.target())
                : shown(((Translation.Serve) translation).target());
    }

    private static String shown(FileTarget target) {
        if (target instanceof FileTarget.UnderRoot file) {
            return "root:" + file.path();
        }
        if (target instanceof FileTarget.UnderDirectory file) {
            return file.directory() + ":" + file.path();
        }
        return "absolute:" + ((FileTarget.Absolute) target).path();
    }

    private record Mistake(String sentence, String pattern, String target, String complaint) {}

    private static final List<Mistake> MISTAKES = List.of(
            new Mistake(
                    "F9: an unknown variable", "a", "d/{mac}", "unknown variable {mac}; the only one is {filename}"),
            new Mistake("F9: also in brackets", "a", "[{Filename}]", "unknown variable {Filename}"),
            new Mistake("a variable that does not end", "a", "d/{filename.cfg", "lacks a brace: write {filename}"),
            new Mistake("a variable that does not begin", "a", "[filename}.cfg]", "lacks a brace: write {filename}"),
            new Mistake("a pattern of nothing", "", "a", "1 to 500 characters"),
            new Mistake("a pattern of slashes", "/./", "a", "1 to 500 characters"),
            new Mistake("a pattern too long", "a".repeat(501), "a", "1 to 500 characters, not 501"),
            new Mistake("a target of nothing", "a", "", "names no file"),
            new Mistake("brackets around nothing", "a", "[ ]", "names no file"),
            new Mistake(
                    "a relative target that leads out", "a", "../b", "a file outside the root has an absolute path"),
            new Mistake("an absolute target with ..", "a", "/srv/../etc/b", "without '..'"),
            new Mistake("a directory with ..", "a", "/srv/../{filename}", "without '..'"),
            new Mistake("the whole machine", "a", "/{filename}", "names no file"),
            new Mistake("a URL", "a", "http://server/b", "is a URL"),
            new Mistake("pybootd's launcher directory", "a", "^/b", "write an absolute path"));

    @TestFactory
    Stream<DynamicTest> mistakesAreToldAtOnce() {
        return MISTAKES.stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.sentence(),
                        () -> assertThatThrownBy(() -> Filter.parse(row.pattern(), row.target()))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining(row.complaint())));
    }

    @ParameterizedTest
    @CsvSource({"a*, d/{filename}", "b?, /srv/o/b", "c, [d/c.cfg]", "./d/*, e"})
    void aFilterIsToldAsItWasWritten(String pattern, String target) {
        assertThat(Filter.parse(pattern, target)).hasToString(pattern + " = " + target);
    }

    @Test
    void theWorstPatternsTakeStepsByLengthOnly() {
        RequestedPath longest = RequestedPath.parse("a".repeat(500)).orElseThrow();
        assertThat(NamePattern.parse("*".repeat(500)).matches(longest)).isTrue();
        assertThat(NamePattern.parse("*a".repeat(249) + "*b").matches(longest)).isFalse();
        assertThat(NamePattern.parse("*" + "a".repeat(250) + "b").matches(longest))
                .isFalse();
        assertThat(NamePattern.parse("*?".repeat(250)).matches(longest)).isTrue();
        RequestedPath stars = RequestedPath.parse("*".repeat(500)).orElseThrow();
        assertThat(NamePattern.parse("*".repeat(499) + "b").matches(stars)).isFalse();
    }
}

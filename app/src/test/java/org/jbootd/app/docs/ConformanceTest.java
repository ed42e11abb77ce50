package org.jbootd.app.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/conformance.md names is there, and it says nothing twice. */
class ConformanceTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern ROW = Pattern.compile("\\| ([0-9A-Z]+-\\d+) \\|(.*)\\|(.*)\\|(.*)\\|(.*)\\|");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");
    private static final List<String> VERDICTS = List.of("met by setting", "met", "not met", "not applicable");

    private record Row(String id, String verdict, List<String> classes, List<String> tests) {}

    private final List<Row> rows = rows();

    @Test
    void everyTestNamedIsThere() throws IOException {
        Map<String, String> sources = sources("test");
        List<String> missing = new ArrayList<>();
        for (Row row : rows) {
            row.tests.stream()
                    .filter(test -> !hasTest(sources, test.split("#")))
                    .forEach(test -> missing.add(row.id + " " + test));
        }
        assertThat(rows).hasSizeGreaterThan(300);
        assertThat(missing).isEmpty();
    }

    private static boolean hasTest(Map<String, String> sources, String[] classAndMethod) {
        return classAndMethod.length == 2
                && Pattern.compile("\\s" + classAndMethod[1] + "\\(.*\\{")
                        .matcher(sources.getOrDefault(classAndMethod[0], ""))
                        .find();
    }

    @Test
    void everyClassNamedIsThere() throws IOException {
        Map<String, String> sources = sources("main");
        assertThat(rows.stream().flatMap(row -> row.classes.stream()).toList())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(sources).containsKey(name));
    }

    @Test
    void whatIsMetIsShown() {
        assertThat(rows.stream().map(Row::id)).doesNotHaveDuplicates();
        assertThat(rows).allSatisfy(row -> {
            assertThat(verdict(row)).as(row.id).isIn(VERDICTS);
            if (verdict(row).startsWith("met")) {
                assertThat(row.classes).as(row.id).isNotEmpty();
                assertThat(row.tests).as(row.id).isNotEmpty();
            }
        });
    }

    @Test
    void theSumIsRight() throws IOException {
        String sum = "Of %d requirements %d are met, %d by a setting, %d not, and %d do not apply."
                .formatted(
                        rows.size(), count("met"), count("met by setting"), count("not met"), count("not applicable"));
        assertThat(Files.readString(page())).contains(sum);
    }

    private long count(String verdict) {
        return rows.stream().filter(row -> verdict(row).equals(verdict)).count();
    }

    /** Without what is said of it behind a colon, a comma or a semicolon. */
    private static String verdict(Row row) {
        return row.verdict.split("[:;,]")[0].trim();
    }

    private static Path page() {
        return ROOT.resolve("docs/conformance.md");
    }

    private static List<Row> rows() {
        try {
            return ROW.matcher(Files.readString(page()))
                    .results()
                    .map(row -> new Row(row.group(1), row.group(3), names(row.group(4)), names(row.group(5))))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError("the page cannot be read", e);
        }
    }

    private static List<String> names(String cell) {
        Matcher names = NAME.matcher(cell);
        return names.results().map(name -> name.group(1)).toList();
    }

    /** All of {@code src/kind}, by the name of the class. */
    private static Map<String, String> sources(String kind) throws IOException {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.map(path -> path.resolve("src/" + kind + "/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(module)) {
                    for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                            .toList()) {
                        sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
                    }
                }
            }
        }
        return sources;
    }
}

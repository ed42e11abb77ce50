package org.jbootd.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code docs/configuration.md} and the code say the same, both ways. */
class DocumentationTest {

    private List<String> lines;

    @BeforeEach
    void read() throws IOException {
        lines = Files.readAllLines(Path.of("../docs/configuration.md"));
    }

    @Test
    void everyKeyHasItsRowInItsSectionAndThereIsNoOther() {
        assertThat(documented()).isEqualTo(known());
    }

    private static Map<String, List<String>> known() {
        return Keys.ALL.stream()
                .collect(Collectors.groupingBy(
                        KeyDoc::section, LinkedHashMap::new, Collectors.mapping(KeyDoc::row, Collectors.toList())));
    }

    private Map<String, List<String>> documented() {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        String section = "";
        for (String line : lines) {
            if (line.startsWith("## ")) {
                section = line.matches("## \\[\\w+( NAME)?]") ? line.replaceAll("## \\[(\\w+).*", "$1") : "";
            } else if (line.startsWith("| `") && line.split("\\|").length == 6 && !section.isEmpty()) {
                rows.computeIfAbsent(section, name -> new ArrayList<>()).add(line);
            }
        }
        return rows;
    }

    @Test
    void everyOptionStandsWithItsKind() {
        List<String> expected = OptionTable.all().stream()
                .map(known -> known.type().word() + " `" + known.name() + "` " + known.code())
                .sorted()
                .toList();
        Pattern option = Pattern.compile("`[a-z0-9-]+` \\d+");
        List<String> documented = lines.stream()
                .filter(line -> line.matches("\\| `[a-z0-9]+` \\|.*\\|.*\\|.*\\|"))
                .flatMap(line -> option.matcher(line.substring(line.lastIndexOf('|', line.length() - 2)))
                        .results()
                        .map(match -> line.split("`")[1] + " " + match.group()))
                .sorted()
                .toList();

        assertThat(documented).isEqualTo(expected);
    }

    @Test
    void everyArchitectureHasItsRow() {
        List<String> expected = Architectures.NAMES.entrySet().stream()
                .map(entry -> "| `" + entry.getKey() + "` | "
                        + entry.getValue().stream().map(String::valueOf).collect(Collectors.joining(", ")) + " |")
                .toList();

        assertThat(lines).containsSubsequence(expected);
        assertThat(lines.stream().filter(line -> line.matches("\\| `[a-z0-9-]+` \\| [0-9, ]+ \\|")))
                .hasSameSizeAs(expected);
    }
}

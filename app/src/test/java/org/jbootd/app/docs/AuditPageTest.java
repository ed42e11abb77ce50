package org.jbootd.app.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jbootd.app.leases.Ledger;
import org.jbootd.app.leases.StoppedLedger;
import org.jbootd.domain.client.Identification;
import org.jbootd.persistence.Auditor;
import org.jbootd.persistence.StoreSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/audit.md tells auditors to ask can be asked, and the columns that it names are there. */
class AuditPageTest {

    private static final Pattern QUESTION = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);
    private static final Pattern VIEW = Pattern.compile("\\*\\*`(\\w+)`\\*\\*(.*?)(?=\n\\*\\*`|\n## )", Pattern.DOTALL);
    private static final Pattern COLUMN = Pattern.compile("(?m)^\\| ((?:`\\w+`(?:, |…| … )?)+) \\|");
    private static final Pattern NAME = Pattern.compile("`([a-z_]+)`");

    private static final Auditor.Rows NOBODY = new Auditor.Rows() {
        @Override
        public void columns(List<String> names) {
            assertThat(names).isNotEmpty();
        }

        @Override
        public void row(List<Object> values) {}
    };

    @TempDir
    private Path directory;

    private static String page() throws Exception {
        return Files.readString(Path.of("..", "docs", "audit.md"));
    }

    @Test
    void everyQuestionOnThePageHasAnAnswer() throws Exception {
        List<String> questions = QUESTION.matcher(page())
                .results()
                .map(found -> found.group(1).strip())
                .toList();
        assertThat(questions).hasSizeGreaterThanOrEqualTo(10);
        try (Ledger ledger = StoppedLedger.open(new StoreSettings(directory), List.of(), Identification.HARDWARE)) {
            for (String question : questions) {
                assertThatCode(() -> ledger.ask(question, List.of(), NOBODY))
                        .as(question)
                        .doesNotThrowAnyException();
            }
        }
    }

    @Test
    void everyColumnOnThePageIsThere() throws Exception {
        int asked = 0;
        try (Ledger ledger = StoppedLedger.open(new StoreSettings(directory), List.of(), Identification.HARDWARE)) {
            Matcher view = VIEW.matcher(page());
            while (view.find()) {
                List<String> columns = COLUMN.matcher(view.group(2))
                        .results()
                        .flatMap(row -> names(row.group(1)))
                        .toList();
                for (String column : columns) {
                    String sql = "SELECT " + column + " FROM " + view.group(1);
                    assertThatCode(() -> ledger.ask(sql, List.of(), NOBODY))
                            .as(sql)
                            .doesNotThrowAnyException();
                    asked++;
                }
            }
        }
        assertThat(asked).as("columns found on the page").isGreaterThan(30);
    }

    private static Stream<String> names(String cell) {
        return NAME.matcher(cell).results().map(found -> found.group(1));
    }
}

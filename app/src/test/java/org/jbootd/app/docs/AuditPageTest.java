package org.jbootd.app.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jbootd.app.TestDatabase;
import org.jbootd.app.leases.DatabaseLedger;
import org.jbootd.app.leases.Ledger;
import org.jbootd.app.leases.StoppedLedger;
import org.jbootd.domain.client.Identification;
import org.jbootd.persistence.Auditor;
import org.jbootd.persistence.StoreSettings;
import org.jbootd.persistence.postgres.PostgresLeaseStore;
import org.jbootd.persistence.postgres.PostgresSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/audit.md tells auditors to ask can be asked, and the columns that it names are there. */
class AuditPageTest {

    private static final Pattern QUESTION = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);
    private static final Pattern VIEW = Pattern.compile("\\*\\*`(\\w+)`\\*\\*(.*?)(?=\n\\*\\*`|\n## )", Pattern.DOTALL);
    private static final Pattern COLUMN = Pattern.compile("(?m)^\\| ((?:`\\w+`(?:, |…| … )?)+) \\|");
    private static final Pattern ROLE = Pattern.compile("CREATE ROLE auditor [^`]*");
    private static final Pattern GRANTS = Pattern.compile("GRANT SELECT ON [^`]*");
    private static final Pattern NAME = Pattern.compile("`([a-z_]+)`");

    /** SQLSTATE insufficient_privilege. */
    private static final String NOT_ALLOWED = "42501";

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

    private Ledger embedded() {
        return StoppedLedger.open(new StoreSettings(directory), List.of(), Identification.HARDWARE);
    }

    /** With the tables that a daemon makes. */
    private static TestDatabase database() throws Exception {
        TestDatabase database = TestDatabase.create();
        PostgresLeaseStore.open(database.settings(), Duration.ofMinutes(1)).close();
        return database;
    }

    private Ledger ledger(TestDatabase database) {
        return DatabaseLedger.open(database.settings(), directory, List.of(), Identification.HARDWARE);
    }

    @Test
    void everyQuestionOnThePageHasAnAnswer() throws Exception {
        try (Ledger ledger = embedded()) {
            askAll(ledger);
        }
    }

    @Test
    void everyQuestionOnThePageHasAnAnswerInPostgres() throws Exception {
        try (Ledger ledger = ledger(database())) {
            askAll(ledger);
        }
    }

    private static void askAll(Ledger ledger) throws Exception {
        List<String> questions = QUESTION.matcher(page())
                .results()
                .map(found -> found.group(1).strip())
                .toList();
        assertThat(questions).hasSizeGreaterThanOrEqualTo(10);
        for (String question : questions) {
            assertThatCode(() -> ledger.ask(question, List.of(), NOBODY))
                    .as(question)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void everyColumnOnThePageIsThere() throws Exception {
        try (Ledger ledger = embedded()) {
            askForColumns(ledger);
        }
    }

    @Test
    void everyColumnOnThePageIsThereInPostgres() throws Exception {
        try (Ledger ledger = ledger(database())) {
            askForColumns(ledger);
        }
    }

    private static void askForColumns(Ledger ledger) throws Exception {
        int asked = 0;
        Matcher view = VIEW.matcher(page());
        while (view.find()) {
            List<String> columns = COLUMN.matcher(view.group(2))
                    .results()
                    .flatMap(row -> names(row.group(1)))
                    .toList();
            for (String column : columns) {
                String sql = "SELECT " + column + " FROM " + view.group(1);
                assertThatCode(() -> ledger.ask(sql, List.of(), NOBODY)).as(sql).doesNotThrowAnyException();
                asked++;
            }
        }
        assertThat(asked).as("columns found on the page").isGreaterThan(30);
    }

    private static Stream<String> names(String cell) {
        return NAME.matcher(cell).results().map(found -> found.group(1));
    }

    private static String onPage(Pattern orders) throws Exception {
        Matcher found = orders.matcher(page());
        assertThat(found.find()).isTrue();
        return found.group();
    }

    @Test
    void theRoleOnThePageReadsAllViewsAndWritesNothing() throws Exception {
        TestDatabase database = TestDatabase.create();
        String owner = "owner_of_" + database.name();
        database.execute("CREATE ROLE " + owner + " LOGIN");
        database.execute("ALTER DATABASE " + database.name() + " OWNER TO " + owner);
        PostgresLeaseStore.open(
                        new PostgresSettings(database.url(), Optional.of(owner), Optional.empty()),
                        Duration.ofMinutes(1))
                .close();
        database.execute(onPage(ROLE));
        try (Connection connection = DriverManager.getConnection(database.url(), owner, "");
                Statement statement = connection.createStatement()) {
            statement.execute(onPage(GRANTS));
        }
        List<String> views =
                VIEW.matcher(page()).results().map(view -> view.group(1)).toList();
        assertThat(views).contains("lease_current", "lease_interval", "lease_event", "machine", "refusal", "boot");
        try (Connection connection = DriverManager.getConnection(database.url(), "auditor", "…");
                Statement statement = connection.createStatement()) {
            for (String view : views) {
                statement.executeQuery("SELECT * FROM " + view).close();
            }
            statement.executeQuery("SELECT * FROM transfer").close();
            assertThatThrownBy(() -> statement.execute("DELETE FROM lease_event"))
                    .hasMessageContaining("read-only transaction");
            statement.execute("SET default_transaction_read_only = off"); // he may, and it helps him nothing
            for (String order : List.of(
                    "SELECT * FROM lease",
                    "SELECT * FROM ledger_head",
                    "DELETE FROM lease_event",
                    "DELETE FROM lease_current",
                    "UPDATE lease_current SET hardware = 'x'",
                    "INSERT INTO refusal (times) VALUES (1)",
                    "INSERT INTO transfer (file) VALUES ('x')",
                    "TRUNCATE transfer",
                    "UPDATE ledger_head SET seq = 9",
                    "DROP VIEW boot",
                    "CREATE TABLE mine (n INT)",
                    "SELECT NEXTVAL('transfer_id_seq')")) {
                assertThatThrownBy(() -> statement.execute(order))
                        .as(order)
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                refused -> assertThat(refused.getSQLState())
                                        .as(refused.getMessage())
                                        .isEqualTo(NOT_ALLOWED));
            }
        }
    }
}

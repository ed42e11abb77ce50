package org.jbootd.persistence;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Asks a database by SQL, as an auditor would. */
final class Sqls {

    private Sqls() {}

    /** Each row as its values' texts with bars between them. */
    static List<String> rows(Path directory, String sql) {
        List<String> answer = new ArrayList<>();
        try (Auditor auditor = Auditor.of(directory, Auditor.USER, "", new EmbeddedDialect())) {
            auditor.ask(
                    sql,
                    List.of(),
                    values -> answer.add(values.stream().map(String::valueOf).collect(Collectors.joining("|"))));
        } catch (Auditor.NoAnswer e) {
            throw new AssertionError(e.getMessage(), e);
        }
        return answer;
    }

    /** What {@link IntervalCheck} has to say. */
    static List<String> misfits(Path directory) {
        List<String> report = new ArrayList<>();
        try (Auditor auditor = Auditor.of(directory, Auditor.USER, "", new EmbeddedDialect())) {
            IntervalCheck.run(auditor::ask, report);
        } catch (Auditor.NoAnswer e) {
            throw new AssertionError(e.getMessage(), e);
        }
        return report;
    }
}

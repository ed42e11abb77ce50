package org.jbootd.persistence;

import java.io.StringReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.h2.api.ErrorCode;
import org.h2.util.ScriptReader;

/** How H2 is asked, by a user of its own who may only read. */
final class EmbeddedDialect implements Auditor.Dialect {

    /** What H2 says, one after the other, when a session is ended from elsewhere. */
    private static final Set<Integer> ENDED = Set.of(
            ErrorCode.STATEMENT_WAS_CANCELED,
            ErrorCode.CONNECTION_BROKEN_1,
            ErrorCode.OBJECT_CLOSED,
            ErrorCode.DATABASE_CALLED_AT_SHUTDOWN,
            ErrorCode.DATABASE_IS_CLOSED,
            ErrorCode.GENERAL_ERROR_1);

    private final SqlDoor door;

    /** Of a database that nobody is sent away from. */
    EmbeddedDialect() {
        this(new SqlDoor());
    }

    EmbeddedDialect(SqlDoor door) {
        this.door = door;
    }

    /** H2 would answer the first of several, and carry out the others. */
    @Override
    public void check(String sql) throws Auditor.NoAnswer {
        try (ScriptReader script = new ScriptReader(new StringReader(sql))) {
            script.setSkipRemarks(true);
            int questions = 0;
            for (String one = script.readStatement(); one != null; one = script.readStatement()) {
                questions += one.isBlank() ? 0 : 1;
            }
            if (questions > 1) {
                throw new Auditor.NoAnswer(Auditor.SEVERAL);
            }
        }
    }

    @Override
    public Object value(ResultSet result, int column) throws SQLException {
        return result.getObject(column);
    }

    /** H2 goes on with the statement, and a number of its own. */
    @Override
    public String inWords(SQLException failure) {
        if (failure.getErrorCode() == ErrorCode.METHOD_ONLY_ALLOWED_FOR_QUERY) {
            return Auditor.NO_QUESTION;
        }
        return (ENDED.contains(failure.getErrorCode()) ? door.whyShut() : Optional.<String>empty())
                .orElseGet(() -> String.valueOf(failure.getMessage())
                        .lines()
                        .findFirst()
                        .orElse("")
                        .replaceFirst("; SQL statement:$", ""));
    }
}

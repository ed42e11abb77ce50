package org.jbootd.persistence;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.h2.api.ErrorCode;

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

    EmbeddedDialect(SqlDoor door) {
        this.door = door;
    }

    @Override
    public void check(String sql) {}

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

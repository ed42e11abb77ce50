package org.jbootd.persistence;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.h2.api.ErrorCode;

/** How H2 is asked, by a user of its own who may only read. */
final class EmbeddedDialect implements Auditor.Dialect {

    @Override
    public void check(String sql) {}

    @Override
    public Object value(ResultSet result, int column) throws SQLException {
        return result.getObject(column);
    }

    /** H2 goes on with the statement, and a number of its own. */
    @Override
    public String inWords(SQLException failure) {
        return failure.getErrorCode() == ErrorCode.METHOD_ONLY_ALLOWED_FOR_QUERY
                ? Auditor.NO_QUESTION
                : String.valueOf(failure.getMessage())
                        .lines()
                        .findFirst()
                        .orElse("")
                        .replaceFirst("; SQL statement:$", "");
    }
}

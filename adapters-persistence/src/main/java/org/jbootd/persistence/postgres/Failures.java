package org.jbootd.persistence.postgres;

import java.sql.SQLException;
import java.util.Optional;
import org.jbootd.persistence.Trouble;

/** What a failure of the database means. */
final class Failures {

    private Failures() {}

    /** One line without the statement, which may show what is stored. */
    static String sentence(Throwable failure) {
        return Trouble.sentence(cause(failure));
    }

    /** What the database or the driver said, if it was one of them. */
    static Throwable cause(Throwable failure) {
        return sql(failure).<Throwable>map(sql -> sql).orElse(failure);
    }

    /** Whether it is for what was to be written, and would be again: a value or a constraint (SQLSTATE classes 22 and 23). */
    static boolean isForData(Throwable failure) {
        return sql(failure)
                .map(SQLException::getSQLState)
                .filter(state -> state.startsWith("22") || state.startsWith("23"))
                .isPresent();
    }

    private static Optional<SQLException> sql(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return Optional.of(sql.getNextException() == null ? sql : sql.getNextException());
            }
        }
        return Optional.empty();
    }
}

package org.jbootd.persistence.postgres;

import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a failure of the database means. */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.leases");

    private Failures() {}

    /** One line without the statement, which may show what is stored. */
    static String sentence(Throwable failure) {
        String message = sql(failure).map(Throwable::getMessage).orElseGet(failure::getMessage);
        return message == null
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    /** A failure that says {@link #sentence}, and nothing else. */
    static RuntimeException inWords(Throwable failure) {
        LOG.debug("the database failed", failure);
        return new IllegalStateException(sentence(failure));
    }

    /** Whether it is for what was to be written, and would be again: a value or a constraint (SQLSTATE classes 22 and 23). */
    static boolean isForData(Throwable failure) {
        return sql(failure)
                .map(SQLException::getSQLState)
                .filter(state -> state.startsWith("22") || state.startsWith("23"))
                .isPresent();
    }

    /** Whether the server said so itself, and another connection would not help by itself (not SQLSTATE classes 08 and 57). */
    static boolean isRefusal(Throwable failure) {
        return sql(failure)
                .map(SQLException::getSQLState)
                .filter(state -> !state.startsWith("08") && !state.startsWith("57"))
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

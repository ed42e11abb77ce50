package org.jbootd.persistence.postgres;

import java.io.IOException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a failure of the database means. */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.leases");

    private Failures() {}

    /** One line without the statement, which may show what is stored; with what the network says, where that is the cause. */
    static String sentence(Throwable failure) {
        Throwable said = sql(failure).<Throwable>map(sql -> sql).orElse(failure);
        String message = said.getMessage() == null
                ? said.getClass().getSimpleName()
                : said.getMessage().lines().findFirst().orElse("");
        return network(said)
                .map(cause -> message.replaceFirst("\\.$", "") + " (" + cause + ")")
                .orElse(message);
    }

    private static Optional<String> network(Throwable failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return Optional.of("no address is known of a host " + cause.getMessage());
            }
            if (cause instanceof IOException && cause.getMessage() != null) {
                return Optional.of(cause.getMessage());
            }
        }
        return Optional.empty();
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

    /** Whether nobody was let in: there is no way, or the user or database is not there (SQLSTATE classes 08, 28 and 3D). */
    static boolean isAtTheDoor(Throwable failure) {
        return sql(failure)
                .map(SQLException::getSQLState)
                .filter(state -> state.startsWith("08") || state.startsWith("28") || state.startsWith("3D"))
                .isPresent();
    }

    /** Whether the user lacks a right (SQLSTATE 42501). */
    static boolean isForbidden(Throwable failure) {
        return sql(failure)
                .map(SQLException::getSQLState)
                .filter("42501"::equals)
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

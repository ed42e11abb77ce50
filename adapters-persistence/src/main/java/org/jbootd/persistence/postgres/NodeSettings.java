package org.jbootd.persistence.postgres;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How a node keeps its leases in a database.
 *
 * @param directory the node's own on this host, made when missing, where it remembers how far it has seen the database; empty for
 *     one that only passes by
 * @param historyKeep how long what is over is kept; empty for ever
 * @param hashChain whether events are linked from now on, whichever node writes them; empty as it was before
 * @param patience how long a commit may take
 */
public record NodeSettings(
        PostgresSettings database,
        Optional<Path> directory,
        Optional<Duration> historyKeep,
        Optional<Boolean> hashChain,
        Duration patience) {

    public NodeSettings {
        Objects.requireNonNull(database, "database");
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(historyKeep, "historyKeep");
    }

    /** Of one that passes by. */
    NodeSettings(PostgresSettings database, Duration patience) {
        this(database, Optional.empty(), Optional.empty(), Optional.empty(), patience);
    }
}

package org.jbootd.persistence;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Where leases are kept.
 *
 * @param directory the data directory, all to ourselves; made when missing
 * @param historyKeep how long what is over is kept; empty for ever
 * @param sql where auditors may ask; empty for nowhere
 * @param hashChain whether events are linked from now on, so that a change of one can be noticed; empty as it was before
 */
public record StoreSettings(
        Path directory, Optional<Duration> historyKeep, Optional<SqlAccess> sql, Optional<Boolean> hashChain) {

    public StoreSettings {
        Objects.requireNonNull(directory, "directory");
    }

    /** Of the one who only asks; empty for none. */
    String auditorPassword() {
        return sql.flatMap(SqlAccess::password).orElse("");
    }

    /** Leases whose history is kept for ever, and asked through this process only; linked if it was before. */
    public StoreSettings(Path directory) {
        this(directory, Optional.empty(), Optional.empty(), Optional.empty());
    }
}

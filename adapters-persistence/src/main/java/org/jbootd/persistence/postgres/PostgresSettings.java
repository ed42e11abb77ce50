package org.jbootd.persistence.postgres;

import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.postgresql.Driver;

/**
 * Which database leases are kept in.
 *
 * @param url {@code jdbc:postgresql://HOST[:PORT]/DATABASE}, without secrets
 * @param user empty for the driver's choice
 * @param password empty when the database wants none
 */
public record PostgresSettings(String url, Optional<String> user, Optional<String> password) {

    public static final String PREFIX = "jdbc:postgresql:";

    /** Of the driver, which says there in its own way what is wrong with a URL. Held here, or the level would be forgotten. */
    private static final Logger OF_THE_DRIVER = Logger.getLogger("org.postgresql.util.PGPropertyUtil");

    static {
        OF_THE_DRIVER.setLevel(Level.OFF);
    }

    public PostgresSettings {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
        if (!url.startsWith(PREFIX)) {
            throw new IllegalArgumentException("a URL of PostgreSQL starts with " + PREFIX);
        }
        if (Driver.parseURL(url, null) == null) {
            throw new IllegalArgumentException(
                    "is no URL that PostgreSQL's driver can read: a port is a number from 1 to 65535,"
                            + " and after % come two hex digits");
        }
    }

    /** For the log: where it is, and nothing that follows a question mark. */
    public String place() {
        return url.replaceAll("\\?.*", "");
    }

    /** How a copy is made, for the operator. */
    public String backupCommand() {
        return "leases are in PostgreSQL, which copies them while daemons run: pg_dump --format=custom --file=FILE "
                + forTools();
    }

    /** How a copy is brought back, for the operator. */
    public String restoreCommand() {
        return "leases are in PostgreSQL, which brings them back while no daemon runs: pg_restore --clean --if-exists"
                + " --single-transaction --dbname=" + forTools() + " FILE; docs/cluster.md has the steps";
    }

    /** As PostgreSQL's own programs name a database. */
    private String forTools() {
        return "'" + place().substring("jdbc:".length()) + "'"
                + user.map(name -> " --username=" + name).orElse("");
    }

    /** Shows no password. */
    @Override
    public String toString() {
        return place();
    }
}

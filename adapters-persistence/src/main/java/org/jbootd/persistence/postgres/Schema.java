package org.jbootd.persistence.postgres;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.jbootd.persistence.StoreRefused;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.postgresql.ds.PGSimpleDataSource;

/** The tables and views, made when they are not there, and brought up to date. */
final class Schema {

    /** The newest migration in {@code migration/}. */
    static final int NEWEST = 5;

    private static final String MIGRATIONS = "classpath:org/jbootd/persistence/postgres/migration";

    private Schema() {}

    /**
     * Several nodes may do so at the same time.
     *
     * @param heard told of each step of a migration; a test's may break it off
     * @throws StoreRefused when the database cannot be reached, or its schema is of a newer version; it is left as it was
     */
    static void prepare(PostgresSettings settings, Callback... heard) {
        try {
            if (known(settings) < NEWEST) {
                migrate(settings, heard);
            }
        } catch (JdbiException | FlywayException e) {
            throw refused(settings, e);
        }
    }

    private static int known(PostgresSettings settings) {
        int present = present(settings);
        if (present > NEWEST) {
            throw new StoreRefused("the database " + settings.place() + " has schema " + present
                    + ", and this version of jbootd knows no more than " + NEWEST + ": start the newer version");
        }
        return present;
    }

    /** @throws StoreRefused when it is not there, or not of this version; nothing is changed */
    static void require(PostgresSettings settings) {
        try {
            int known = known(settings);
            if (known < NEWEST) {
                throw new StoreRefused("the database " + settings.place() + " has "
                        + (known == 0 ? "no leases yet" : "schema " + known) + ": a daemon of this version "
                        + (known == 0 ? "that is started on it makes the tables" : "brings it up to date"));
            }
        } catch (JdbiException e) {
            throw refused(settings, e);
        }
    }

    /** Whether nobody has kept leases in it yet. */
    static boolean isMissing(PostgresSettings settings) {
        try {
            return present(settings) == 0;
        } catch (JdbiException e) {
            throw refused(settings, e);
        }
    }

    static StoreRefused refused(PostgresSettings settings, RuntimeException e) {
        return new StoreRefused(
                "leases cannot be kept in " + settings.place() + ": " + Failures.sentence(e)
                        + "; check [leases] url, user and password, and that the database is there",
                e);
    }

    private static int present(PostgresSettings settings) {
        try (Handle handle = Jdbi.open(() -> Session.connect(settings))) {
            boolean fresh = handle.createQuery("SELECT TO_REGCLASS('flyway_schema_history') IS NULL")
                    .mapTo(Boolean.class)
                    .one();
            return fresh
                    ? 0
                    : handle.createQuery(
                                    "SELECT COALESCE(MAX(CAST(version AS INT)), 0) FROM flyway_schema_history WHERE success")
                            .mapTo(Integer.class)
                            .one();
        }
    }

    /** Safe from a crash, whatever the server's own setting is. */
    private static void migrate(PostgresSettings settings, Callback... heard) {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setURL(settings.url());
        settings.user().ifPresent(database::setUser);
        settings.password().ifPresent(database::setPassword);
        database.setOptions("-c synchronous_commit=on");
        Flyway.configure()
                .dataSource(database)
                .locations(MIGRATIONS)
                .callbacks(heard)
                .load()
                .migrate();
    }
}

package org.jbootd.persistence.postgres;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.exception.FlywayValidateException;
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
                "leases cannot be kept in " + settings.place() + ": " + Failures.sentence(e) + mend(e), e);
    }

    private static String mend(RuntimeException e) {
        if (Failures.isAtTheDoor(e)) {
            return "; check [leases] url, user and password, and that the database is there";
        }
        if (Failures.isForbidden(e)) {
            return "; the user of [leases] has to own the database and the tables in it";
        }
        return e instanceof FlywayValidateException
                ? "; by its table flyway_schema_history its tables were not made by this program: bring back a backup, or take an"
                        + " empty database"
                : "";
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

    /** Said at once: Flyway would try for a long time. */
    private static void requireRight(PostgresSettings settings) {
        try (Handle handle = Jdbi.open(() -> Session.connect(settings))) {
            handle.createQuery("""
                            SELECT FORMAT('the user %1$I may make no tables in the schema %2$I; make it the owner of the database'
                                ' (ALTER DATABASE %3$I OWNER TO %1$I), or let it (GRANT CREATE ON SCHEMA %2$I TO %1$I)',
                                CURRENT_USER, schema, CURRENT_DATABASE())
                            FROM (SELECT COALESCE(CURRENT_SCHEMA(), 'public') AS schema) wanted
                            WHERE NOT HAS_SCHEMA_PRIVILEGE(schema, 'CREATE')""").mapTo(String.class).findOne().ifPresent(why -> {
                throw new StoreRefused("leases cannot be kept in " + settings.place() + ": " + why);
            });
        }
    }

    /** Safe from a crash, whatever the server's own setting is. */
    private static void migrate(PostgresSettings settings, Callback... heard) {
        requireRight(settings);
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

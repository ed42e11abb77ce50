package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A migration of the embedded database ends before any of its statements, as in a crash: the next start has the newest schema, and
 * all that was there. What a process leaves that ends there is what is on the disk at that time, so it is copied; and some
 * processes really end. All statements: {@code -Djbootd.migrations=all}; else some of those that are many, picked by
 * {@code -Djbootd.migration.seed=4711}.
 */
class InterruptedMigrationTest {

    private static final int SAMPLE = 5;

    private static final String MIGRATIONS = "classpath:org/jbootd/persistence/migration";

    /** As the first version wrote them. */
    private static final List<String> FIRST_ROWS = List.of(
            """
            INSERT INTO lease (address_number, address, subnet, hardware, holder, network_booted, state, since, until, seq)
            VALUES (167772161, '10.0.0.1', 'lan', '02-00-00-00-00-01', '02-00-00-00-00-01', TRUE, 'BOUND',
                TIMESTAMP WITH TIME ZONE '2026-03-01 08:00:00+00', TIMESTAMP WITH TIME ZONE '2026-03-01 09:00:00+00', 3)""",
            event(1, "BOUND", "10.0.0.1", "01"),
            event(2, "BOUND", "10.0.0.2", "02"),
            event(3, "RENEWED", "10.0.0.1", "01"),
            event(4, "ENDED", "10.0.0.2", "02"),
            "UPDATE journal_mark SET seq = 4");

    /** As the third version wrote them, too; of changes there are only such that stayed. */
    private static final List<String> LATER_ROWS = List.of("""
            INSERT INTO refused (hour_number, first_at, last_at, times, reason, message, hardware)
            VALUES (1, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 7, 'DENIED', 'DISCOVER', '02-00-00-00-00-09')""", """
            INSERT INTO transfer (started, ended, address, file, octets, retransmissions, outcome)
            VALUES (CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, '10.0.0.1', 'linux', 4711, 0, 'COMPLETE')""", "UPDATE history_start SET seq = 5");

    @TempDir
    private Path parent;

    private static String event(int seq, String kind, String address, String machine) {
        return """
                INSERT INTO lease_event (seq, recorded_at, kind, address_number, address, subnet, hardware, network_booted, state,
                    since, until)
                VALUES (%d, TIMESTAMP WITH TIME ZONE '2026-03-01 08:00:0%1$d+00', '%s', 167772160 + %s, '%s', 'lan',
                    '02-00-00-00-00-%s', TRUE, 'BOUND', TIMESTAMP WITH TIME ZONE '2026-03-01 08:00:00+00',
                    TIMESTAMP WITH TIME ZONE '2026-03-01 09:00:00+00')""".formatted(seq, kind, address.substring(7), address, machine);
    }

    /** Makes a directory with a database of that version; of 0 with none. */
    private Path furnish(int version) throws IOException {
        Path directory = Files.createDirectory(parent.resolve("version" + version));
        if (version == 0) {
            return directory;
        }
        migrate(directory, 1);
        execute(directory, FIRST_ROWS);
        migrate(directory, version);
        if (version >= 3) {
            execute(directory, LATER_ROWS);
        }
        return directory;
    }

    private static void migrate(Path directory, int version) {
        Flyway.configure()
                .dataSource(url(directory), "jbootd", "")
                .locations(MIGRATIONS)
                .target(String.valueOf(version))
                .load()
                .migrate();
    }

    private static void execute(Path directory, List<String> statements) {
        try (Handle handle = Jdbi.open(url(directory), "jbootd", "")) {
            statements.forEach(handle::execute);
        }
    }

    private static String url(Path directory) {
        return "jdbc:h2:file:" + directory.toAbsolutePath().resolve("leases");
    }

    private void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    @ParameterizedTest(name = "from version {0}")
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void whatEndedBeforeAnyStatementIsDoneByTheNextStart(int version) throws Exception {
        Path directory = furnish(version);
        List<Path> crashes = new ArrayList<>();
        EachStatement copying = new EachStatement((number, context) -> {
            crashes.add(parent.resolve("crash" + number));
            copy(directory, crashes.get(number - 1));
        });
        LeaseDatabase.open(directory, copying).close();
        assertThat(crashes).as("statements").hasSizeGreaterThan(version < 3 ? 40 : version < 6 ? 4 : 0);
        assertWhole(directory, version);
        for (Path crash : some(crashes)) {
            assertThat(crash.resolve("leases-new.mv.db")).exists();
            assertWhole(crash, version);
        }
    }

    private static List<Path> some(List<Path> crashes) {
        boolean all = "all".equals(System.getProperty("jbootd.migrations")) || crashes.size() <= SAMPLE;
        long seed = Long.getLong("jbootd.migration.seed", System.nanoTime());
        System.out.printf(
                "%d of %d statements, -Djbootd.migration.seed=%d%n",
                all ? crashes.size() : SAMPLE, crashes.size(), seed);
        List<Path> mixed = new ArrayList<>(crashes);
        Collections.shuffle(mixed, new Random(seed));
        return all ? mixed : mixed.subList(0, SAMPLE);
    }

    private static void assertWhole(Path directory, int version) throws IOException {
        try (LeaseDatabase database = LeaseDatabase.open(directory)) {
            assertThat(database.mark()).as("%s", directory).isEqualTo(version == 0 ? 0 : 4);
            assertThat(database.leases()).hasSize(version == 0 ? 0 : 1);
        }
        assertThat(directory.resolve("leases-new.mv.db")).doesNotExist();
        assertThat(Sqls.rows(directory, "SELECT seq, kind, hardware, chain FROM lease_event ORDER BY seq"))
                .containsExactly(
                        version == 0
                                ? new String[0]
                                : new String[] {
                                    "1|BOUND|02-00-00-00-00-01|null",
                                    "2|BOUND|02-00-00-00-00-02|null",
                                    "3|RENEWED|02-00-00-00-00-01|null",
                                    "4|ENDED|02-00-00-00-00-02|null"
                                });
        assertThat(Sqls.rows(directory, "SELECT seq FROM lease_change WHERE address = '10.0.0.1' ORDER BY seq"))
                .as("in front of the start of the history, too")
                .containsExactly(version == 0 ? new String[0] : new String[] {"1", "3"});
        String[] parts =
                version < 3 || version > 5 ? new String[] {"0", "0", "0", "0"} : new String[] {"-1", "-2", "-1", "-2"};
        assertThat(Sqls.rows(directory, "SELECT part FROM lease_event ORDER BY seq"))
                .containsExactly(version == 0 ? new String[0] : parts);
        assertThat(Sqls.rows(directory, "SELECT address, how_ended FROM lease_interval ORDER BY address"))
                .containsExactly(version == 0 ? new String[0] : new String[] {"10.0.0.1|EXPIRED", "10.0.0.2|ENDED"});
        assertThat(Sqls.misfits(directory)).isEmpty();
        assertThat(Sqls.rows(directory, "SELECT times FROM refusal UNION ALL SELECT octets FROM transfer"))
                .containsExactly(version < 3 ? new String[0] : new String[] {"7", "4711"});
        assertThat(Sqls.rows(directory, "SELECT seq, chain FROM chain_head"))
                .containsExactly(version == 0 ? "0|null" : "4|null");
    }

    @ParameterizedTest(name = "from version {0}")
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void aProcessThatEndsInAMigrationLosesNothing(int version) throws Exception {
        Path directory = furnish(version);
        int last = version < 4 ? 1 + version : version < 6 ? 2 : 1; // one of those that there are from every version
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Migrating.class.getName(),
                        directory.toString(),
                        String.valueOf(last))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(Migrating.ENDED);
        assertThat(directory.resolve("leases-new.mv.db")).exists();
        assertWhole(directory, version);
    }

    @Test
    void whatCannotBeConvertedStaysAsItWasAndTheMessageSaysWhatItTakes() throws Exception {
        Path directory = furnish(3);
        Path file = directory.resolve("leases.mv.db");

        assertThatThrownBy(() -> LeaseDatabase.open(directory, new EachStatement((number, context) -> {
                    throw new IOException("No space left on device");
                })))
                .isInstanceOf(StoreRefused.class)
                .hasMessageMatching(
                        Pattern.quote(file.toString())
                                + " has schema 3 and cannot get schema 7: No space left on device; it is as it was, and the version that"
                                + " wrote it may go on with it\\. Its conversion takes up to twice the 1 MB that it has, and [0-9,]+ MB are free");

        assertThat(Sqls.rows(directory, "SELECT MAX(\"version\") FROM \"flyway_schema_history\""))
                .containsExactly("3");
        assertThat(directory.resolve("leases-new.mv.db")).doesNotExist();
        assertWhole(directory, 3);
    }

    /** A process that ends without any ado before a statement of a migration. */
    static final class Migrating {

        static final int ENDED = 99;

        private Migrating() {}

        public static void main(String[] arguments) throws IOException {
            int last = Integer.parseInt(arguments[1]);
            LeaseDatabase.open(Path.of(arguments[0]), new EachStatement((number, context) -> {
                if (number == last) {
                    Runtime.getRuntime().halt(ENDED);
                }
            }));
        }
    }
}

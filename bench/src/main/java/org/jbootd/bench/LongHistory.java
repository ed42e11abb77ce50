package org.jbootd.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.persistence.Auditor;
import org.jbootd.persistence.EmbeddedLeaseStore;
import org.jbootd.persistence.StoreSettings;

/**
 * The ten questions of docs/audit.md to a history of ten million changes: ten thousand machines that renew every hour and are
 * installed anew every third day. It is written by SQL, in front of the first change of a store, as six weeks of renewals would
 * take an hour otherwise. Some minutes, and 3 GB of disk.
 */
public final class LongHistory {

    private static final int MACHINES = 10_000;
    private static final Ipv4 POOL_START = Ipv4.parse("10.0.0.1");
    private static final Duration TERM = Duration.ofHours(2);
    private static final int HOURS = 1_000;
    private static final int HOURS_OF_AN_INSTALLATION = 72;

    /** Rounded up, so that each machine is installed anew a little more often than its intervals end. */
    private static final int INSTALLED_AN_HOUR = MACHINES / HOURS_OF_AN_INSTALLATION + 1;

    private static final int BATCH = 500;

    /** Of the events before the first lease that there is: in front of the parts of those that stay. */
    private static final int LAST = -3 * 16_384;

    /** Of who asks about one address or machine. */
    private static final int OFTEN = 500;

    /** Of who asks about all of them. */
    private static final int SELDOM = 3;

    /** Parameters: the number before the first one, twice, and hours before the first change. */
    private static final String RENEWALS = """
            INSERT INTO lease_event (seq, part, recorded_at, kind, address_number, address, subnet, hardware, network_booted, state,
                since, until, cause, stage, node)
            SELECT CAST(? AS BIGINT) + ROW_NUMBER() OVER (ORDER BY address_number),
                (CAST(? AS BIGINT) + ROW_NUMBER() OVER (ORDER BY address_number)) / 16384, since - h * INTERVAL '1' HOUR, 'RENEWED',
                address_number, address, subnet, hardware, network_booted, state, since - h * INTERVAL '1' HOUR,
                until - h * INTERVAL '1' HOUR, 'RENEW', 'OPERATING_SYSTEM', 'bench'
            FROM lease, (SELECT CAST(? AS INTEGER) AS h)""";

    /** Of those that are installed anew. Parameters: the first and the last of their numbers. */
    private static final String INSTALLATIONS = """
            UPDATE lease_event SET kind = 'BOUND', cause = 'SELECT', stage = 'BOOT_LOADER',
                offered_at = since - INTERVAL '0.02' SECOND WHERE seq BETWEEN ? AND ?""";

    private static final String HOLDINGS = """
            INSERT INTO holding (first_seq, last_seq, address_number, address, subnet, hardware, started, ended, how_ended)
            SELECT seq, seq + 1, address_number, address, subnet, hardware, since,
                LEAST(since + INTERVAL '71' HOUR, (SELECT MIN(since) FROM lease)), 'RELEASED'
            FROM lease_event WHERE seq BETWEEN ? AND ?""";

    private static final String TRANSFERS = """
            INSERT INTO transfer (started, ended, address, hardware, file, octets, retransmissions, outcome, node)
            SELECT since, since + INTERVAL '1' SECOND, address, hardware, file, 1000000, 0, 'COMPLETE', 'bench'
            FROM lease_event, (VALUES ('pxelinux.0'), ('linux'), ('initrd')) AS files (file) WHERE seq BETWEEN ? AND ?""";

    /** Of twenty strangers. Parameters: hours before the first change. */
    private static final String REFUSALS = """
            INSERT INTO refused (hour_number, first_at, last_at, times, reason, message, hardware)
            SELECT h, (SELECT MIN(since) FROM lease) - h * INTERVAL '1' HOUR, (SELECT MIN(since) FROM lease) - h * INTERVAL '1' HOUR, 4,
                'DENIED', 'DISCOVER', '06-00-00-00-00-' || x
            FROM SYSTEM_RANGE(10, 29), (SELECT CAST(? AS INTEGER) AS h)""";

    private final Path directory;
    private final Random random = new Random(1);
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private LongHistory(Path directory) {
        this.directory = directory.resolve("leases");
    }

    /** @param arguments the directory of the store, which is made if it is not there */
    public static void main(String[] arguments) throws IOException, SQLException {
        LongHistory history = new LongHistory(Files.createDirectories(Path.of(arguments[0])));
        if (!Files.exists(history.directory)) {
            history.make();
        }
        try (EmbeddedLeaseStore store = EmbeddedLeaseStore.open(new StoreSettings(history.directory));
                Auditor auditor = store.auditor()) {
            TimedQuestions questions = new TimedQuestions(auditor);
            System.out.print("just opened:");
            history.ask(questions);
            System.out.printf("%nonce more:");
            history.ask(questions);
            history.askOfAll(questions);
        }
    }

    private void make() throws IOException, SQLException {
        try (EmbeddedLeaseStore store = EmbeddedLeaseStore.open(new StoreSettings(directory), () -> now)) {
            store.load();
            for (int from = 0; from < MACHINES; from += BATCH) {
                List<LeaseChange> changes = IntStream.range(from, from + BATCH)
                        .mapToObj(i -> new Tenant(i, POOL_START.plus(i)).bound(now, TERM))
                        .toList();
                store.commit(changes).toCompletableFuture().join();
                store.awaitHistory();
            }
            store.tables().close(); // refused unless they have all machines
        }
        String key = Files.readString(directory.resolve("leases.key")).strip();
        String url = "jdbc:h2:file:" + directory.toAbsolutePath().resolve("leases") + ";CACHE_SIZE=262144";
        try (Connection connection = DriverManager.getConnection(url, "jbootd", key)) {
            fill(connection);
        }
    }

    private static void fill(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP INDEX lease_event_by_address"); // and anew behind that: so it takes minutes
            statement.execute("DROP INDEX lease_event_by_hardware");
            for (int hour = HOURS; hour > 0; hour--) {
                fill(connection, hour);
            }
            statement.execute("UPDATE history_start SET seq = (SELECT MIN(seq) FROM lease_event)");
            statement.execute("CREATE INDEX lease_event_by_address ON lease_event (part, address)");
            statement.execute("CREATE INDEX lease_event_by_hardware ON lease_event (part, hardware)");
            statement.execute("SHUTDOWN");
        }
    }

    private static void fill(Connection connection, int hour) throws SQLException {
        int before = LAST - hour * MACHINES;
        execute(connection, RENEWALS, before, before, hour);
        int from = hour * INSTALLED_AN_HOUR % MACHINES;
        int first = before + 1 + from;
        int last = before + Math.min(MACHINES, from + INSTALLED_AN_HOUR);
        execute(connection, INSTALLATIONS, first, last);
        execute(connection, HOLDINGS, first, last);
        execute(connection, TRANSFERS, first, last);
        execute(connection, REFUSALS, hour);
    }

    private static void execute(Connection connection, String sql, int... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setInt(i + 1, parameters[i]);
            }
            statement.executeUpdate();
        }
    }

    private void ask(TimedQuestions questions) {
        TimedQuestions.printHeader();
        questions.ask("1 who had an address at a time", TimedQuestions.WHO_HAD, OFTEN, () -> {
            String at = now.minusSeconds(1L + random.nextInt(HOURS * 3_600)).toString();
            return List.of(tenant().address().toString(), at, at);
        });
        Supplier<List<String>> machine = () -> List.of(tenant().hardware().toString());
        questions.ask("2 what a machine has had", TimedQuestions.WHAT_HAD, OFTEN, machine);
        questions.ask("  its last hundred changes", TimedQuestions.CHANGES, OFTEN, machine);
        questions.ask(
                "5 what a machine did in all that time",
                "SELECT at, event, file, outcome, detail FROM boot WHERE hardware = ? ORDER BY at, seq",
                OFTEN,
                machine);
    }

    private Tenant tenant() {
        int number = random.nextInt(MACHINES);
        return new Tenant(number, POOL_START.plus(number));
    }

    private void askOfAll(TimedQuestions questions) {
        TimedQuestions.printHeader();
        askOfAll(
                questions,
                "3 who has an address now",
                "SELECT address, hardware, host_name, until FROM lease_current WHERE state = 'BOUND' ORDER BY address_number");
        askOfAll(questions, "4 who was refused in the last day", """
                SELECT hardware, host_name, reason, detail, SUM(times) AS times, MAX(last_at) AS last_at FROM refusal
                WHERE last_at > CURRENT_TIMESTAMP - INTERVAL '1' DAY GROUP BY hardware, host_name, reason, detail ORDER BY times DESC""");
        askOfAll(questions, "6 from DISCOVER to ACK", """
                SELECT COUNT(*), CAST(1000 * AVG(EXTRACT(EPOCH FROM (since - offered_at))) AS INTEGER),
                CAST(1000 * MAX(EXTRACT(EPOCH FROM (since - offered_at))) AS INTEGER) FROM lease_event WHERE offered_at IS NOT NULL""");
        askOfAll(questions, "7 which files were fetched", """
                SELECT file, COUNT(*) AS times, SUM(octets) AS octets, SUM(retransmissions), MIN(outcome)
                FROM transfer GROUP BY file ORDER BY octets DESC""");
        askOfAll(
                questions,
                "8 who never came back",
                "SELECT address, hardware, host_name, until FROM lease_current WHERE state = 'EXPIRED' ORDER BY until");
        askOfAll(questions, "9 new machines in each hour", """
                SELECT SUBSTRING(CAST(first_seen AT TIME ZONE 'UTC' AS VARCHAR) FROM 1 FOR 13) AS hour_of_day, COUNT(*)
                FROM machine GROUP BY hour_of_day ORDER BY hour_of_day""");
        askOfAll(questions, "10 what was not a client's own doing", """
                SELECT seq, recorded_at, kind, address, hardware, cause FROM lease_event
                WHERE cause IN ('TIME', 'OPERATOR', 'PROBE', 'SETTINGS', 'IMPORT') OR kind IN ('RECLAIMED', 'MOVED') ORDER BY seq""");
    }

    private static void askOfAll(TimedQuestions questions, String what, String sql) {
        questions.ask(what, sql, SELDOM, List::of);
    }
}

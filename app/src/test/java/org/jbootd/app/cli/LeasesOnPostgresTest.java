package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.jbootd.app.cli.DaemonLab.boot;
import static org.jbootd.app.demo.SimulatedMachine.Program.FIRMWARE;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jbootd.app.TestDatabase;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jbootd leases} on a database of several nodes, beside daemons and without one. */
class LeasesOnPostgresTest {

    private static final String ANNA = "02-00-00-00-00-01";
    private static final String BERT = "02-00-00-00-00-02";
    private static final Ipv4 FIRST = Ipv4.parse("127.0.0.100");

    @TempDir
    private Path directory;

    private TestDatabase database;
    private DaemonLab lab;
    private DaemonLab other;

    @BeforeEach
    void furnish() throws Exception {
        database = TestDatabase.create();
        lab = lab("one");
        other = lab("other");
    }

    private DaemonLab lab(String name) throws IOException {
        DaemonLab made = new DaemonLab(Files.createDirectory(directory.resolve(name)));
        Files.writeString(made.file("a"), "boot file");
        write(made);
        return made;
    }

    private void write(DaemonLab made) throws IOException {
        made.writeExample("""
                [bootp]
                pool_start = 127.0.0.100
                pool_count = 4
                boot_file = a
                [tftp]
                root = files
                [leases]
                url = %s
                user = postgres
                """.formatted(database.url()));
    }

    @AfterEach
    void stop() {
        lab.close();
        other.close();
    }

    private LeasesCall leases(String... arguments) {
        return LeasesCall.of(lab, arguments);
    }

    private Path memory() {
        return directory.resolve("one").resolve("leases");
    }

    /** A node that has not heard of an order yet offers another address, which the machine does not get (NAK). */
    private static void awaitAddress(DaemonLab lab, String address) {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> boot(lab.machine(2), FIRMWARE).address().equals(Ipv4.parse(address)));
    }

    private static void stop(Child child) throws IOException, InterruptedException {
        child.signal("TERM");
        assertThat(child.exitStatus()).isZero();
    }

    @Test
    void everyQuestionHasTheSameAnswerBesideTheDaemonAndWithoutIt() throws Exception {
        List<String[]> questions = List.of(
                new String[] {"list", "--json"},
                new String[] {"list"},
                new String[] {"list", "--all", "--subnet", "default"},
                new String[] {"who-had", "127.0.0.100"},
                new String[] {
                    "who-had",
                    "127.0.0.100",
                    "--at",
                    Instant.now().plusSeconds(60).toString(),
                    "--json"
                },
                new String[] {"history", ANNA, "--json"},
                new String[] {"history", "127.0.0.101"},
                new String[] {"history", "00000000-0000-0001-0000-000000000001"},
                new String[] {"timeline", ANNA, "--since", "2026-01-01", "--json"},
                new String[] {"refusals"},
                new String[] {"refusals", ANNA, "--json"},
                new String[] {"export"},
                new String[] {"export", "history", "--json"},
                new String[] {"export", "intervals"},
                new String[] {"export", "refusals"},
                new String[] {"sql", "SELECT COUNT(*) AS n, SUM(events) AS e, 'a;b' AS t FROM machine;", "--json"},
                new String[] {"verify"});
        List<LeasesCall> beside;
        try (Child child = lab.daemon()) {
            boot(lab.machine(1), FIRMWARE);
            boot(lab.machine(2), FIRMWARE);
            assertThat(lab.fetch("a", FIRST)).isTrue();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> leases("timeline", ANNA, "--json").json().size() == 3);
            beside = questions.stream().map(this::leases).toList();
            assertThat(leases("list", "--data-dir", memory().toString()).out())
                    .as("the daemon is asked, without its configuration")
                    .isEqualTo(leases("list").out());
            stop(child);
        }
        for (int i = 0; i < questions.size(); i++) {
            assertThat(beside.get(i).status()).as(beside.get(i).toString()).isZero();
            assertThat(leases(questions.get(i)))
                    .as(String.join(" ", questions.get(i)))
                    .isEqualTo(beside.get(i));
        }
        assertThat(beside.get(0).json()).hasSize(2);
        JsonObject row = beside.get(0).first();
        assertThat(row.get("hardware").getAsString()).isEqualTo(ANNA);
        assertThat(Instant.parse(row.get("since").getAsString()))
                .isBefore(Instant.now().plusSeconds(60));
        assertThat(beside.get(8).out()).contains("OFFERED", "BOUND", "TRANSFER");
        assertThat(JsonParser.parseString(beside.get(15).out()))
                .isEqualTo(JsonParser.parseString("[{\"n\":2,\"e\":\"2\",\"t\":\"a;b\"}]"));
        assertThat(beside.get(16).out())
                .startsWith("2 leases, 2 events, 2 intervals: the leases are what the history says\n");
        assertThat(leases("list", "--data-dir", memory().toString()).err())
                .contains("are in a database, and no daemon runs on it: give the configuration with -c");
    }

    @Test
    void nothingIsChangedBySql() throws Exception {
        for (boolean running : new boolean[] {true, false}) {
            try (Child child = lab.daemon()) {
                boot(lab.machine(1), FIRMWARE);
                if (!running) {
                    stop(child);
                }
                for (String order : List.of(
                        "DELETE FROM lease",
                        "COMMIT",
                        "SET TRANSACTION READ WRITE",
                        "DO $$ BEGIN DELETE FROM lease; END $$",
                        "")) {
                    assertThat(leases("sql", order).err()).as(order).startsWith("jbootd: it is no question");
                }
                assertThat(leases("sql", "COMMIT; DELETE FROM lease; SELECT 1").err())
                        .isEqualTo("jbootd: these are several questions: ask one at a time\n");
                assertThat(leases("sql", "WITH gone AS (DELETE FROM lease RETURNING 1) SELECT * FROM gone")
                                .err())
                        .endsWith("in a read-only transaction\n");
                assertThat(leases("sql", "SELECT * INTO copy FROM lease").err()).contains("read-only transaction");
                assertThat(leases("sql", "SELECT set_config('transaction_read_only', 'off', false)")
                                .err())
                        .startsWith("jbootd: ERROR: ");
                assertThat(leases("sql", "SELECT nonsense").err())
                        .isEqualTo("jbootd: ERROR: column \"nonsense\" does not exist\n");
                assertThat(leases("sql", "SELECT COUNT(*) AS n FROM lease", "--json")
                                .out())
                        .isEqualToIgnoringNewLines("[{\"n\":1}]");
                if (running) {
                    stop(child);
                }
            }
        }
    }

    @Test
    void anOrderThatOneNodeIsGivenIsFollowedByTheOthers() throws Exception {
        try (Child one = lab.daemon();
                Child two = other.daemon()) {
            boot(lab.machine(1), FIRMWARE);
            assertThat(LeasesCall.of(other, "reserve", "127.0.0.103", BERT).out())
                    .isEqualTo("127.0.0.103 is kept for " + BERT + "\n");
            awaitAddress(lab, "127.0.0.103");
            assertThat(LeasesCall.of(other, "release", "127.0.0.100").out())
                    .as("of a lease that the other node gave")
                    .isEqualTo("127.0.0.100 is free; " + ANNA + " had it\n");
            assertThat(leases("release", "127.0.0.102").err()).isEqualTo("jbootd: nobody has 127.0.0.102\n");
            assertThat(leases("reserve", "127.0.0.103", ANNA).err()).contains("127.0.0.103 is another's");
            two.await("by order of an operator: 127.0.0.103 is kept");
            stop(one);
            stop(two);
        }
    }

    @Test
    void anOrderWithoutADaemonIsFollowedByThoseOfOtherHosts() throws Exception {
        try (Child two = other.daemon()) {
            boot(other.machine(1), FIRMWARE);
            assertThat(leases("release", "127.0.0.100").out()).isEqualTo("127.0.0.100 is free; " + ANNA + " had it\n");
            assertThat(leases("reserve", "127.0.0.102", BERT).out())
                    .isEqualTo("127.0.0.102 is kept for " + BERT + "\n");
            awaitAddress(other, "127.0.0.102");
            assertThat(leases("history", "127.0.0.102", "--json")
                            .first()
                            .get("cause")
                            .getAsString())
                    .isEqualTo("OPERATOR");
            stop(two);
        }
    }

    @Test
    void whatThisHostHasSeenMoreOfIsNotChangedAndAskedWithAWord() throws Exception {
        try (Child one = lab.daemon()) {
            boot(lab.machine(1), FIRMWARE);
            stop(one);
        }
        String newest = Files.readString(memory().resolve("ledger-seen"));
        String why = "jbootd: the lease database is not what it was: it went back in time: its last change is number 1,"
                + " and this node has seen number 9; bring the newer one back, or, to go on with the one that is there,"
                + " stop this daemon, delete " + memory().resolve("ledger-seen") + " and start it again\n";
        Files.writeString(memory().resolve("ledger-seen"), newest.replaceFirst(" 1 ", " 9 "));

        String old = Files.writeString(
                        directory.resolve("old.leases"), "4102444800 02:00:00:00:00:02 127.0.0.102 * *\n")
                .toString();
        for (LeasesCall order : List.of(
                leases("release", "127.0.0.100"),
                leases("reserve", "127.0.0.102", BERT),
                leases("import", "--from", "dnsmasq", old))) {
            assertThat(order.err()).isEqualTo(why);
            assertThat(order.status()).isNotZero();
        }
        LeasesCall list = leases("list", "--json");
        assertThat(list.json()).hasSize(1);
        assertThat(list.err()).isEqualTo(why);
        assertThat(leases("verify").err()).isEqualTo(why);

        Files.writeString(memory().resolve("ledger-seen"), newest);
        assertThat(leases("list").err()).isEmpty();
        assertThat(leases("release", "127.0.0.100").err()).isEmpty();
    }

    @Test
    void aDaemonThatRefusesItsDatabaseIsAskedWithAWord() throws Exception {
        try (Child one = lab.daemon()) {
            boot(lab.machine(1), FIRMWARE);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> Files.exists(memory().resolve("ledger-seen"))
                            && Files.readString(memory().resolve("ledger-seen")).contains(" 1 "));
            database.execute("UPDATE ledger_head SET recorded_at = recorded_at - INTERVAL '1 s'");
            one.await("the lease database is not what it was");
            LeasesCall list = leases("list", "--json");
            assertThat(list.json()).hasSize(1);
            assertThat(list.err()).contains("the lease database is not what it was", "ledger-seen");
            assertThat(leases("release", "127.0.0.100").err()).contains("the lease database is not what it was");
            stop(one);
        }
    }

    @Test
    void leasesOfAnotherServerAreTakenOver() throws Exception {
        String old = Files.writeString(
                        directory.resolve("old.leases"),
                        "4102444800 02:00:00:00:00:01 127.0.0.101 * *\n4102444800 02:00:00:00:00:02 127.0.0.102 * *\n")
                .toString();
        try (Child one = lab.daemon()) {
            stop(one);
        }
        assertThat(leases("import", "--from", "dnsmasq", "--dry-run", old).out())
                .contains("2");
        assertThat(leases("list").out()).isEqualTo("nothing is leased\n");
        assertThat(leases("import", "--from", "dnsmasq", old).out())
                .isEqualTo("taken over: 2, already so: 0, not taken over: 0\n");
        try (Child one = lab.daemon()) {
            assertThat(boot(lab.machine(2), FIRMWARE).address()).isEqualTo(Ipv4.parse("127.0.0.102"));
            assertThat(leases("import", "--from", "dnsmasq", old).out())
                    .isEqualTo("taken over: 0, already so: 2, not taken over: 0\n");
            assertThat(leases("verify").status()).isZero();
            stop(one);
        }
    }

    @Test
    void leasesOfADataDirectoryAreTakenAlong() throws Exception {
        try (Child embedded = lab.daemon("pool_start = 127.0.0.100", "")) {
            assertThat(boot(lab.machine(2), FIRMWARE).address()).isEqualTo(FIRST);
            assertThat(leases("reserve", "127.0.0.105", "02-00-00-00-00-03").status())
                    .isZero();
            stop(embedded);
        }
        assertThat(leases("move", memory().toString()).err())
                .isEqualTo(
                        "jbootd: the configuration keeps leases in " + memory()
                                + ", and not in a database: write [leases] url = jdbc:postgresql://HOST/DATABASE where they shall go\n");
        write(lab);
        LeasesCall moved = leases("move", memory().toString());
        assertThat(moved.err()).isEmpty();
        assertThat(moved.out())
                .isEqualTo(
                        "2 leases, 2 events, 1 intervals, 0 refusals and 0 transfers of " + memory() + " are in "
                                + database.url()
                                + "\n2 leases, 2 events, 1 intervals: the leases are what the history says\nthe history has no hash chain\n");
        assertThat(leases("move", memory().toString()).err()).contains("has leases already, by 2 changes");
        assertThat(leases("move", directory + "/none").err())
                .isEqualTo("jbootd: there is no directory " + directory + "/none\n");
        try (Child one = lab.daemon()) {
            assertThat(boot(lab.machine(2), FIRMWARE).address()).isEqualTo(FIRST);
            assertThat(leases("who-had", "127.0.0.100", "--json").json()).hasSize(1);
            stop(one);
        }
    }

    @Test
    void backupsAreLeftToPostgres() throws Exception {
        assertThat(leases("list").err())
                .isEqualTo("jbootd: the database " + database.url()
                        + " has no leases yet: a daemon of this version that is started on it makes the tables\n");
        String copy = directory.resolve("copy").toString();
        String place = "'" + database.url().substring("jdbc:".length()) + "' --username=postgres";
        String dump = "jbootd: no backup was made: leases are in PostgreSQL, which copies them while daemons run: "
                + "pg_dump --format=custom --file=FILE " + place + "\n";
        try (Child one = lab.daemon()) {
            assertThat(leases("backup", copy).err()).isEqualTo(dump);
            stop(one);
        }
        assertThat(leases("backup", copy).err()).isEqualTo(dump);
        assertThat(leases("restore", copy).err())
                .contains("pg_restore --clean --if-exists --single-transaction --dbname=" + place + " FILE");
    }
}

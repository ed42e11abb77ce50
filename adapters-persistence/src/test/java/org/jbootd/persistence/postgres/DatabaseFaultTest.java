package org.jbootd.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.jbootd.persistence.postgres.Node.address;
import static org.jbootd.persistence.postgres.Node.bound;
import static org.jbootd.persistence.postgres.Node.lease;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseChange.Kind;
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.lease.StoreUnavailable;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a node does when its database dies, stands still, or is not what it was: acknowledges nothing that is not stored, finds
 * out about what it does not know, and goes on by itself. More kills: {@code -Djbootd.postgres.kills=50}.
 */
class DatabaseFaultTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int KILLS = Integer.getInteger("jbootd.postgres.kills", 4);
    private static final int MACHINES = 20;

    private static PostgresServer server;

    private String url;
    private Node node;

    @BeforeAll
    static void start() {
        server = PostgresServer.own();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void open() {
        url = server.database();
        node = new Node(url, LeaseStore.PATIENCE);
    }

    @AfterEach
    void close() {
        node.close();
    }

    private static LeaseChange renewed(int machine, int second) {
        return new LeaseChange(Kind.RENEWED, lease(machine, machine, Node.NOW.plusSeconds(second)));
    }

    private Map<Integer, Lease> stored() {
        Map<Integer, Lease> stored = new HashMap<>();
        try (PostgresLeaseStore store = PostgresLeaseStore.open(Node.settings(url))) {
            store.load().forEach(lease -> stored.put(lease.address().bits() & 0xff, lease));
        }
        return stored;
    }

    private static void assertRefused(CompletableFuture<Void> commit, String why) {
        assertThatThrownBy(commit::get).cause().satisfies(failure -> {
            Throwable refusal = failure instanceof StoreUnavailable ? failure : failure.getCause();
            assertThat(refusal).isInstanceOf(StoreUnavailable.class).hasMessageContaining(why);
        });
    }

    /** What is stored is what was acknowledged, or newer; and what the node takes for true. */
    @Test
    void noKillOfTheServerLosesWhatWasAcknowledgedAndTheNodeFindsOutAboutTheRest() {
        long seed = Long.getLong("jbootd.postgres.kill.seed", new Random().nextLong());
        System.out.printf("%d kills, -Djbootd.postgres.kill.seed=%d%n", KILLS, seed);
        Random random = new Random(seed);
        Map<Integer, AtomicInteger> told = new HashMap<>();
        int second = 0;
        long slowest = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            List<CompletableFuture<Void>> commits = new ArrayList<>();
            int until = 1 + random.nextInt(60);
            for (int round = 0; round < until + 3; round++) {
                second++;
                for (int machine = 1; machine <= MACHINES; machine++) {
                    int renewal = second;
                    AtomicInteger last = told.computeIfAbsent(machine, none -> new AtomicInteger());
                    commits.add(node.commit(renewed(machine, second))
                            .thenRun(() -> last.accumulateAndGet(renewal, Math::max)));
                }
                if (round == until) {
                    server.kill();
                }
            }
            server.restart();
            long restarted = System.nanoTime();
            store(renewed(MACHINES + 1, 0));
            slowest = Math.max(slowest, System.nanoTime() - restarted);
            commits.forEach(DatabaseFaultTest::settled);
            Map<Integer, Lease> stored = stored();
            told.forEach((machine, renewal) -> assertThat(stored.get(machine).since())
                    .as("machine %d", machine)
                    .isAfterOrEqualTo(Node.NOW.plusSeconds(renewal.get())));
            await().atMost(LONG)
                    .untilAsserted(() ->
                            assertThat(node.view().values()).containsExactlyInAnyOrderElementsOf(stored.values()));
        }
        System.out.printf("acknowledged again %d ms after the server was started, at most%n", slowest / 1_000_000);
    }

    /** However long that takes on a busy machine. */
    private void store(LeaseChange change) {
        await().atMost(LONG).until(() -> settled(node.commit(change)));
    }

    private static boolean settled(CompletableFuture<Void> commit) {
        return commit.handle((nothing, failure) -> failure == null).join();
    }

    @Test
    void whatAFrozenServerDoesNotAnswerIsRefusedAndFoundOutAfterwards() {
        store(bound(1, 1));
        server.freeze();
        CompletableFuture<Void> commit;
        try {
            commit = node.commit(bound(2, 2));
            assertRefused(commit, "");
            assertThat(commit).isCompletedExceptionally();
        } finally {
            server.thaw();
        }
        store(bound(3, 3));
        Map<Integer, Lease> stored = stored();
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(node.view().values()).containsExactlyInAnyOrderElementsOf(stored.values()));
        assertThat(stored).containsKeys(1, 3);
    }

    @Test
    void whileNobodyAnswersTheOldestGivesWayToTheNewest() {
        server.freeze();
        List<CompletableFuture<Void>> commits = new ArrayList<>();
        try {
            for (int i = 0; i < CommitQueue.MAX_WAITING + 2_000; i++) {
                commits.add(node.store()
                        .commit(List.of(renewed(1 + i % MACHINES, i)))
                        .toCompletableFuture());
            }
            long busy = commits.stream()
                    .limit(2_000)
                    .filter(CompletableFuture::isCompletedExceptionally)
                    .count();
            assertThat(busy)
                    .as("refused at once, but for what is in a transaction")
                    .isGreaterThan(900);
            commits.forEach(commit -> assertThat(settled(commit)).isFalse());
        } finally {
            server.thaw();
        }
        store(bound(50, 50));
    }

    @Test
    void aNodeThatStopsInATransactionDoesNotStopTheOthers() {
        try (Session stopped = Session.open(Node.settings(url))) {
            stopped.handle().begin();
            Head.lock(stopped.handle());
            store(bound(1, 1));
            assertThatThrownBy(() -> stopped.handle().commit()).isInstanceOf(JdbiException.class);
        }
    }

    /** A commit takes so long that the second who waits for it has given up before it is done. */
    @Test
    void whatIsStoredAfterItsClientGaveUpIsKnownAllTheSame() {
        try (Handle handle = PostgresServer.connect(url)) {
            handle.execute("""
                    CREATE FUNCTION dawdle() RETURNS TRIGGER LANGUAGE plpgsql AS
                    $$ BEGIN PERFORM PG_SLEEP(2.5); RETURN NULL; END $$""");
            handle.execute("""
                    CREATE CONSTRAINT TRIGGER slow AFTER UPDATE ON ledger_head DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION dawdle()""");
        }
        CompletableFuture<Void> first = node.commit(bound(1, 1));
        await().atMost(LONG).until(this::isInTransaction);
        CompletableFuture<Void> second = node.commit(bound(2, 2));
        settled(first);
        assertRefused(second, "");
        try (Handle handle = PostgresServer.connect(url)) {
            handle.execute("SET lock_timeout = '60s'");
            handle.execute("DROP TRIGGER slow ON ledger_head");
        }
        store(bound(3, 3));
        assertThat(node.view().values()).containsExactlyInAnyOrderElementsOf(stored().values());
    }

    private boolean isInTransaction() {
        try (Handle handle = PostgresServer.connect(url)) {
            return handle.createQuery(
                                    "SELECT COUNT(*) FROM pg_stat_activity WHERE query LIKE 'COMMIT%' AND state = 'active'"
                                            + " AND datname = CURRENT_DATABASE()")
                            .mapTo(Integer.class)
                            .one()
                    > 0;
        }
    }

    @Test
    void aDatabaseThatWentBackInTimeIsRefusedUntilTheNewerOneIsBack() {
        store(bound(1, 1));
        node.close();
        String older = server.copyOf(url);
        node = new Node(url, LeaseStore.PATIENCE);
        store(bound(2, 2));
        String newer = server.setAside(url, older);
        await().atMost(LONG)
                .until(() -> node.store()
                        .trouble()
                        .filter(why -> why.contains("went back in time"))
                        .isPresent());
        assertRefused(node.commit(bound(3, 3)), "its last change is number 1, and this node has seen number 2");
        server.setAside(url, newer);
        store(bound(4, 4));
        assertThat(stored()).containsOnlyKeys(1, 2, 4);
    }

    @Test
    void aDatabaseThatWentBackAndOnAnotherWayIsRefused() {
        store(bound(1, 1));
        node.close();
        String older = server.copyOf(url);
        node = new Node(url, LeaseStore.PATIENCE);
        store(bound(2, 2));
        try (Node elsewhere = new Node(older)) {
            elsewhere.commit(bound(3, 3)).join();
            elsewhere.commit(bound(4, 4)).join();
        }
        server.setAside(url, older);
        await().atMost(LONG)
                .until(() -> node.store()
                        .trouble()
                        .filter(why -> why.contains("another way"))
                        .isPresent());
        assertRefused(node.commit(bound(5, 5)), "its change number 2 is not the one");
        assertThat(stored()).containsOnlyKeys(1, 3, 4);
    }

    private static void refuse(Handle handle, String table) {
        handle.execute("CREATE SEQUENCE attempts");
        handle.execute("""
                CREATE FUNCTION refuse() RETURNS TRIGGER LANGUAGE plpgsql AS
                $$ BEGIN PERFORM NEXTVAL('attempts'); RAISE EXCEPTION 'no room'; END $$""");
        handle.execute("CREATE TRIGGER full_up BEFORE INSERT ON " + table + " EXECUTE FUNCTION refuse()");
    }

    private static void awaitAttempts(Handle handle, int count) {
        await().atMost(LONG)
                .until(() -> handle.createQuery("SELECT last_value FROM attempts")
                                .mapTo(Integer.class)
                                .one()
                        >= count);
    }

    @Test
    void aDatabaseThatCanBeReadButNotWrittenIsOneTrouble() {
        try (Handle handle = PostgresServer.connect(url);
                LogLines log = new LogLines()) {
            refuse(handle, "lease_event");
            // each is refused before the next one comes, and nothing is written in between
            assertRefused(node.commit(bound(1, 1)), "no room");
            node.commit().join();
            assertRefused(node.commit(bound(2, 2)), "no room");
            assertThat(node.store().trouble())
                    .hasValueSatisfying(why -> assertThat(why).contains("no room"));
            handle.execute("DROP TRIGGER full_up ON lease_event");
            store(bound(3, 3));
            await().atMost(LONG).until(() -> node.store().trouble().isEmpty());
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("the lease database can"))
                    .satisfiesExactly(
                            began -> assertThat(began).contains("cannot be written now"),
                            ended -> assertThat(ended).contains("can be written again"));
        }
    }

    @Test
    void refusalsAndTransfersWaitUntilTheyCanBeWritten() {
        try (Handle handle = PostgresServer.connect(url);
                LogLines log = new LogLines()) {
            refuse(handle, "transfer");
            node.store().history().fetched(Node.fetch());
            awaitAttempts(handle, 3);
            node.store().history().fetched(Node.fetch());
            handle.execute("DROP TRIGGER full_up ON transfer");
            await().atMost(LONG)
                    .until(() -> handle.createQuery("SELECT COUNT(*) FROM transfer")
                                    .mapTo(Integer.class)
                                    .one()
                            == 2);
            node.close();
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("the history of refusals and transfers can"))
                    .satisfiesExactly(
                            began -> assertThat(began).contains("cannot be written now"),
                            ended -> assertThat(ended).contains("can be written again"));
        }
    }

    @Test
    void nothingIsNotedInADatabaseThatIsRefused() {
        store(bound(1, 1));
        server.keepCopy(url);
        store(bound(2, 2));
        server.exchangeWithCopy(url);
        node.store().history().fetched(Node.fetch());
        node.close();
        try (Handle handle = PostgresServer.connect(url)) {
            assertThat(handle.createQuery("SELECT COUNT(*) FROM transfer")
                            .mapTo(Integer.class)
                            .one())
                    .isZero();
        }
    }

    private void awaitRefusal(Node node, String why) {
        await().atMost(LONG)
                .until(() -> node.store()
                        .trouble()
                        .filter(trouble -> trouble.contains(why))
                        .isPresent());
    }

    /** Nothing is stored in between by which a node could come across it. */
    @Test
    void aBackupThatIsBroughtBackUnderOpenConnectionsIsRefusedUntilTheNewerOneIsBack() {
        try (Node other = new Node(url)) {
            store(bound(1, 1));
            server.keepCopy(url);
            store(bound(2, 2));
            await().atMost(LONG).until(() -> other.view().size() == 2);

            server.exchangeWithCopy(url);
            assertRefused(other.commit(bound(3, 2)), "its last change is number 1, and this node has seen number 2");
            awaitRefusal(node, "went back in time");
            assertThat(stored()).containsOnlyKeys(1);

            server.exchangeWithCopy(url);
            store(bound(4, 4));
            await().atMost(LONG).until(() -> other.view().size() == 3);
            other.commit(bound(5, 5)).join();
            assertThat(stored()).containsOnlyKeys(1, 2, 4, 5);
        }
    }

    @Test
    void aBackupInWhichTheSameNumbersAreOtherChangesIsRefusedUnderOpenConnections() {
        store(bound(1, 1));
        store(bound(2, 2));
        server.keepCopy(url);
        try (Handle handle = PostgresServer.connect(url)) {
            handle.execute("UPDATE kept.ledger_head SET recorded_at = recorded_at - INTERVAL '1 s'");
        }
        server.exchangeWithCopy(url);
        assertRefused(node.commit(bound(3, 3)), "its change number 2 is not the one");

        try (Handle handle = PostgresServer.connect(url)) {
            handle.execute("UPDATE lease_event SET recorded_at = recorded_at - INTERVAL '1 s' WHERE seq = 2");
        }
        server.exchangeWithCopy(url);
        store(bound(4, 4));
        server.exchangeWithCopy(url);
        try (Node elsewhere = new Node(url)) {
            elsewhere.commit(bound(5, 5), bound(6, 6)).join();
        }
        assertRefused(node.commit(bound(7, 7)), "its change number 3 is not the one");
        assertThat(stored()).containsOnlyKeys(1, 2, 5, 6);
    }

    @Test
    void whatCannotBeStoredTakesNobodyElseAlong() {
        node.close();
        node = new Node(url);
        store(bound(1, 1));
        server.freeze();
        List<CompletableFuture<Void>> commits = new ArrayList<>();
        try {
            for (int machine = 2; machine < 20; machine++) {
                commits.add(node.commit(bound(machine == 7 ? 1 : machine, machine)));
            }
        } finally {
            server.thaw();
        }
        assertRefused(commits.remove(5), "one_address_a_machine");
        commits.forEach(commit -> assertThat(settled(commit)).isTrue());
        assertThat(node.view()).doesNotContainKey(address(7)).hasSize(18);
    }
}

package org.jbootd.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.jbootd.persistence.postgres.Node.address;
import static org.jbootd.persistence.postgres.Node.bound;
import static org.jbootd.persistence.postgres.Node.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jbootd.domain.exchange.Reason;
import org.jbootd.domain.history.Refusal;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseChange.Kind;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.persistence.Ledger;
import org.jbootd.persistence.Retention;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code history_keep} deletes of a database that several nodes share. */
class PostgresRetentionTest {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration LONG = Duration.ofMinutes(1);

    private String url;

    /** Five changes that are two days old, and a young one. */
    @BeforeEach
    void furnish() {
        url = PostgresServer.shared().database();
        try (Node node = new Node(url)) {
            node.commit(bound(1, 1), bound(2, 2)).join();
            node.commit(new LeaseChange(Kind.RENEWED, lease(1, 1, Node.NOW.plusSeconds(1))))
                    .join();
            node.commit(new LeaseChange(Kind.ENDED, lease(2, 2, Node.NOW))).join();
            node.commit(new LeaseChange(Kind.RENEWED, lease(1, 1, Node.NOW.plusSeconds(3))))
                    .join();
            try (Handle handle = PostgresServer.connect(url)) {
                handle.execute("UPDATE lease_event SET recorded_at = recorded_at - INTERVAL '2 days'");
            }
            node.commit(bound(3, 3)).join();
        }
    }

    private NodeSettings keepingADay() {
        return new NodeSettings(Node.settings(url), Optional.empty(), Optional.of(DAY), Optional.empty(), LONG);
    }

    private List<String> rows(String sql) {
        try (Handle handle = PostgresServer.connect(url)) {
            return handle.createQuery(sql).mapTo(String.class).list();
        }
    }

    private List<String> seqs() {
        return rows("SELECT seq FROM lease_event ORDER BY seq");
    }

    @Test
    void whatIsOverForLongGoesAndWhatIsNeededStays() {
        try (Node node = new Node(keepingADay())) {
            await().atMost(LONG)
                    .untilAsserted(() ->
                            assertThat(rows("SELECT seq FROM history_start")).containsExactly("6"));
            assertThat(node.view()).hasSize(2);
        }
        assertThat(seqs())
                .as("what began an interval that goes on; the last of an address; what a lease is now; what is young")
                .containsExactly("1", "4", "5", "6");
        assertThat(rows("SELECT hardware FROM lease ORDER BY address"))
                .containsExactly("02-00-00-00-00-01", "02-00-00-00-00-03");
    }

    @Test
    void aNodeThatStoodStillForLongLearnsStillWhatHasEnded() {
        try (Handle handle = PostgresServer.connect(url)) {
            handle.useTransaction(step -> Retention.shared(Optional.of(DAY)).step(step, Instant.now()));
            Map<Ipv4, Optional<Lease>> changed =
                    new Ledger().changed(handle, 2, 6).standing();
            assertThat(changed)
                    .containsEntry(address(2), Optional.empty())
                    .containsOnlyKeys(address(1), address(2), address(3));
        }
    }

    @Test
    void noCommitWaitsForADeletion() {
        try (Node node = new Node(url);
                Handle handle = PostgresServer.connect(url)) {
            handle.begin();
            Retention.shared(Optional.of(DAY)).step(handle, Instant.now());
            node.commit(new LeaseChange(Kind.RENEWED, lease(1, 1, Node.NOW.plusSeconds(9))))
                    .join();
            node.commit(bound(4, 2))
                    .orTimeout(LONG.toSeconds(), TimeUnit.SECONDS)
                    .join();
            handle.commit();
        }
        assertThat(seqs()).containsExactly("1", "4", "5", "6", "7", "8");
    }

    @Test
    void oneNodeDeletesAtATime() {
        try (Handle other = PostgresServer.connect(url)) {
            other.begin();
            other.execute(Attendant.RETENTION_LOCK);
            try (Node node = new Node(keepingADay())) {
                for (int i = 0;
                        i < 2;
                        i++) { // what is written every second; that it was the second time shows that a second went by
                    note(node, i);
                }
            }
            assertThat(seqs()).hasSize(6);
            other.commit();
        }
        try (Node node = new Node(keepingADay())) {
            await().atMost(LONG).until(() -> seqs().size() == 4);
            assertThat(node.store().trouble()).isEmpty();
        }
    }

    private void note(Node node, int number) {
        node.store()
                .history()
                .refused(new Refusal(
                        Node.NOW.plus(Duration.ofHours(number)),
                        Reason.DENIED,
                        "",
                        Optional.empty(),
                        new Refusal.Facts(
                                "DISCOVER",
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())));
        await().atMost(LONG).until(() -> rows("SELECT 1 FROM refused").size() == number + 1);
    }
}

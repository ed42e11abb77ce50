package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * A history of some hundred events, with chains that were switched off and on and what is old deleted, into which somebody writes
 * at random: each such change is named, at the event where it begins. More of it: {@code -Djbootd.forgeries=1000}; the same again:
 * {@code -Djbootd.forgery.seed=4711}.
 */
class ForgedHistoryTest {

    private static final int FORGERIES = Integer.getInteger("jbootd.forgeries", 40);
    private static final int HISTORIES = 3;

    @TempDir
    private Path directory;

    private record Row(long seq, boolean linked) {}

    @RepeatedTest(HISTORIES)
    void whateverIsForgedIsNamed(RepetitionInfo repetition) throws Exception {
        long seed = Long.getLong("jbootd.forgery.seed", System.nanoTime()) + repetition.getCurrentRepetition() - 1;
        System.out.printf("%d forgeries, -Djbootd.forgery.seed=%d%n", FORGERIES, seed);
        Random random = new Random(seed);
        ChainedHistory history = new ChainedHistory(directory, random, 0);
        history.open(database -> live(history, database, random));
        history.verify(true);
        try (Handle handle = history.handle()) {
            List<Row> rows = handle.createQuery("SELECT seq, chain IS NOT NULL AS linked FROM lease_event ORDER BY seq")
                    .map((row, context) -> new Row(row.getLong("seq"), row.getBoolean("linked")))
                    .list();
            for (int i = 0; i < FORGERIES; i++) {
                forge(handle, rows, random, "seed " + seed + ", forgery " + i);
            }
        }
        history.verify(true);
    }

    /** Grows, is switched, and forgets, at random; linked at the end. */
    private static void live(ChainedHistory history, LeaseDatabase database, Random random) {
        Retention retention = Retention.embedded(Optional.of(Duration.ofHours(1)));
        for (int i = 0; i < 12; i++) {
            database.keepChain(random.nextInt(4) > 0);
            history.grow(database, 1 + random.nextInt(30));
            if (random.nextInt(4) == 0) {
                database.forget(
                        retention, ChainedHistory.NOON.plusSeconds(3600 + random.nextInt((int) history.last())));
            }
        }
        database.keepChain(true);
        history.grow(database, 20);
    }

    /** Takes it back afterwards. */
    private static void forge(Handle handle, List<Row> rows, Random random, String which) {
        List<Row> linked = rows.stream().filter(Row::linked).toList();
        long victim = linked.get(random.nextInt(linked.size())).seq();
        long other = linked.get(random.nextInt(linked.size())).seq();
        handle.begin();
        try {
            long named = forge(handle, random.nextInt(5), victim, other);
            List<String> report = new ArrayList<>();
            boolean holds =
                    ChainCheck.run((sql, arguments, take) -> ask(handle, sql, arguments, take), List.of(), report);
            assertThat(holds).as("%s of %d: %s", which, victim, report).isFalse();
            assertThat(report.get(0)).as("%s of %d", which, victim).matches(".*\\b" + named + "\\b.*");
        } finally {
            handle.rollback();
        }
    }

    /** @return the event that has to be named */
    private static long forge(Handle handle, int how, long victim, long other) {
        switch (how) {
            case 0 -> handle.execute("UPDATE lease_event SET hardware = '02-66-6F-72-67-65' WHERE seq = ?", victim);
            case 1 ->
                handle.execute(
                        "UPDATE lease_event SET recorded_at = recorded_at - INTERVAL '1' DAY WHERE seq = ?", victim);
            case 2 -> handle.execute("UPDATE lease_event SET chain = NULL WHERE seq = ?", victim);
            case 3 -> handle.execute("DELETE FROM lease_event WHERE seq = ?", victim);
            default -> {
                swap(handle, victim, other == victim ? neighbour(handle, victim) : other);
                return Math.min(victim, other == victim ? neighbour(handle, victim) : other);
            }
        }
        return victim;
    }

    private static long neighbour(Handle handle, long seq) {
        return handle.createQuery("SELECT MAX(seq) FROM lease_event WHERE seq <> ?")
                .bind(0, seq)
                .mapTo(Long.class)
                .one();
    }

    private static void swap(Handle handle, long one, long other) {
        handle.execute("UPDATE lease_event SET seq = 0 WHERE seq = ?", one);
        handle.execute("UPDATE lease_event SET seq = ? WHERE seq = ?", one, other);
        handle.execute("UPDATE lease_event SET seq = ? WHERE seq = 0", other);
    }

    private static void ask(Handle handle, String sql, List<?> arguments, Auditor.Rows rows) {
        Query query = handle.createQuery(sql);
        for (int i = 0; i < arguments.size(); i++) {
            query.bind(i, arguments.get(i));
        }
        query.map((row, context) -> {
                    List<Object> values = new ArrayList<>();
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        values.add(Auditor.plain(row.getObject(i)));
                    }
                    return values;
                })
                .forEach(rows::row);
    }
}

package org.jbootd.persistence;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jbootd.domain.exchange.Reason;
import org.jbootd.domain.history.Fetch;
import org.jbootd.domain.history.History;
import org.jbootd.domain.history.Refusal;

/**
 * What the history is told that is no lease, until the database takes it. Refusals that are alike are one, with a number; when
 * there is no more room the oldest go, and are counted. Threads may share it.
 */
public final class Notes implements History {

    /** Kinds of refusals, and fetches, that wait for the database. */
    static final int MOST = 10_000;

    private static final long SECONDS_AN_HOUR = Duration.ofHours(1).toSeconds();

    /** What makes refusals alike. @param hour since 1970 @param hardware empty when the message cannot be read */
    public record Kind(String hardware, Reason reason, String message, long hour) {

        static Kind of(Refusal refusal) {
            return new Kind(
                    refusal.client().map(client -> client.hardware().toString()).orElse(""),
                    refusal.reason(),
                    refusal.facts().message(),
                    Notes.hour(refusal.at()));
        }
    }

    /** Refusals that are alike. @param last the last of them */
    public record Sum(Instant first, Refusal last, long times) {

        private Sum and(Sum later) {
            return new Sum(first, later.last, times + later.times);
        }
    }

    /** @param lost there was no room for */
    public record Batch(Map<Kind, Sum> refusals, List<Fetch> fetches, long lost) {

        static final Batch NONE = new Batch(Map.of(), List.of(), 0);

        public boolean isEmpty() {
            return refusals.isEmpty() && fetches.isEmpty() && lost == 0;
        }

        public long size() {
            return lost
                    + fetches.size()
                    + refusals.values().stream().mapToLong(Sum::times).sum();
        }
    }

    private Map<Kind, Sum> refusals = new LinkedHashMap<>();
    private final Deque<Fetch> fetches = new ArrayDeque<>();
    private long lost;

    static long hour(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), SECONDS_AN_HOUR);
    }

    @Override
    public synchronized void refused(Refusal refusal) {
        add(Kind.of(refusal), new Sum(refusal.at(), refusal, 1));
        dropOldest();
    }

    private void add(Kind kind, Sum sum) {
        refusals.merge(kind, sum, Sum::and);
    }

    @Override
    public synchronized void fetched(Fetch fetch) {
        fetches.add(fetch);
        dropOldest();
    }

    private void dropOldest() {
        while (fetches.size() > MOST) {
            fetches.remove();
            lost++;
        }
        Iterator<Sum> oldest = refusals.values().iterator();
        while (refusals.size() > MOST) {
            lost += oldest.next().times();
            oldest.remove();
        }
    }

    /** These cannot be written, now or later. */
    public synchronized void lose(long count) {
        lost += count;
    }

    /** What was taken could not be written now: it waits again, before what has come since. */
    public synchronized void putBack(Batch batch) {
        Map<Kind, Sum> since = refusals;
        refusals = new LinkedHashMap<>(batch.refusals());
        since.forEach(this::add);
        List<Fetch> fetchedSince = List.copyOf(fetches);
        fetches.clear();
        fetches.addAll(batch.fetches());
        fetches.addAll(fetchedSince);
        lost += batch.lost();
        dropOldest();
    }

    /** What has come since the last call. */
    public synchronized Batch take() {
        Batch batch = new Batch(refusals, List.copyOf(fetches), lost);
        refusals = new LinkedHashMap<>();
        fetches.clear();
        lost = 0;
        return batch;
    }
}

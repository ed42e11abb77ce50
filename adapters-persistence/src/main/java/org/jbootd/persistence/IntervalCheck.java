package org.jbootd.persistence;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseChange.Kind;

/**
 * Follows a history from event to event, makes its intervals once more, by {@link HoldingTable} as they were made, and compares them
 * with those that are there. It asks page by page, remembers one interval of each address, and leaves what comes behind the event that
 * was the last one when it began, so that the history may go on, and lose its oldest events, meanwhile. Of an interval that began
 * before the history does, the end is compared, and the beginning if its event is still there.
 *
 * @param <E> what a question that has no answer throws
 */
public final class IntervalCheck<E extends Exception> {

    /** Events of one question. */
    private static final int PAGE = 10_000;

    private static final String START = "SELECT seq FROM history_start";

    private static final String LAST = "SELECT seq FROM chain_head";

    /** The smallest would be looked for among all of them. */
    private static final String NEXT =
            "SELECT seq FROM lease_event WHERE seq BETWEEN ? AND ? ORDER BY seq FETCH FIRST ROW ONLY";

    private static final String BEGINS = "event.kind IN ('BOUND', 'IMPORTED') AND event.state = 'BOUND'";

    private static final String EVENT_AND_INTERVAL =
            "SELECT " + columns("event", RecordedEvent.COLUMNS) + ", " + columns("holding", HoldingTable.COLUMNS);

    /** What intervals follow from, each with the interval that begins with it; the event behind an ending may tell its time. */
    private static final String EVENTS =
            EVENT_AND_INTERVAL + """
             FROM lease_event event LEFT JOIN holding ON holding.address = event.address AND holding.started = event.since
                AND holding.first_seq = event.seq
            WHERE event.seq BETWEEN ? AND ? AND (event.kind NOT IN (%s) OR EXISTS (
                SELECT 1 FROM lease_event ending WHERE ending.seq = event.seq - 1 AND ending.kind IN (%s)))
            ORDER BY event.seq""".formatted(kinds(kind -> !HoldingTable.concerns(kind)), kinds(Kind::ends));

    /** Intervals that went on when the history began, with the events that began them, as far as these are there. */
    private static final String OLDER = EVENT_AND_INTERVAL + """
             FROM holding LEFT JOIN lease_event event ON event.seq = holding.first_seq AND event.address = holding.address AND %s
            WHERE holding.first_seq < ? AND (holding.last_seq IS NULL OR holding.last_seq >= ?)""".formatted(BEGINS);

    private static final String STRAY = """
            SELECT address, first_seq FROM holding WHERE first_seq BETWEEN (SELECT seq FROM history_start) AND ? AND NOT EXISTS (
                SELECT 1 FROM lease_event event WHERE event.seq = holding.first_seq AND event.address = holding.address
                    AND event.since = holding.started AND %s)
            ORDER BY first_seq""".formatted(BEGINS);

    /** Server time of an entry of which it was never recorded. */
    private static final Instant UNKNOWN = Instant.MIN;

    private static final Object UNKNOWN_TIME = Auditor.plain(Sql.clamped(UNKNOWN));

    /** What may be wrong with an interval. */
    private enum Misfit {
        MISSING("no interval begins with this event, at its time"),
        STRAY("an interval begins with no event, or not at its time"),
        BEGINNING("an interval is not what the event says that began it"),
        END("an interval does not end as the events say"),
        TWICE("two intervals begin with the same event"),
        UNREADABLE("an event says nothing that intervals can follow from");

        private final String what;

        Misfit(String what) {
            this.what = what;
        }
    }

    /** @param first what the operator is told */
    private record Found(String first, long times) {}

    /** An interval, as it is stored, or as the events have it. @param columns those of {@link HoldingTable#COLUMNS} */
    private record Interval(List<Object> columns) {

        private static final int LAST_SEQ = 1;
        private static final int ADDRESS = 3;
        private static final int STARTED = 9;
        private static final int ENDED = 10;
        private static final int HOW_ENDED = 11;

        long firstSeq() {
            return (Long) columns.get(0);
        }

        String address() {
            return (String) columns.get(ADDRESS);
        }

        boolean beginsAs(Interval other) {
            return columns.get(0).equals(other.columns.get(0))
                    && columns.subList(LAST_SEQ + 1, ENDED).equals(other.columns.subList(LAST_SEQ + 1, ENDED));
        }

        /** What of it its end is compared with: of a million intervals that go on, not all can be kept. */
        Interval end() {
            Object[] few = new Object[columns.size()];
            for (int column : new int[] {0, LAST_SEQ, ADDRESS, STARTED, ENDED, HOW_ENDED}) {
                few[column] = columns.get(column);
            }
            return new Interval(Arrays.asList(few));
        }

        /** Whether it has ended by event {@code last}. */
        boolean hasEnded(long last) {
            Long by = (Long) columns.get(LAST_SEQ);
            return by != null && by <= last;
        }

        boolean endsAs(Ending ending) {
            return Objects.equals(columns.get(LAST_SEQ), ending.seq())
                    && (ending.how().equals(columns.get(HOW_ENDED))
                                    && later(ending.time()).equals(columns.get(ENDED))
                            || ending.time().equals(UNKNOWN_TIME)
                                    && List.of(ending.how(), Kind.EXPIRED.name())
                                            .contains(columns.get(HOW_ENDED)));
        }

        /** No interval ends before it started. */
        private Object later(Object time) {
            Object started = columns.get(STARTED);
            return started.toString().compareTo(time.toString()) > 0 ? started : time;
        }
    }

    /** How an interval ends. @param time {@link #UNKNOWN_TIME} when it was never recorded */
    private record Ending(Object seq, Object time, Object how) {}

    private final Auditor.Source<E> source;
    private final Map<Misfit, Found> found = new EnumMap<>(Misfit.class);

    /** Of each address the interval that goes on, as it is stored; empty when that is missing. */
    private final Map<String, Optional<Interval>> open = new HashMap<>();

    /** Of the events that are followed at present, by number, and what begins with them. */
    private final Map<Long, RecordedEvent> events = new HashMap<>();

    private final Map<Long, Interval> stored = new HashMap<>();

    private IntervalCheck(Auditor.Source<E> source) {
        this.source = source;
    }

    /**
     * Checks all intervals.
     *
     * @param report takes a line for each kind of thing that does not fit: its first event, and how many there are
     * @return whether everything holds
     */
    public static <E extends Exception> boolean run(Auditor.Source<E> source, List<String> report) throws E {
        Map<Misfit, Found> found = new IntervalCheck<>(source).run();
        found.forEach((misfit, each) -> report.add(
                misfit.what + ": " + each.first() + (each.times() > 1 ? ", and " + (each.times() - 1) + " more" : "")));
        return found.isEmpty();
    }

    private static String columns(String table, String columns) {
        return Stream.of(columns.split(", "))
                .map(column -> table + "." + column)
                .collect(Collectors.joining(", "));
    }

    private static String kinds(Predicate<Kind> which) {
        return Stream.of(Kind.values())
                .filter(which)
                .map(kind -> "'" + kind + "'")
                .collect(Collectors.joining(", "));
    }

    private Map<Misfit, Found> run() throws E {
        long last = number(LAST, List.of()).orElseThrow();
        long next = begin();
        for (Optional<Long> first = first(next, last); first.isPresent(); first = first(next, last)) {
            long end = Math.min(first.get() + PAGE - 1, last);
            List<List<Object>> page = source.rows(EVENTS, List.of(first.get(), end));
            boolean whole = start() <= next; // else some of them were deleted before they were met
            if (whole) {
                follow(page);
            }
            next = whole ? end + 1 : begin();
        }
        open.values().stream()
                .flatMap(Optional::stream)
                .filter(interval -> interval.hasEnded(last))
                .sorted(Comparator.comparing(Interval::firstSeq))
                .forEach(interval -> add(Misfit.END, interval.address(), interval.firstSeq()));
        source.ask(STRAY, List.of(last), row -> add(Misfit.STRAY, row.get(0), row.get(1)));
        return found;
    }

    /** Begins, or begins anew, with the events that are there without a gap. @return the first of them */
    private long begin() throws E {
        open.clear();
        long start = start();
        source.ask(OLDER, List.of(start, start), this::goesOn);
        return start;
    }

    private void goesOn(List<Object> row) {
        RecordedEvent event = event(row);
        Interval interval = interval(row);
        if (event.isThere()) {
            follow(List.of(row));
        } else if (!interval.hasEnded(Long.MAX_VALUE)) {
            add(Misfit.STRAY, interval.address(), interval.firstSeq());
        }
        open.put(interval.address(), Optional.of(interval.end()));
    }

    private long start() throws E {
        return number(START, List.of()).orElseThrow();
    }

    private Optional<Long> first(long next, long last) throws E {
        return number(NEXT, List.of(next, last));
    }

    private static RecordedEvent event(List<Object> row) {
        return new RecordedEvent(row.subList(0, RecordedEvent.SIZE));
    }

    private static Interval interval(List<Object> row) {
        return new Interval(row.subList(RecordedEvent.SIZE, row.size()));
    }

    /** Entry by entry, as far as these can be told apart, as an ending takes its time from what it makes room for. */
    private void follow(List<List<Object>> page) {
        List<RecordedEvent> entry = new ArrayList<>();
        for (List<Object> row : page) {
            RecordedEvent event = event(row);
            RecordedEvent before = entry.isEmpty() ? event : entry.get(entry.size() - 1);
            if (event != before && event.seq() == before.seq()) {
                add(Misfit.TWICE, event.address(), event.seq());
                continue;
            }
            if (event != before && !event.isOfTheEntryOf(before)) {
                followEntry(entry);
                entry.clear();
            }
            entry.add(event);
            if (interval(row).columns().get(0) != null) {
                stored.put(event.seq(), interval(row));
            }
        }
        followEntry(entry);
        stored.clear();
    }

    private void followEntry(List<RecordedEvent> entry) {
        List<LeaseChange> changes = new ArrayList<>();
        events.clear();
        for (RecordedEvent event : entry) {
            events.put(event.seq(), event);
            try {
                changes.add(event.change());
            } catch (IllegalArgumentException e) {
                add(Misfit.UNREADABLE, event.address(), event.seq());
                return;
            }
        }
        if (!changes.isEmpty()) {
            long first = entry.get(0).seq();
            new HoldingTable(this::take).write(List.of(new JournalEntry(first, UNKNOWN, UNKNOWN, changes)));
        }
    }

    /** What would be written. */
    private Rows take(RowStatement statement, Optional<HashChain> chain) {
        boolean begins = statement == HoldingTable.INSERT;
        return new Rows(chain) {
            private List<Object> values = new ArrayList<>();

            @Override
            void put(Kind kind, Object value) {
                values.add(Auditor.plain(value));
            }

            @Override
            void end() {
                if (begins) {
                    begun(new Interval(values));
                } else {
                    ended(new Ending(values.get(0), values.get(1), values.get(2)), (String) values.get(3));
                }
                values = new ArrayList<>();
            }

            @Override
            void send() {}
        };
    }

    private void begun(Interval interval) {
        long seq = interval.firstSeq();
        displace(interval);
        Interval there = stored.get(seq);
        if (there == null) {
            add(Misfit.MISSING, interval.address(), seq);
        } else if (!there.beginsAs(interval)) {
            add(Misfit.BEGINNING, interval.address(), seq);
        }
        open.put(interval.address(), Optional.ofNullable(there).map(Interval::end));
        if (interval.hasEnded(Long.MAX_VALUE)) {
            List<Object> columns = interval.columns();
            ended(
                    new Ending(
                            columns.get(Interval.LAST_SEQ),
                            columns.get(Interval.ENDED),
                            columns.get(Interval.HOW_ENDED)),
                    interval.address());
        }
    }

    /** In what was converted from before endings were events, an interval may have ended by the next one. */
    private void displace(Interval by) {
        Object started = by.columns().get(Interval.STARTED);
        ended(new Ending(by.columns().get(0), started, Kind.RECLAIMED.name()), by.address());
    }

    private void ended(Ending ending, String address) {
        Optional<Interval> there = Optional.ofNullable(open.remove(address)).flatMap(interval -> interval);
        boolean fits = there.isEmpty()
                || there.get().endsAs(ending)
                || converted(events.get((Long) ending.seq()))
                        .filter(there.get()::endsAs)
                        .isPresent();
        if (!fits) {
            add(Misfit.END, address, ending.seq());
        }
    }

    /** The ending that migration V3 of the embedded database made of an event. */
    private static Optional<Ending> converted(RecordedEvent event) {
        String time = event.since();
        if (event.kind().equals(Kind.ENDED.name())) {
            time = event.until()
                    .filter(until -> until.compareTo(event.recordedAt()) < 0)
                    .orElse(event.recordedAt());
        }
        return event.isOfAFormerVersion() ? Optional.of(new Ending(event.seq(), time, event.kind())) : Optional.empty();
    }

    private void add(Misfit misfit, Object address, Object seq) {
        found.merge(
                misfit,
                new Found(address + ", event " + seq, 1),
                (before, again) -> new Found(before.first(), before.times() + 1));
    }

    private Optional<Long> number(String sql, List<?> arguments) throws E {
        return source.rows(sql, arguments).stream()
                .map(row -> (Long) row.get(0))
                .findFirst();
    }
}

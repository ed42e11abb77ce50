package org.jbootd.domain.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Collectors;

/** The last things that happened, as objects; they become text only when somebody asks. */
public final class Trace {

    private record Line(long at, String what, Object one, Object other) {

        @Override
        public String toString() {
            String result = other == null ? "" : "  =>  " + Words.of(other);
            return String.format("%14.6f  %-14s %s%s", at / 1e9, what, Words.of(one), result);
        }
    }

    private final Timeline timeline;
    private final int length;
    private final Deque<Line> lines = new ArrayDeque<>();
    private long added;

    Trace(Timeline timeline, int length) {
        this.timeline = timeline;
        this.length = length;
    }

    public void add(String what, Object one) {
        add(what, one, null);
    }

    public void add(String what, Object one, Object other) {
        if (lines.size() == length) {
            lines.removeFirst();
        }
        added++;
        lines.addLast(new Line(timeline.elapsed(), what, one, other));
    }

    /** How many there were, those that are forgotten too. */
    long lines() {
        return added;
    }

    @Override
    public String toString() {
        return lines.stream().map(Line::toString).collect(Collectors.joining("\n"));
    }
}

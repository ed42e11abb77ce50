package org.jbootd.bench;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jbootd.persistence.Auditor;

/** Asks the history, and prints how long the answers took. */
record TimedQuestions(Auditor auditor) {

    static final String WHO_HAD = """
            SELECT hardware, host_name, started, ended, how_ended FROM lease_interval
            WHERE address = ? AND started <= CAST(? AS TIMESTAMP(6) WITH TIME ZONE)
            AND (ended IS NULL OR ended > CAST(? AS TIMESTAMP(6) WITH TIME ZONE))""";

    static final String WHAT_HAD =
            "SELECT address, started, ended, how_ended FROM lease_interval WHERE hardware = ? ORDER BY started";

    static final String CHANGES = """
            SELECT seq, recorded_at, kind, address, cause FROM lease_event
            WHERE hardware = ? ORDER BY seq DESC FETCH FIRST 100 ROWS ONLY""";

    static void printHeader() {
        System.out.printf("%n%-48s %10s %10s %10s %8s%n", "", "first, ms", "p50, ms", "p99, ms", "rows");
    }

    /** @param arguments new ones each of the {@code times} */
    void ask(String what, String sql, int times, Supplier<List<String>> arguments) {
        long[] nanos = new long[times];
        LongAdder rows = new LongAdder();
        for (int i = 0; i < times; i++) {
            List<String> values = arguments.get();
            long began = System.nanoTime();
            try {
                auditor.ask(sql, values, row -> rows.increment());
            } catch (Auditor.NoAnswer e) {
                throw new IllegalStateException(e);
            }
            nanos[i] = System.nanoTime() - began;
        }
        double first = Figures.millis(nanos[0]);
        Arrays.sort(nanos);
        System.out.printf(
                "%-48s %10.2f %10.2f %10.2f %8d%n",
                what,
                first,
                Figures.millis(Figures.percentile(nanos, 0.5)),
                Figures.millis(Figures.percentile(nanos, 0.99)),
                rows.sum() / times);
    }
}

package org.jbootd.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jbootd.persistence.Auditor;

/** Asks the history, and prints how long the answers took, and how long the processor worked for them. */
record TimedQuestions(Auditor auditor) {

    static final String WHO_HAD = """
            SELECT hardware, host_name, started, ended, how_ended FROM lease_interval
            WHERE address = ? AND started <= CAST(? AS TIMESTAMP(6) WITH TIME ZONE)
            AND (ended IS NULL OR ended > CAST(? AS TIMESTAMP(6) WITH TIME ZONE))""";

    static final String WHAT_HAD =
            "SELECT address, started, ended, how_ended FROM lease_interval WHERE hardware = ? ORDER BY started";

    static final String CHANGES = """
            SELECT seq, recorded_at, kind, address, cause FROM lease_change
            WHERE hardware = ? ORDER BY seq DESC FETCH FIRST 100 ROWS ONLY""";

    private static final String LINE = "%-40s %10.2f %10.2f %10.2f %10.2f %10.2f %8.1f%n";

    static void printHeader() {
        System.out.printf(
                "%n%-40s %10s %10s %10s %10s %10s %8s%n",
                "", "first, ms", "p50, ms", "p99, ms", "CPU p50", "CPU p99", "rows");
    }

    /** @param arguments new ones each of the {@code times} */
    void ask(String what, String sql, int times, Supplier<List<String>> arguments) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long[] nanos = new long[times];
        long[] processor = new long[times];
        LongAdder rows = new LongAdder();
        for (int i = 0; i < times; i++) {
            List<String> values = arguments.get();
            long worked = threads.getCurrentThreadCpuTime(); // which answers itself: the database is in this process
            long began = System.nanoTime();
            try {
                auditor.ask(sql, values, row -> rows.increment());
            } catch (Auditor.NoAnswer e) {
                throw new IllegalStateException(e);
            }
            nanos[i] = System.nanoTime() - began;
            processor[i] = threads.getCurrentThreadCpuTime() - worked;
        }
        double first = Figures.millis(nanos[0]);
        Arrays.sort(nanos);
        Arrays.sort(processor);
        System.out.printf(
                LINE,
                what,
                first,
                Figures.millis(Figures.percentile(nanos, 0.5)),
                Figures.millis(Figures.percentile(nanos, 0.99)),
                Figures.millis(Figures.percentile(processor, 0.5)),
                Figures.millis(Figures.percentile(processor, 0.99)),
                (double) rows.sum() / times);
    }
}

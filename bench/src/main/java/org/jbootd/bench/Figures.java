package org.jbootd.bench;

import java.util.List;

/** What is told of many boots. */
final class Figures {

    private Figures() {}

    /** From DISCOVER to ACK in nanoseconds, of those that got one. */
    static long[] sorted(List<Boot> boots) {
        return boots.stream()
                .filter(Boot::hasAddress)
                .mapToLong(Boot::nanos)
                .sorted()
                .toArray();
    }

    /** @param part 0.5 for the median, 1 for the largest; of no values it is 0 */
    static long percentile(long[] sorted, double part) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * part))];
    }

    /** The median of the rounds, so that what else the machine did in one of them is left out. */
    static long typical(List<List<Boot>> rounds, double part) {
        return percentile(
                rounds.stream()
                        .mapToLong(round -> percentile(sorted(round), part))
                        .sorted()
                        .toArray(),
                0.5);
    }

    static long without(List<Boot> boots) {
        return boots.stream().filter(boot -> !boot.hasAddress()).count();
    }

    static double millis(long nanos) {
        return nanos / 1e6;
    }
}

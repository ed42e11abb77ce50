package org.jbootd.domain.simulation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** How often each fault happened, and which of them never met another in the same run. */
final class Coverage {

    private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);
    private final Map<Fault, Set<Fault>> met = new EnumMap<>(Fault.class);

    void count(Fault fault) {
        counts.merge(fault, 1L, Long::sum);
    }

    long of(Fault fault) {
        return counts.getOrDefault(fault, 0L);
    }

    /** Adds what happened in one finished run. */
    void add(Coverage run) {
        run.counts.forEach((fault, count) -> counts.merge(fault, count, Long::sum));
        Set<Fault> seen = run.counts.keySet();
        seen.forEach(fault ->
                met.computeIfAbsent(fault, key -> EnumSet.noneOf(Fault.class)).addAll(seen));
    }

    /** Those of {@code possible} that never happened. */
    Set<Fault> missing(Set<Fault> possible) {
        Set<Fault> missing = EnumSet.copyOf(possible);
        missing.removeAll(counts.keySet());
        return missing;
    }

    /** Pairs of {@code possible} that never happened in the same run, as {@code A+B}. */
    List<String> missingPairs(Set<Fault> possible) {
        List<String> missing = new ArrayList<>();
        for (Fault one : possible) {
            for (Fault other : possible) {
                if (one.compareTo(other) < 0 && !met.getOrDefault(one, Set.of()).contains(other)) {
                    missing.add(one + "+" + other);
                }
            }
        }
        return missing;
    }

    @Override
    public String toString() {
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(", "));
    }
}

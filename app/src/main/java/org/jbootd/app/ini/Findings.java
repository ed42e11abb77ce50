package org.jbootd.app.ini;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;

/** What was found while reading a configuration: mistakes, which keep the daemon from starting, and warnings. */
public final class Findings {

    private final List<Finding> mistakes = new ArrayList<>();
    private final List<Finding> warnings = new ArrayList<>();

    /** One line for the operator, {@code file:line: what}. */
    private record Finding(Place place, String what) {

        static final Comparator<Finding> IN_FILE_ORDER = Comparator.comparingInt(finding -> finding.place.line());

        @Override
        public String toString() {
            return place + ": " + what;
        }
    }

    /** @param what starts with the section and key it is about, as in {@code [bootp] port: …} */
    public void mistake(Place place, String what) {
        mistakes.add(new Finding(place, what));
    }

    public void warning(Place place, String what) {
        warnings.add(new Finding(place, what));
    }

    public boolean hasMistakes() {
        return !mistakes.isEmpty();
    }

    /** As they were found. */
    public void forEachMistake(BiConsumer<Place, String> taker) {
        mistakes.forEach(mistake -> taker.accept(mistake.place(), mistake.what()));
    }

    /** In the order of the file. */
    public List<String> mistakes() {
        return inFileOrder(mistakes);
    }

    /** In the order of the file. */
    public List<String> warnings() {
        return inFileOrder(warnings);
    }

    private static List<String> inFileOrder(List<Finding> findings) {
        return findings.stream()
                .sorted(Finding.IN_FILE_ORDER)
                .map(Finding::toString)
                .toList();
    }
}

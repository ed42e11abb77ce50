package org.jbootd.domain.lease;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Stored leases that do not fit the settings: the first of each kind by name, the others by number. */
final class Misfits {

    /** Of each kind; a network that was set up anew can have a hundred thousand. */
    private static final int NAMED = 20;

    private final Map<String, List<String>> named = new LinkedHashMap<>();
    private final Map<String, Integer> counts = new LinkedHashMap<>();

    /** @param what is odd about it, in the same words for all of a kind */
    void add(Lease lease, String what) {
        if (counts.merge(what, 1, Integer::sum) <= NAMED) {
            named.computeIfAbsent(what, kind -> new ArrayList<>())
                    .add("lease " + lease.address() + " of " + lease.client().hardware() + " in subnet "
                            + lease.subnet() + ": " + what);
        }
    }

    /** A sentence each. */
    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        named.forEach((what, leases) -> {
            sentences.addAll(leases);
            int others = counts.get(what) - leases.size();
            if (others > 0) {
                sentences.add(others + " more leases: " + what);
            }
        });
        return sentences;
    }
}

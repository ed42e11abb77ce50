package org.jbootd.persistence;

import java.util.List;
import java.util.Optional;
import org.jbootd.domain.net.Octets;

/**
 * An event as an {@link Auditor} tells it.
 *
 * @param columns those of {@link EventTable#COLUMNS}
 * @param link hex digits, or null for none
 * @param deleted the events before it, if they were deleted in order
 */
record LinkedEvent(List<Object> columns, String link, Optional<Deleted> deleted) {

    /** Events from {@code first} on. @param link of the last one of them, hex digits */
    record Deleted(long first, String link) {}

    private static final int RECORDED_AT = 0;
    private static final int SEQ = 3;
    private static final int ADDRESS = 5;

    /** @param row the columns, the link, and what is known of deleted events before it: the first, and the link of the last */
    static LinkedEvent of(List<Object> row) {
        int columns = row.size() - 3;
        return new LinkedEvent(
                row.subList(0, columns),
                (String) row.get(columns),
                Optional.ofNullable((Long) row.get(columns + 1))
                        .map(first -> new Deleted(first, (String) row.get(columns + 2))));
    }

    long seq() {
        return (Long) columns.get(SEQ);
    }

    /** For the operator. */
    String name() {
        return name(seq(), columns.get(RECORDED_AT), columns.get(ADDRESS));
    }

    static String name(Object seq, Object recordedAt, Object address) {
        return "event " + seq + ", of " + recordedAt + ", " + address;
    }

    /** The link that it should have if it followed {@code before}, as number {@code number}. */
    Octets linkBehind(Octets before, long number) {
        HashChain links = new HashChain(before);
        for (int i = 0; i < columns.size(); i++) {
            links.add(i == SEQ ? Long.valueOf(number) : columns.get(i));
        }
        return links.link();
    }
}

package org.jbootd.persistence;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * What is kept of linked events that are deleted in order: of each run of them from where to where it goes, and the link of its
 * last event, which what comes behind it follows. Within a transaction of the caller's.
 */
final class ChainAnchors {

    private final Handle handle;

    /** A linked event. */
    private record Link(long seq, byte[] chain) {}

    /** Linked events without a gap, of one chain. */
    private record Run(long first, Link last) {}

    ChainAnchors(Handle handle) {
        this.handle = handle;
    }

    /**
     * Has to be called before they are deleted.
     *
     * @param condition on rows of {@code lease_event} between {@code first} and {@code last}, for what is deleted
     */
    void keep(long first, long last, String condition) {
        List<Link> links = handle.createQuery(
                        "SELECT seq, chain FROM lease_event WHERE seq BETWEEN :first AND :last AND chain IS NOT NULL AND "
                                + condition + " ORDER BY seq")
                .bind("first", first)
                .bind("last", last)
                .map((row, context) -> new Link(row.getLong("seq"), row.getBytes("chain")))
                .list();
        if (!links.isEmpty()) {
            Set<Long> ends = endsOfChains(first - 1, last);
            runs(links, ends).forEach(run -> keep(run, ends));
        }
    }

    private Set<Long> endsOfChains(long first, long last) {
        return new HashSet<>(
                handle.createQuery("SELECT last_seq FROM event_chain WHERE last_seq BETWEEN :first AND :last")
                        .bind("first", first)
                        .bind("last", last)
                        .mapTo(Long.class)
                        .list());
    }

    private static List<Run> runs(List<Link> links, Set<Long> ends) {
        List<Run> runs = new ArrayList<>();
        long first = links.get(0).seq();
        for (int i = 0; i < links.size(); i++) {
            Link link = links.get(i);
            boolean goesOn =
                    i + 1 < links.size() && links.get(i + 1).seq() == link.seq() + 1 && !ends.contains(link.seq());
            if (!goesOn) {
                runs.add(new Run(first, link));
                first = i + 1 < links.size() ? links.get(i + 1).seq() : first;
            }
        }
        return runs;
    }

    /** Together with the runs before and behind it, if nothing is between them and they are of the same chain. */
    private void keep(Run run, Set<Long> ends) {
        long before = run.first() - 1;
        Optional<Long> beginning = ends.contains(before) ? Optional.empty() : beginningOfWhatEndsAt(before);
        beginning.ifPresent(known -> handle.execute("DELETE FROM chain_anchor WHERE seq = ?", before));
        long first = beginning.orElse(run.first());
        boolean ended = ends.contains(run.last().seq());
        int behind = ended
                ? 0
                : handle.execute(
                        "UPDATE chain_anchor SET first_seq = ? WHERE first_seq = ?",
                        first,
                        run.last().seq() + 1);
        if (behind == 0) {
            handle.execute(
                    "INSERT INTO chain_anchor (seq, first_seq, chain) VALUES (?, ?, ?)",
                    run.last().seq(),
                    first,
                    run.last().chain());
        }
    }

    private Optional<Long> beginningOfWhatEndsAt(long seq) {
        return handle.createQuery("SELECT first_seq FROM chain_anchor WHERE seq = :seq")
                .bind("seq", seq)
                .mapTo(Long.class)
                .findOne();
    }
}

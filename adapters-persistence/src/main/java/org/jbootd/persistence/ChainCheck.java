package org.jbootd.persistence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jbootd.domain.net.Octets;

/**
 * Follows the hash chains of a history from event to event, and names the first event that is not what was written. It asks page
 * by page, so that the history may go on, and lose its oldest events, meanwhile.
 *
 * @param <E> what a question that has no answer throws
 */
public final class ChainCheck<E extends Exception> {

    /** Events that are asked for at once. */
    private static final int PAGE = 10_000;

    /** So many behind one that does not fit are searched for the one that would. */
    private static final int SEARCHED = 1_000;

    private static final String CHAINS = """
            SELECT chain_head.seq, chain_head.chain, event_chain.first_seq, event_chain.origin, event_chain.last_seq, event_chain.head
            FROM chain_head LEFT JOIN event_chain ON event_chain.first_seq > 0 ORDER BY event_chain.first_seq""";

    private static final String EVENTS = """
            SELECT event.*, chain_anchor.first_seq, chain_anchor.chain FROM (SELECT %s, chain FROM lease_event WHERE seq BETWEEN ? AND ? ORDER BY seq
                FETCH FIRST %d ROWS ONLY) event
            LEFT JOIN chain_anchor ON chain_anchor.seq = event.seq - 1 ORDER BY event.seq""";

    private static final String STRAY = """
            SELECT seq, recorded_at, address FROM lease_event WHERE chain IS NOT NULL AND NOT EXISTS (SELECT 1 FROM event_chain
                WHERE lease_event.seq >= event_chain.first_seq AND (event_chain.last_seq IS NULL OR lease_event.seq <= event_chain.last_seq))
            ORDER BY seq FETCH FIRST ROW ONLY""";

    private static final String BEHIND = """
            SELECT seq, recorded_at, address FROM lease_event WHERE seq > (SELECT seq FROM chain_head)
            ORDER BY seq FETCH FIRST ROW ONLY""";

    private final Auditor.Source<E> source;
    private final List<ChainHead> noted;
    private final List<String> report;

    /** Of the noted events those that were met. */
    private final Map<Long, Octets> met = new HashMap<>();

    private ChainCheck(Auditor.Source<E> source, List<ChainHead> noted, List<String> report) {
        this.source = source;
        this.noted = noted;
        this.report = report;
    }

    /**
     * A chain from when it was switched on to when it was switched off, or until now.
     *
     * @param origin the link that its first event follows
     * @param last its last event; the one before {@code first} for none yet
     * @param head the link of the last event; null for none, which is wrong
     */
    private record Chain(long first, String origin, long last, String head, boolean ended) {

        boolean isEmpty() {
            return last < first;
        }

        boolean has(long seq) {
            return seq >= first && seq <= last;
        }
    }

    /**
     * Checks all chains.
     *
     * @param noted heads that have to be in them
     * @param report takes a line for each chain, each noted head, and the first event that was altered, removed or put elsewhere
     * @return whether everything holds
     */
    public static <E extends Exception> boolean run(
            Auditor.Source<E> source, List<ChainHead> noted, List<String> report) throws E {
        return new ChainCheck<>(source, noted, report).run();
    }

    private boolean run() throws E {
        List<List<Object>> found = source.rows(CHAINS, List.of());
        long end = (Long) found.get(0).get(0);
        List<Chain> chains = chains(found);
        Optional<String> problem = problem(chains, found.get(0).get(1) != null);
        problem.ifPresentOrElse(report::add, () -> tell(chains));
        boolean holds = problem.isEmpty();
        for (ChainHead head : noted) {
            Optional<String> wrong = wrong(head, chains, end, holds);
            report.add(wrong.orElse("the noted head " + head + " is in the hash chain"));
            holds &= wrong.isEmpty();
        }
        return holds;
    }

    private static List<Chain> chains(List<List<Object>> found) {
        List<Chain> chains = new ArrayList<>();
        for (List<Object> row : found) {
            if (row.get(2) != null) {
                boolean ended = row.get(4) != null;
                chains.add(new Chain(
                        (Long) row.get(2),
                        (String) row.get(3),
                        (Long) row.get(ended ? 4 : 0),
                        (String) row.get(ended ? 5 : 1),
                        ended));
            }
        }
        return chains;
    }

    private Optional<String> problem(List<Chain> chains, boolean goesOn) throws E {
        Optional<String> problem = ofTheList(chains, goesOn);
        for (Chain chain : chains) {
            if (problem.isEmpty() && !chain.isEmpty()) {
                problem = follow(chain);
            }
        }
        problem = problem.isPresent() ? problem : first(STRAY, ", is linked, and in no chain that was begun");
        return problem.isPresent() || chains.isEmpty()
                ? problem
                : first(BEHIND, ", was put behind the last one that was written");
    }

    private static Optional<String> ofTheList(List<Chain> chains, boolean goesOn) {
        String before = HashChain.ORIGIN.toHex();
        boolean open = false;
        for (Chain chain : chains) {
            if (!chain.origin().equals(before) || chain.head() == null || open) {
                return Optional.of("the list of hash chains was altered: the one that begins with event "
                        + chain.first() + " does not go on from the one before it");
            }
            before = chain.head();
            open = !chain.ended();
        }
        return open == goesOn
                ? Optional.empty()
                : Optional.of("the list of hash chains was altered: "
                        + (open ? "the last one has no head" : "there is a head, and no chain goes on"));
    }

    private Optional<String> first(String sql, String what) throws E {
        return source.rows(sql, List.of()).stream()
                .findFirst()
                .map(row -> LinkedEvent.name(row.get(0), row.get(1), row.get(2)) + what);
    }

    private Optional<String> follow(Chain chain) throws E {
        ChainWalk walk = new ChainWalk(
                chain.first(),
                Octets.parseHex(chain.origin()),
                noted.stream().map(ChainHead::seq).collect(Collectors.toSet()));
        long before;
        do {
            before = walk.next();
            source.ask(EVENTS.formatted(EventTable.COLUMNS, PAGE), List.of(before, chain.last()), walk);
        } while (walk.isFine() && walk.next() > before && walk.next() <= chain.last());
        Optional<String> problem = walk.isFine() ? ofTheEnd(walk, chain) : Optional.of(misfit(walk, chain));
        met.putAll(walk.met());
        return problem;
    }

    private String misfit(ChainWalk walk, Chain chain) throws E {
        if (walk.gap().isPresent()) {
            return removed(walk.next(), walk.gap().get());
        }
        LinkedEvent event = walk.misfit().orElseThrow();
        List<List<Object>> behind = source.rows(
                EVENTS.formatted(EventTable.COLUMNS, SEARCHED), List.of(event.seq() + 1, chain.last() + SEARCHED));
        for (List<Object> row : behind) {
            LinkedEvent other = LinkedEvent.of(row);
            String link = other.linkBehind(walk.link(), event.seq()).toHex();
            if (link.equals(other.link()) || link.equals(event.link())) {
                return event.name() + ", is not the one that was written there, which is event " + other.seq() + " now";
            }
        }
        return event.name() + ", is not what was written";
    }

    /** @param next from here on; what was deleted in order is not among them, even if what comes behind that was removed */
    private String removed(long next, ChainWalk.Gap gap) throws E {
        List<List<Object>> deleted =
                source.rows("SELECT seq FROM chain_anchor WHERE first_seq <= ? AND seq >= ?", List.of(next, next));
        long first = deleted.isEmpty() ? next : (Long) deleted.get(0).get(0) + 1;
        return (first == gap.last()
                        ? "event " + first + " was removed"
                        : "events " + first + " to " + gap.last() + " were removed")
                + gap.where();
    }

    private Optional<String> ofTheEnd(ChainWalk walk, Chain chain) throws E {
        String end = walk.link().toHex();
        if (walk.next() <= chain.last()) {
            List<List<Object>> deleted = source.rows(
                    "SELECT chain FROM chain_anchor WHERE seq = ? AND first_seq <= ?",
                    List.of(chain.last(), walk.next()));
            if (deleted.isEmpty()) {
                return Optional.of(
                        removed(walk.next(), new ChainWalk.Gap(chain.last(), ", the end of the hash chain")));
            }
            end = (String) deleted.get(0).get(0);
            walk.meet(chain.last(), Octets.parseHex(end));
        }
        return end.equals(chain.head())
                ? Optional.empty()
                : Optional.of("the head of the hash chain is not the link of its last event, " + chain.last());
    }

    private void tell(List<Chain> chains) {
        if (chains.isEmpty()) {
            report.add("the history has no hash chain");
        }
        Optional<ChainHead> head = Optional.empty();
        for (Chain chain : chains) {
            if (chain.isEmpty()) {
                report.add("a hash chain begins with event " + chain.first() + ", which is still to come");
            } else {
                report.add("events " + chain.first() + " to " + chain.last()
                        + " are a hash chain, and as they were written"
                        + (chain.ended() ? "; then it was switched off" : ""));
                head = Optional.of(new ChainHead(chain.last(), Octets.parseHex(chain.head())));
            }
        }
        head.ifPresent(known -> report.add("head of the hash chain, to be kept elsewhere: " + known));
    }

    /** Why a noted head cannot be confirmed; empty when it is. @param followed whether the chains hold */
    private Optional<String> wrong(ChainHead head, List<Chain> chains, long end, boolean followed) {
        Octets link = met.get(head.seq());
        if (head.link().equals(link)) {
            return Optional.empty();
        }
        String which = "the noted head " + head + " is not in the hash chain: ";
        if (link != null) {
            return Optional.of(which + "the link of event " + head.seq()
                    + " is another one, so the history up to it was written anew");
        }
        if (head.seq() > end) {
            return Optional.of(which + "the history ends with event " + end
                    + ", so its end was cut off, or an older one was put in its place");
        }
        if (chains.stream().noneMatch(chain -> chain.has(head.seq()))) {
            return Optional.of(which + "event " + head.seq() + " is in none");
        }
        return Optional.of(
                followed
                        ? "the noted head " + head
                                + " can no longer be found: its event was deleted, as history_keep says"
                        : "the noted head " + head + " was not looked for behind what is wrong");
    }
}

package org.jbootd.persistence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jbootd.domain.net.Octets;

/**
 * Takes the events of one hash chain in their order, each of which has to follow the one before; what comes behind the first that does
 * not is left.
 */
final class ChainWalk implements Auditor.Rows {

    private final Set<Long> wanted;
    private final Map<Long, Octets> met = new HashMap<>();
    private long next;
    private Octets link;
    private Optional<Gap> gap = Optional.empty();
    private Optional<LinkedEvent> misfit = Optional.empty();

    /** Events that are missing. @param last the last one @param where for the operator */
    record Gap(long last, String where) {}

    /**
     * @param first the first event
     * @param origin what that one follows
     * @param wanted numbers of events whose links are wanted
     */
    ChainWalk(long first, Octets origin, Set<Long> wanted) {
        this.next = first;
        this.link = origin;
        this.wanted = wanted;
    }

    @Override
    public void columns(List<String> names) {}

    @Override
    public void row(List<Object> values) {
        if (isFine()) {
            follow(LinkedEvent.of(new ArrayList<>(values)));
        }
    }

    private void follow(LinkedEvent event) {
        if (event.seq() > next) {
            long missing = event.deleted().map(LinkedEvent.Deleted::first).orElse(event.seq());
            if (missing > next) { // what is before it may have been deleted since it was met
                gap = Optional.of(new Gap(missing - 1, "; the next one is " + event.name()));
                return;
            }
            link = Octets.parseHex(event.deleted().orElseThrow().link());
            meet(event.seq() - 1, link);
        }
        Octets own = event.linkBehind(link, event.seq());
        if (own.toHex().equals(event.link())) {
            link = own;
            next = event.seq() + 1;
            meet(event.seq(), link);
        } else {
            misfit = Optional.of(event);
        }
    }

    /** Notes the link of an event, if it is wanted. */
    void meet(long seq, Octets itsLink) {
        if (wanted.contains(seq)) {
            met.put(seq, itsLink);
        }
    }

    /** The links that were wanted, of the events that were met. */
    Map<Long, Octets> met() {
        return met;
    }

    /** Number of the event that has to come now. */
    long next() {
        return next;
    }

    /** The link that it has to follow. */
    Octets link() {
        return link;
    }

    /** Whether each has followed the one before so far. */
    boolean isFine() {
        return gap.isEmpty() && misfit.isEmpty();
    }

    /** What is missing from {@link #next} on. */
    Optional<Gap> gap() {
        return gap;
    }

    /** The event that is not what was written there. */
    Optional<LinkedEvent> misfit() {
        return misfit;
    }
}

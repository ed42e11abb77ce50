package org.jbootd.acl;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.LongSupplier;
import okhttp3.HttpUrl;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.client.Request;

/**
 * Grants that still hold: for the exchange they were given for, which a client marks by one xid, or for as long as the
 * operator says. At most {@value #MAX}, the oldest go. May be shared by threads.
 */
final class Grants {

    static final int MAX = 65_536;

    /** Longer than the retries from DISCOVER to REQUEST. */
    static final Duration EXCHANGE = Duration.ofSeconds(60);

    private record Key(HttpUrl question, int xid) {}

    private record Grant(Verdict.Granted verdict, long at) {}

    private final boolean byExchange;
    private final long nanosHeld;
    private final LongSupplier nanoTime;

    /** All hold equally long, so the order of insertion is that of ending. */
    private final LinkedHashMap<Key, Grant> grants = new LinkedHashMap<>();

    /**
     * @param held how long a grant holds for every exchange of its client; empty for its own exchange only
     * @param nanoTime elapsed nanoseconds, as {@link System#nanoTime()} counts them
     */
    Grants(Optional<Duration> held, LongSupplier nanoTime) {
        this.byExchange = held.isEmpty();
        this.nanosHeld = held.orElse(EXCHANGE).toNanos();
        this.nanoTime = nanoTime;
    }

    synchronized void add(HttpUrl question, Request request, Verdict.Granted verdict) {
        long now = nanoTime.getAsLong();
        Key key = key(question, request);
        grants.remove(key);
        grants.put(key, new Grant(verdict, now));
        Iterator<Grant> oldest = grants.values().iterator();
        while (oldest.hasNext() && (!holds(oldest.next(), now) || grants.size() > MAX)) {
            oldest.remove();
        }
    }

    synchronized Optional<Verdict.Granted> find(HttpUrl question, Request request) {
        long now = nanoTime.getAsLong();
        return Optional.ofNullable(grants.get(key(question, request)))
                .filter(grant -> holds(grant, now))
                .map(Grant::verdict);
    }

    private boolean holds(Grant grant, long now) {
        return now - grant.at() < nanosHeld;
    }

    private Key key(HttpUrl question, Request request) {
        return new Key(question, byExchange ? request.xid() : 0);
    }
}

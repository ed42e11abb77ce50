package org.jbootd.persistence.postgres;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jbootd.domain.client.ClientKey;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseFollower;
import org.jbootd.domain.lease.LeaseFollower.Standing;
import org.jbootd.domain.net.Ipv4;

/**
 * What was found in the database that nobody here was told is stored: it goes to the follower, and until decisions rest on it
 * they are checked against it. One thread tells and checks; any may ask for {@link #base}.
 */
final class Tidings {

    /** Batches that may be on their way to the follower. */
    private static final int MOST_UNLEARNED = 16;

    private record Holder(String subnet, ClientKey client) {}

    /** Number of the last event that an address, or a holder's, was told of, the oldest first. At most one of each in the ledger. */
    private final LinkedHashMap<Object, Long> told = new LinkedHashMap<>();

    private final AtomicLong base;
    private final AtomicInteger unlearned = new AtomicInteger();

    /** For the follower, as long as there is none. */
    private final Map<Ipv4, Optional<Lease>> untold = new HashMap<>();

    private long untoldSeq;
    private LeaseFollower follower;

    /** Once the follower has missed something, no decision rests on all that was told. */
    private volatile boolean missed;

    /** @param base number of the last event in what was loaded */
    Tidings(long base) {
        this.base = new AtomicLong(base);
        this.untoldSeq = base;
    }

    /** Number of an event up to which all that others did is known to whoever decides. */
    long base() {
        return base.get();
    }

    synchronized void follow(LeaseFollower listener) {
        follower = listener;
        passOn();
    }

    /** Whether the follower takes its time, and had better not be told more. */
    boolean isBehind() {
        return unlearned.get() >= MOST_UNLEARNED;
    }

    /** Tells what is known now of addresses that have changed, up to an event. Never blocks. */
    void tell(long seq, Map<Ipv4, Optional<Lease>> changed) {
        changed.forEach((address, lease) -> {
            remember(address, seq);
            lease.filter(Tidings::isHeld).ifPresent(held -> remember(holder(held), seq));
        });
        synchronized (this) {
            untold.putAll(changed);
            untoldSeq = seq;
            passOn();
        }
    }

    private void remember(Object what, long seq) {
        told.remove(what);
        told.put(what, seq);
    }

    /** In the order of the events: the lock is held meanwhile. */
    private void passOn() {
        if (follower == null || untoldSeq <= base.get()) {
            return;
        }
        long seq = untoldSeq;
        List<Standing> news = untold.entrySet().stream()
                .map(each -> new Standing(each.getKey(), each.getValue()))
                .toList();
        untold.clear();
        unlearned.incrementAndGet();
        learn(news).whenComplete((nothing, failure) -> {
            unlearned.decrementAndGet();
            missed |= failure != null;
            if (!missed) {
                base.accumulateAndGet(seq, Math::max);
            }
        });
    }

    private CompletionStage<Void> learn(List<Standing> news) {
        try {
            return follower.learn(news);
        } catch (RuntimeException stopped) {
            return CompletableFuture.failedStage(stopped);
        }
    }

    /** What a commit was decided without knowing; empty when there is nothing. */
    Optional<String> contradiction(Commit commit) {
        for (LeaseChange change : commit.changes()) {
            Lease lease = change.lease();
            if (isNews(lease.address(), commit)) {
                return Optional.of("another server has changed " + lease.address() + " meanwhile");
            }
            if (isHeld(lease) && isNews(holder(lease), commit)) {
                return Optional.of("another server has given " + lease.client().key() + " another address meanwhile");
            }
        }
        return Optional.empty();
    }

    private boolean isNews(Object what, Commit commit) {
        return told.getOrDefault(what, 0L) > commit.base();
    }

    /** Nothing that rests on less than {@code seq} is checked any more. */
    void forget(long seq) {
        Iterator<Long> oldest = told.values().iterator();
        while (oldest.hasNext() && oldest.next() <= seq) {
            oldest.remove();
        }
    }

    private static boolean isHeld(Lease lease) {
        return lease.state() != Lease.State.DECLINED;
    }

    private static Holder holder(Lease lease) {
        return new Holder(lease.subnet(), lease.client().key());
    }
}

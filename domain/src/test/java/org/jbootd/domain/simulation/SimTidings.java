package org.jbootd.domain.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jbootd.domain.client.ClientKey;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseFollower;
import org.jbootd.domain.lease.LeaseFollower.Standing;
import org.jbootd.domain.net.Ipv4;

/** The plainest {@link Knowledge} there is, and the places where bugs are planted in it. */
final class SimTidings implements Knowledge {

    private record Holder(String subnet, ClientKey client) {}

    private static final int MOST_UNLEARNED = 4;

    private final ClusterBug bug;
    private final Map<Object, Long> told = new HashMap<>();
    private final Map<Ipv4, Optional<Lease>> untold = new HashMap<>();
    private LeaseFollower follower;
    private long base;
    private long last;
    private int unlearned;
    private List<Standing> heldBack;

    SimTidings(ClusterBug bug, long base) {
        this.bug = bug;
        this.base = base;
        this.last = base;
    }

    @Override
    public long base() {
        return base;
    }

    @Override
    public void follow(LeaseFollower listener) {
        follower = listener;
        passOn();
    }

    @Override
    public boolean isBehind() {
        return unlearned >= MOST_UNLEARNED;
    }

    @Override
    public void tell(long seq, Map<Ipv4, Optional<Lease>> changed) {
        changed.forEach((address, lease) -> {
            told.put(address, seq);
            if (bug != ClusterBug.MACHINE_WITH_TWO_ADDRESSES) {
                lease.filter(SimTidings::isHeld).ifPresent(held -> told.put(holder(held), seq));
            }
            if (bug.passesOn(lease)) {
                untold.put(address, lease);
            }
        });
        last = seq;
        passOn();
    }

    private void passOn() {
        if (follower == null || last <= base) {
            return;
        }
        long seq = last;
        List<Standing> news = untold.entrySet().stream()
                .map(each -> new Standing(each.getKey(), each.getValue()))
                .toList();
        untold.clear();
        if (bug == ClusterBug.TOLD_TAKEN_FOR_LEARNED) {
            base = seq;
        }
        if (bug == ClusterBug.LESSONS_OUT_OF_ORDER && heldBack == null) {
            heldBack = news;
            news = List.of();
        } else if (heldBack != null) {
            teach(seq, news);
            news = heldBack;
            heldBack = null;
        }
        teach(seq, news);
    }

    private void teach(long seq, List<Standing> news) {
        unlearned++;
        follower.learn(news).whenComplete((nothing, failure) -> {
            unlearned--;
            base = Math.max(base, seq);
        });
    }

    @Override
    public Optional<String> contradiction(List<LeaseChange> changes, long restsOn) {
        for (LeaseChange change : changes) {
            Lease lease = change.lease();
            if (isNews(lease.address(), restsOn)) {
                return Optional.of("another server has changed " + lease.address());
            }
            if (isHeld(lease) && isNews(holder(lease), restsOn)) {
                return Optional.of("another server has given " + lease.client().key() + " another address");
            }
        }
        return Optional.empty();
    }

    private boolean isNews(Object what, long restsOn) {
        return told.getOrDefault(what, 0L) > restsOn;
    }

    @Override
    public void forget(long seq) {
        told.values().removeIf(number -> number <= seq);
    }

    private static boolean isHeld(Lease lease) {
        return lease.state() != Lease.State.DECLINED;
    }

    private static Holder holder(Lease lease) {
        return new Holder(lease.subnet(), lease.client().key());
    }
}

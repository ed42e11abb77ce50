package org.jbootd.domain.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jbootd.domain.client.ClientKey;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.Reservation;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/**
 * Holds what several nodes answer, and what their database stores, against the promises. Time is the database's; an address is a
 * client's for as long as it was told, counted from when its request arrived.
 */
final class ClusterOracle implements SharedLedger.Witness {

    /** A message as a node began to work on it. */
    record Arrival(long number, long elapsed, Instant at, ClientMessage message) {

        ClientKey client() {
            return message.request().client().key();
        }

        HardwareAddress hardware() {
            return message.request().client().hardware();
        }
    }

    /** It lasts while both are to come: a database whose clock is put forward ends it sooner, one put back does not. */
    private record Promise(ClientKey client, HardwareAddress hardware, Instant until, long elapsed) {}

    private record Holding(ClientKey client, Ipv4 address) {}

    /** A lease is kept for a second longer than told, and that in whole seconds. */
    private static final long ANSWERED_AGAIN = 2 * Timeline.SECOND;

    private final World world;
    private final Map<String, Subnet> subnets = new HashMap<>();
    private final Set<Ipv4> servers;
    private final SimAccess access;
    private final Supplier<SharedLedger> ledger;

    private final Map<Ipv4, List<Promise>> promises = new HashMap<>();
    /** The number of the last RELEASE or DECLINE that its client sent. */
    private final Map<Holding, Long> givenBack = new HashMap<>();

    private final Map<Holding, Instant> storedUntil = new HashMap<>();
    /** When what is stored of an address changed last, in elapsed time. */
    private final Map<Ipv4, Long> changedAt = new HashMap<>();

    /** What each request was granted last. */
    private final Map<ClientMessage, Promise> told = new HashMap<>();

    private long arrivals;

    ClusterOracle(
            World world, List<Subnet> subnets, Set<Ipv4> servers, SimAccess access, Supplier<SharedLedger> ledger) {
        this.world = world;
        subnets.forEach(subnet -> this.subnets.put(subnet.name(), subnet));
        this.servers = servers;
        this.access = access;
        this.ledger = ledger;
    }

    private Instant now() {
        return ledger.get().head().now();
    }

    private boolean isKept(Promise promise) {
        return world.timeline.elapsed() < promise.elapsed && now().isBefore(promise.until);
    }

    // ---- what goes in

    /** A client has sent something: what it gives back it does not use any more, whoever hears of that. */
    void sent(ClientMessage message) {
        gaveBack(message);
    }

    Arrival arrived(ClientMessage message) {
        gaveBack(message);
        return new Arrival(arrivals++, world.timeline.elapsed(), now(), message);
    }

    private void gaveBack(ClientMessage message) {
        if (message instanceof ClientMessage.Release || message instanceof ClientMessage.Decline) {
            Holding holding = new Holding(message.request().client().key(), message.address());
            givenBack.put(holding, arrivals);
            forget(holding);
        }
    }

    private void forget(Holding holding) {
        promises.getOrDefault(holding.address, new ArrayList<>())
                .removeIf(promise -> promise.client.equals(holding.client));
    }

    // ---- what comes out

    void answered(Arrival arrival, Answer answer) {
        if (answer instanceof Answer.Offer offer) {
            checkTerms(arrival, offer.terms());
        } else if (answer instanceof Answer.Ack ack) {
            granted(arrival, ack.terms());
        } else if (answer instanceof Answer.Nak) {
            refused(arrival);
        }
    }

    private void checkTerms(Arrival arrival, Answer.Terms terms) {
        Subnet subnet = subnets.get(arrival.message.request().subnet());
        if (!terms.subnet().name().equals(subnet.name())
                || servers.contains(terms.address())
                || !Usable.by(subnet, arrival.hardware(), terms.address())) {
            world.broken(Invariant.I7_WITHIN_THE_POOL, terms + " is not for " + arrival.hardware());
        }
        if (!access.granted(arrival.message.request())) {
            world.broken(Invariant.I12_GATE, "answered without a positive verdict: " + arrival.message);
        }
    }

    private void granted(Arrival arrival, Answer.Terms terms) {
        checkTerms(arrival, terms);
        checkAskedFor(arrival.message, terms);
        Holding holding = new Holding(arrival.client(), terms.address());
        Promise mine = promise(arrival, terms);
        checkDurable(arrival, holding, mine);
        if (givenBack.getOrDefault(holding, -1L) > arrival.number) {
            return;
        }
        List<Promise> list = promises.computeIfAbsent(terms.address(), key -> new ArrayList<>(2));
        for (Iterator<Promise> each = list.iterator(); each.hasNext(); ) {
            Promise other = each.next();
            if (other.client.equals(arrival.client())) {
                mine = other.until.isAfter(mine.until) ? other : mine;
            } else if (isKept(other)) {
                world.broken(
                        Invariant.I1_ONE_HOLDER,
                        terms.address() + " is granted to " + arrival.client() + " at " + now() + ", and promised: "
                                + other);
            }
            each.remove();
        }
        list.add(mine);
        leaveMakeshift(arrival, terms.address());
    }

    private void checkAskedFor(ClientMessage message, Answer.Terms terms) {
        if (!Oracle.addressAskedFor(message).equals(Optional.of(terms.address()))) {
            world.broken(Invariant.ONE_OUTCOME, "asked for another address than " + terms + ": " + message);
        }
        if (message instanceof ClientMessage.Select select
                && !select.server().equals(terms.subnet().server())) {
            world.broken(Invariant.I6_SILENCE, "answered though it names another server: " + message);
        }
    }

    /** A copy of a request that comes soon after it gets what that got, and no more. */
    private Promise promise(Arrival arrival, Answer.Terms terms) {
        Promise promise = new Promise(
                arrival.client(),
                arrival.hardware(),
                begin(arrival).plus(terms.leaseTime()),
                arrival.elapsed + terms.leaseTime().toNanos());
        Promise before = told.get(arrival.message);
        if (before != null && promise.elapsed - before.elapsed <= ANSWERED_AGAIN) {
            return before;
        }
        told.put(arrival.message, promise);
        return promise;
    }

    /** When it arrived, by what the database's clock says now if that was put back since. */
    private Instant begin(Arrival arrival) {
        Instant byNow = now().minusNanos(world.timeline.elapsed() - arrival.elapsed);
        return byNow.isBefore(arrival.at) ? byNow : arrival.at;
    }

    private void checkDurable(Arrival arrival, Holding holding, Promise promise) {
        Instant stored = storedUntil.get(holding);
        Lease lease = ledger.get().of(holding.address);
        boolean unchanged = changedAt.getOrDefault(holding.address, 0L) < arrival.elapsed;
        if (stored == null
                || unchanged
                        && (lease == null
                                || lease.state() != Lease.State.BOUND
                                || !lease.client().key().equals(holding.client))) {
            world.broken(Invariant.I2_DURABLE_BEFORE_SENT, "acknowledged: " + holding + ", stored: " + lease);
        } else if (stored.isBefore(promise.until)) {
            world.broken(
                    Invariant.I3_NO_EARLY_LOSS,
                    "promised until " + promise.until + ", stored until " + stored + ": " + holding);
        }
    }

    /** A machine that got its reserved address has no use for the one it had while that was not to be had. */
    private void leaveMakeshift(Arrival arrival, Ipv4 address) {
        Subnet subnet = subnets.get(arrival.message.request().subnet());
        if (subnet.reservations().contains(new Reservation(arrival.hardware(), address))) {
            promises.forEach((other, list) -> list.removeIf(promise -> promise.client.equals(arrival.client())
                    && !other.equals(address)
                    && subnet.network().contains(other)));
        }
    }

    private void refused(Arrival arrival) {
        Ipv4 address = Oracle.addressAskedFor(arrival.message).orElseThrow();
        Subnet subnet = subnets.get(arrival.message.request().subnet());
        promises.getOrDefault(address, List.of()).stream()
                .filter(promise -> promise.client.equals(arrival.client())
                        && isKept(promise)
                        && Usable.forGoodBy(subnet, arrival.hardware(), address))
                .forEach(promise ->
                        world.broken(Invariant.I5_NO_NAK_TO_HOLDER, arrival.message + " refused, though " + promise));
    }

    // ---- what is stored

    @Override
    public void stored(SharedLedger.Event event, Lease before) {
        LeaseChange change = event.change();
        Lease lease = change.lease();
        if (!follows(change, before)) {
            world.broken(Invariant.I10_HISTORY_COMPLETE, change + " does not follow from " + before);
        }
        Holding holding = new Holding(lease.client().key(), lease.address());
        changedAt.put(lease.address(), world.timeline.elapsed());
        switch (change.kind()) {
            case BOUND, RENEWED -> {
                storedUntil.merge(holding, lease.until(), (one, other) -> one.isAfter(other) ? one : other);
                checkOnlyBinding(lease);
            }
            case RELEASED, DECLINED -> {
                if (!givenBack.containsKey(holding)) {
                    world.broken(Invariant.I3_NO_EARLY_LOSS, "its client never gave it back: " + lease);
                }
                forget(holding);
            }
            default -> checkNobodyLoses(change, before);
        }
    }

    private static boolean follows(LeaseChange change, Lease before) {
        Lease lease = change.lease();
        boolean own =
                before != null && before.client().key().equals(lease.client().key());
        boolean bound = own && before.state() == Lease.State.BOUND;
        return switch (change.kind()) {
            case BOUND -> before == null || own && !bound && before.state() != Lease.State.DECLINED;
            case RENEWED, EXPIRED -> bound;
            case RELEASED -> own && before.isGranted();
            case DECLINED -> before == null || own;
            case RECLAIMED, MOVED, ENDED -> lease.equals(before);
            default -> false;
        };
    }

    private void checkOnlyBinding(Lease lease) {
        ledger.get().leases().stream()
                .filter(other -> other.state() == Lease.State.BOUND
                        && other.subnet().equals(lease.subnet())
                        && !other.address().equals(lease.address())
                        && other.client().key().equals(lease.client().key()))
                .forEach(other -> world.broken(Invariant.I8_ONE_BINDING, "two: " + other + " and " + lease));
    }

    /** Only a makeshift address goes while it is promised, when its client takes up the one reserved for it. */
    private void checkNobodyLoses(LeaseChange change, Lease before) {
        Lease lease = change.lease();
        List<Promise> lost = promises.getOrDefault(lease.address(), List.of()).stream()
                .filter(promise -> promise.client.equals(lease.client().key()) && isKept(promise))
                .toList();
        if (lost.isEmpty()) {
            return;
        }
        if (Usable.forGoodBy(subnets.get(lease.subnet()), lease.client().hardware(), lease.address())) {
            world.broken(Invariant.I3_NO_EARLY_LOSS, change + " of " + before + ", though " + lost);
        } else {
            promises.get(lease.address()).removeAll(lost);
        }
    }

    // ---- in the end

    /** The leases follow from the history, whose numbers and times go one way; no address ever was two clients'. */
    void checkHistory() {
        Map<Ipv4, Lease> folded = new LinkedHashMap<>();
        long seq = 0;
        Instant recordedAt = Instant.EPOCH;
        for (SharedLedger.Event event : ledger.get().events()) {
            if (event.seq() != ++seq || event.recordedAt().isBefore(recordedAt)) {
                world.broken(Invariant.I11_ORDER, event + " is number " + seq + ", after " + recordedAt);
            }
            recordedAt = event.recordedAt();
            StoredHistory.apply(event.change(), folded);
        }
        Set<Lease> state = new HashSet<>(ledger.get().leases());
        if (!state.equals(new HashSet<>(folded.values()))) {
            world.broken(Invariant.I10_HISTORY_COMPLETE, "the history says " + folded + ", the state is " + state);
        }
    }
}

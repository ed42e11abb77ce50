package org.jbootd.domain.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jbootd.domain.client.ClientKey;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.exchange.Reason;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.Reservation;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/**
 * Watches what goes into the server, what comes out of it and what it stores, and holds that against the promises. It knows server
 * time by a clock of its own, and what each client was told by having heard it; it never looks inside the server.
 */
final class Oracle implements StoredHistory.Witness {

    /** A message as the server got it. */
    record Arrival(long number, Instant at, ClientMessage message) {

        ClientKey client() {
            return message.request().client().key();
        }

        HardwareAddress hardware() {
            return message.request().client().hardware();
        }
    }

    /**
     * What a client may rely on: the address is its own until {@code until} of server time, which is {@code elapsed} nanoseconds
     * after the run began if the server is not started again with a wrong clock.
     */
    private record Promise(ClientKey client, HardwareAddress hardware, Instant until, long elapsed) {}

    private record Offered(ClientKey client, HardwareAddress hardware, Instant until) {}

    private record Holding(ClientKey client, Ipv4 address) {}

    /** A copy of a request so soon after the first is answered as that was, and recorded once. */
    private static final Duration ANSWERED_AGAIN = Duration.ofSeconds(1);

    /** A copy of a request that is still being worked on joins it; after so long nobody works on it any more. */
    private static final Duration SAME_EXCHANGE = Duration.ofSeconds(30);

    private final World world;
    private final Map<String, Subnet> subnets;
    private final Identification identification;
    private final boolean allowSimpleDhcp;
    private final SimAccess access;
    private final Supplier<SimulatedStore> store;

    private final Map<Ipv4, List<Promise>> promises = new HashMap<>();

    /** The furthest end that a client was told of its lease, since it last was told that there is none. */
    private final Map<Holding, Promise> ends = new HashMap<>();

    private final Map<Ipv4, Offered> offers = new HashMap<>();
    /** The last offer of each address, whatever became of it. */
    private final Map<Ipv4, Offered> lastOffers = new HashMap<>();

    private final Map<Ipv4, Instant> quarantine = new HashMap<>();
    /** The number of the last RELEASE or DECLINE that its own client sent. */
    private final Map<Holding, Long> givenBack = new HashMap<>();
    /** The furthest end ever stored for a client and an address. */
    private final Map<Holding, Instant> storedUntil = new HashMap<>();

    /** When a client's address was last recorded to be given or given on. */
    private final Map<Holding, Instant> recorded = new HashMap<>();

    private final Map<Holding, Set<ClientMessage>> unanswered = new HashMap<>();
    /** Those taken for the cause of what was recorded, until they are answered. */
    private final Map<Holding, Set<ClientMessage>> causes = new HashMap<>();

    private final Map<Holding, Set<ClientMessage>> copies = new HashMap<>();
    private final Map<ClientMessage, Arrival> firstArrival = new HashMap<>();
    private final Map<ClientMessage, Answer.Terms> told = new HashMap<>();
    /** Clients and machines of which one was seen to boot over the network, and those that were seen together with them. */
    private final Set<Object> networkBooted = new HashSet<>();

    /** Every machine that a client was seen on. */
    private final Map<ClientKey, Set<HardwareAddress>> machines = new HashMap<>();

    /** What ended just now: unless its client has it on another machine from the next change on, it is lost. */
    private Optional<Lease> passingOn = Optional.empty();

    /** Whether what is stored may have been answered already. */
    private boolean late;

    private Instant origin = Instant.EPOCH;
    private long originElapsed;
    private long arrivals;

    Oracle(
            World world,
            List<Subnet> subnets,
            Identification identification,
            boolean allowSimpleDhcp,
            SimAccess access,
            Supplier<SimulatedStore> store) {
        this.world = world;
        this.identification = identification;
        this.subnets = new HashMap<>();
        subnets.forEach(subnet -> this.subnets.put(subnet.name(), subnet));
        this.allowSimpleDhcp = allowSimpleDhcp;
        this.access = access;
        this.store = store;
    }

    /** Server time as it should be: see {@link org.jbootd.domain.exchange.SteadyClock}. */
    Instant now() {
        return origin.plusNanos(world.timeline.elapsed() - originElapsed);
    }

    /**
     * The server starts. When server time goes back by that, because the wall clock did and nothing stored says better, the ends
     * of promises go back with it: clients count real time.
     */
    void started(Instant floor) {
        Instant expected = now();
        Instant wall = world.timeline.instant();
        origin = wall.isBefore(floor) ? floor : wall;
        originElapsed = world.timeline.elapsed();
        if (origin.isBefore(expected)) {
            Duration back = Duration.between(origin, expected);
            promises.values().forEach(list -> list.replaceAll(promise -> earlier(promise, back)));
            ends.replaceAll((holding, promise) -> earlier(promise, back));
        }
    }

    private static Promise earlier(Promise promise, Duration by) {
        Instant until = promise.until.equals(Instant.MAX) ? promise.until : promise.until.minus(by);
        return new Promise(promise.client, promise.hardware, until, promise.elapsed);
    }

    /** The server is gone, and with it everything it only remembered. */
    void crashed() {
        offers.clear();
        lastOffers.clear();
        unanswered.clear();
        causes.clear();
        copies.clear();
        firstArrival.clear();
        told.clear();
    }

    // ---- what goes in

    Arrival arrived(ClientMessage message) {
        Arrival arrival = new Arrival(numberOf(message), now(), message);
        ClientKey client = arrival.client();
        meet(client, arrival.hardware(), message.request().stage().networkBoots());
        forgetOldExchanges();
        boolean repeated = isRepeated(arrival);
        if (!(message instanceof ClientMessage.Discover)) {
            offers.values().removeIf(offered -> offered.client.equals(client));
        }
        holding(arrival)
                .ifPresent(
                        holding -> of(repeated ? copies : unanswered, holding).add(message));
        if (message instanceof ClientMessage.Release release) {
            gaveBack(arrival, release.address());
        } else if (message instanceof ClientMessage.Decline decline) {
            gaveBack(arrival, decline.address());
        } else if (message instanceof ClientMessage.Renew || message instanceof ClientMessage.Rebind) {
            renews(new Holding(client, message.address()));
        }
        return arrival;
    }

    /** Who has an address for ever does not renew that: it goes by the end that it was told. */
    private void renews(Holding holding) {
        Promise end = ends.get(holding);
        if (end != null) {
            promises.getOrDefault(holding.address, List.of())
                    .replaceAll(promise ->
                            promise.client.equals(holding.client) && promise.until.equals(Instant.MAX) ? end : promise);
        }
    }

    private void noteEnd(Holding holding, Promise promise) {
        if (promise.until.equals(Instant.MAX)) {
            ends.remove(holding);
        } else {
            ends.merge(holding, promise, (one, other) -> one.until.isAfter(other.until) ? one : other);
        }
    }

    private void meet(ClientKey client, HardwareAddress hardware, boolean networkBoots) {
        machines.computeIfAbsent(client, key -> new HashSet<>()).add(hardware);
        if (networkBoots || networkBooted.contains(client) || networkBooted.contains(hardware)) {
            networkBooted.addAll(List.of(client, hardware));
        }
    }

    /** A copy that comes while the first is being worked on shares its answer, and so its place in the order of things. */
    private long numberOf(ClientMessage message) {
        Arrival first = firstArrival.get(message);
        return first != null && !told.containsKey(message) ? first.number : arrivals++;
    }

    private boolean isRepeated(Arrival arrival) {
        Arrival first = firstArrival.get(arrival.message);
        if (first != null) {
            Duration age = Duration.between(first.at, arrival.at);
            if (age.compareTo(told.containsKey(arrival.message) ? ANSWERED_AGAIN : SAME_EXCHANGE) <= 0) {
                return true;
            }
        }
        firstArrival.put(arrival.message, arrival);
        told.remove(arrival.message);
        return false;
    }

    /** The address that a request for one names; unspecified for BOOTP, empty for what is no such request. */
    static Optional<Ipv4> addressAskedFor(ClientMessage message) {
        if (message instanceof ClientMessage.Select select) {
            return Optional.of(select.address());
        } else if (message instanceof ClientMessage.Reboot reboot) {
            return Optional.of(reboot.address());
        } else if (message instanceof ClientMessage.Renew renew) {
            return Optional.of(renew.address());
        } else if (message instanceof ClientMessage.Rebind rebind) {
            return Optional.of(rebind.address());
        }
        return message instanceof ClientMessage.Bootp ? Optional.of(Ipv4.UNSPECIFIED) : Optional.empty();
    }

    private void gaveBack(Arrival arrival, Ipv4 address) {
        givenBack.put(new Holding(arrival.client(), address), arrival.number);
        ends.remove(new Holding(arrival.client(), address));
        List<Promise> list = promises.get(address);
        if (list != null) {
            list.removeIf(promise -> promise.client.equals(arrival.client()));
        }
    }

    private void forgetOldExchanges() {
        if (arrivals % 256 == 0) {
            Instant old = now().minus(SAME_EXCHANGE);
            firstArrival.values().removeIf(arrival -> arrival.at.isBefore(old));
            told.keySet().retainAll(firstArrival.keySet());
        }
    }

    // ---- what comes out

    void answered(Arrival arrival, Answer answer) {
        ClientMessage message = arrival.message;
        if (answer instanceof Answer.Offer offer && message instanceof ClientMessage.Discover) {
            offered(arrival, offer.terms());
        } else if (answer instanceof Answer.Ack ack && isRequest(message)) {
            checkAskedFor(message, ack.terms());
            granted(arrival, ack.terms());
        } else if (answer instanceof Answer.BootReply reply && message instanceof ClientMessage.Bootp) {
            granted(arrival, reply.terms());
        } else if (answer instanceof Answer.Nak && isRequest(message)) {
            refused(arrival);
        } else if (answer instanceof Answer.InformAck && message instanceof ClientMessage.Inform) {
            checkGate(message.request());
        } else if (answer instanceof Answer.Silence silence) {
            silent(arrival, silence);
        } else {
            world.broken(Invariant.ONE_OUTCOME, "the answer to " + message + " is " + answer);
        }
    }

    private static boolean isRequest(ClientMessage message) {
        return message instanceof ClientMessage.Select
                || message instanceof ClientMessage.Reboot
                || message instanceof ClientMessage.Renew
                || message instanceof ClientMessage.Rebind;
    }

    private void offered(Arrival arrival, Answer.Terms terms) {
        checkTerms(arrival, terms);
        Ipv4 address = terms.address();
        ClientKey client = arrival.client();
        Offered other = offers.get(address);
        if (other != null
                && !other.client.equals(client)
                && now().isBefore(other.until)
                && !isReserved(terms.subnet(), arrival.hardware(), other.hardware, address)) {
            world.broken(Invariant.I14_OFFERS_ARE_CHEAP, address + " is offered to " + client + " and to " + other);
        }
        Lease lease = store.get().believed(address);
        if (lease != null
                && lease.isLive(now())
                && !lease.client().key().equals(client)
                && !isReserved(
                        terms.subnet(), arrival.hardware(), lease.client().hardware(), address)) {
            world.broken(Invariant.I1_ONE_HOLDER, address + " is offered to " + client + " but is " + lease);
        }
        offers.values().removeIf(former -> former.client.equals(client));
        Offered offer = new Offered(
                client, arrival.hardware(), now().plus(terms.subnet().offerTimeout()));
        offers.put(address, offer);
        lastOffers.put(address, offer);
    }

    /** A reserved address goes from one client of its machine to the next. */
    private static boolean isReserved(Subnet subnet, HardwareAddress one, HardwareAddress other, Ipv4 address) {
        return one.equals(other) && subnet.reservations().contains(new Reservation(one, address));
    }

    private void checkAskedFor(ClientMessage message, Answer.Terms terms) {
        if (!addressAskedFor(message).equals(Optional.of(terms.address()))) {
            world.broken(Invariant.ONE_OUTCOME, "asked for another address than " + terms + ": " + message);
        }
        if (message instanceof ClientMessage.Select select
                && !select.server().equals(terms.subnet().server())) {
            world.broken(Invariant.I6_SILENCE, "answered though it names another server: " + message);
        }
    }

    private void granted(Arrival arrival, Answer.Terms terms) {
        checkTerms(arrival, terms);
        acknowledged(arrival, terms.address());
        ClientKey client = arrival.client();
        Holding holding = new Holding(client, terms.address());
        checkDurable(holding, promise(arrival, terms).until);
        offers.values().removeIf(offered -> offered.client.equals(client));
        if (givenBack.getOrDefault(holding, -1L) > arrival.number) {
            return;
        }
        List<Promise> list = promises.computeIfAbsent(terms.address(), key -> new ArrayList<>(2));
        Promise mine = promise(arrival, terms);
        noteEnd(holding, mine);
        for (Iterator<Promise> each = list.iterator(); each.hasNext(); ) {
            Promise promise = each.next();
            if (promise.client.equals(client)) {
                mine = promise.until.isAfter(mine.until) ? promise : mine;
                each.remove();
            } else if (isKept(promise, terms.subnet())
                    && !isReserved(terms.subnet(), arrival.hardware(), promise.hardware, terms.address())) {
                world.broken(
                        Invariant.I1_ONE_HOLDER,
                        terms.address() + " is granted to " + client + " at " + now() + ", and promised: " + promise);
            } else {
                each.remove();
            }
        }
        list.add(mine);
        leaveMakeshift(arrival, terms);
        checkSameAsBefore(arrival, terms);
    }

    /** A machine that got its reserved address has no use for the one it had while that was not to be had. */
    private void leaveMakeshift(Arrival arrival, Answer.Terms terms) {
        Subnet subnet = terms.subnet();
        if (subnet.reservations().contains(new Reservation(arrival.hardware(), terms.address()))) {
            promises.forEach((address, list) -> list.removeIf(promise -> promise.client.equals(arrival.client())
                    && !address.equals(terms.address())
                    && subnet.network().contains(address)));
        }
    }

    private Promise promise(Arrival arrival, Answer.Terms terms) {
        ClientKey client = arrival.client();
        return terms.leaseTime().compareTo(Lease.FOREVER) >= 0
                ? new Promise(client, arrival.hardware(), Instant.MAX, Long.MAX_VALUE)
                : new Promise(
                        client,
                        arrival.hardware(),
                        now().plus(terms.leaseTime()),
                        world.timeline.elapsed() + terms.leaseTime().toNanos());
    }

    /** Where addresses are never reclaimed, a start with a wrong clock is no excuse. */
    private boolean isKept(Promise promise, Subnet subnet) {
        return now().isBefore(promise.until)
                || subnet.reclaimAfter().isEmpty() && world.timeline.elapsed() < promise.elapsed;
    }

    private void checkDurable(Holding holding, Instant until) {
        Instant stored = storedUntil.get(holding);
        if (stored == null) {
            world.broken(Invariant.I2_DURABLE_BEFORE_SENT, "acknowledged, and not on disk: " + holding);
        } else if (stored.isBefore(until)) {
            world.broken(
                    Invariant.I3_NO_EARLY_LOSS,
                    "promised until " + until + ", stored until " + stored + ": " + holding);
        }
    }

    private void checkSameAsBefore(Arrival arrival, Answer.Terms terms) {
        Answer.Terms before = told.put(arrival.message, terms);
        if (before != null && !before.address().equals(terms.address())) {
            world.broken(Invariant.I13_IDEMPOTENT, arrival.message + " was answered " + before + ", then " + terms);
        }
    }

    private void checkTerms(Arrival arrival, Answer.Terms terms) {
        Request request = arrival.message.request();
        checkGate(request);
        if (!terms.subnet().name().equals(request.subnet())) {
            world.broken(Invariant.I7_WITHIN_THE_POOL, "an address of another network: " + terms + " for " + request);
            return;
        }
        checkMayHave(request.subnet(), arrival.hardware(), terms.address());
        checkQuarantine(terms.address());
        checkSticky(request.subnet(), arrival, terms.address());
    }

    private void checkGate(Request request) {
        if (!access.granted(request)) {
            world.broken(Invariant.I12_GATE, "answered without a positive verdict: " + request);
        }
        if (!allowSimpleDhcp
                && !request.stage().networkBoots()
                && !networkBooted.contains(request.client().key())) {
            world.broken(Invariant.I12_GATE, "a plain client was answered: " + request);
        }
    }

    private void checkMayHave(String subnet, HardwareAddress client, Ipv4 address) {
        if (!Usable.by(subnets.get(subnet), client, address)) {
            world.broken(Invariant.I7_WITHIN_THE_POOL, address + " of " + subnet + " is not for " + client);
        }
    }

    private void checkQuarantine(Ipv4 address) {
        Instant end = quarantine.get(address);
        if (end != null && now().isBefore(end)) {
            world.broken(Invariant.I7_WITHIN_THE_POOL, address + " is in quarantine until " + end);
        }
    }

    private void checkSticky(String subnet, Arrival arrival, Ipv4 address) {
        ClientKey client = arrival.client();
        for (Lease lease : store.get().believed()) {
            if (lease.state() != Lease.State.DECLINED
                    && lease.subnet().equals(subnet)
                    && lease.client().key().equals(client)
                    && !lease.address().equals(address)
                    && Usable.forGoodBy(subnets.get(subnet), arrival.hardware(), lease.address())
                    && !mayBeOnOfferToAnother(client, lease.address())) {
                world.broken(Invariant.I4_STICKY, client + " got " + address + " though it has " + lease);
            }
        }
    }

    /** True also while another is trying to take up its offer. */
    private boolean mayBeOnOfferToAnother(ClientKey client, Ipv4 address) {
        return isOnOffer(address) && !lastOffers.get(address).client.equals(client);
    }

    private boolean isOnOffer(Ipv4 address) {
        Offered offered = lastOffers.get(address);
        return offered != null && !now().isAfter(offered.until);
    }

    private void refused(Arrival arrival) {
        Ipv4 address = addressAskedFor(arrival.message).orElseThrow();
        Subnet subnet = subnets.get(arrival.message.request().subnet());
        answeredFor(arrival);
        for (Promise promise : promises.getOrDefault(address, List.of())) {
            if (promise.client.equals(arrival.client())
                    && now().isBefore(promise.until)
                    && Usable.forGoodBy(subnet, arrival.hardware(), address)) {
                world.broken(Invariant.I5_NO_NAK_TO_HOLDER, arrival.message + " refused, though " + promise);
            }
        }
        if (arrival.message instanceof ClientMessage.Select select
                && !select.server().equals(subnet.server())) {
            world.broken(Invariant.I6_SILENCE, "refused though it names another server: " + arrival.message);
        }
    }

    private void silent(Arrival arrival, Answer.Silence silence) {
        answeredFor(arrival);
        if (silence.reason() == Reason.POOL_EXHAUSTED) {
            checkExhausted(arrival);
        }
    }

    private void answeredFor(Arrival arrival) {
        firstArrival.remove(arrival.message);
        settled(arrival);
    }

    /** Two requests of one client may be decided in either order: if the wrong one was taken for the cause, it waits again. */
    private void acknowledged(Arrival arrival, Ipv4 address) {
        if (settled(arrival) && !waitsAgain(new Holding(arrival.client(), address))) {
            waitsAgain(new Holding(arrival.client(), Ipv4.UNSPECIFIED));
        }
    }

    private boolean waitsAgain(Holding holding) {
        Iterator<ClientMessage> mistaken = of(causes, holding).iterator();
        if (!mistaken.hasNext()) {
            return false;
        }
        of(unanswered, holding).add(mistaken.next());
        mistaken.remove();
        return true;
    }

    /** @return true when nothing recorded was put down to this message */
    private boolean settled(Arrival arrival) {
        return holding(arrival)
                .filter(holding -> !of(causes, holding).remove(arrival.message)
                        && (of(unanswered, holding).remove(arrival.message)
                                || of(copies, holding).remove(arrival.message)))
                .isPresent();
    }

    private static Optional<Holding> holding(Arrival arrival) {
        return addressAskedFor(arrival.message).map(address -> new Holding(arrival.client(), address));
    }

    private static Set<ClientMessage> of(Map<Holding, Set<ClientMessage>> messages, Holding holding) {
        return messages.computeIfAbsent(holding, key -> new LinkedHashSet<>());
    }

    private void checkExhausted(Arrival arrival) {
        Subnet subnet = subnets.get(arrival.message.request().subnet());
        for (int i = 0; i < subnet.pool().count(); i++) {
            Ipv4 address = subnet.pool().at(i);
            if (Usable.by(subnet, arrival.hardware(), address)
                    && store.get().believed(address) == null
                    && store.get().stored(address) == null
                    && !isOnOffer(address)) {
                world.broken(Invariant.I22_PROGRESS, address + " is free, but not for " + arrival.message);
            }
        }
    }

    // ---- what is stored

    @Override
    public void stored(LeaseChange change, Lease before) {
        Lease lease = change.lease();
        checkPassedOn(change);
        switch (change.kind()) {
            case BOUND, RENEWED -> bound(change.kind(), lease, before);
            case RELEASED -> {
                checkHolder(lease, before);
                gaveUp(lease);
            }
            case DECLINED -> {
                if (before != null || !lastOffers.containsKey(lease.address())) {
                    checkHolder(lease, before);
                }
                gaveUp(lease);
                quarantine.put(lease.address(), lease.until());
            }
            case EXPIRED -> expired(lease, before);
            case ENDED, RECLAIMED, MOVED -> ended(change, before);
            default -> world.broken(Invariant.I10_HISTORY_COMPLETE, "no message leads to " + change);
        }
    }

    private void checkPassedOn(LeaseChange change) {
        Optional<Lease> former = passingOn;
        passingOn = Optional.empty();
        former.filter(lease -> !goesOn(lease, change)).ifPresent(this::lost);
    }

    private static boolean goesOn(Lease former, LeaseChange change) {
        Lease lease = change.lease();
        return change.kind() == LeaseChange.Kind.BOUND
                && lease.address().equals(former.address())
                && lease.client().key().equals(former.client().key())
                && !lease.client().hardware().equals(former.client().hardware());
    }

    /** What was granted before has come to an end: a late copy of that request is a new event. */
    private void gaveUp(Lease lease) {
        checkCause(lease);
        ClientKey client = lease.client().key();
        recorded.remove(new Holding(client, lease.address()));
        told.keySet().removeIf(message -> message.request().client().key().equals(client));
    }

    private void bound(LeaseChange.Kind kind, Lease lease, Lease before) {
        ClientKey client = lease.client().key();
        Holding holding = new Holding(client, lease.address());
        checkMayHave(lease.subnet(), lease.client().hardware(), lease.address());
        boolean own = before != null && before.client().key().equals(client);
        if (before != null && !own || kind == LeaseChange.Kind.RENEWED && before == null) {
            world.broken(Invariant.I10_HISTORY_COMPLETE, kind + " does not follow from " + before + ": " + lease);
        }
        storedUntil.merge(holding, lease.until(), (one, other) -> one.isAfter(other) ? one : other);
        checkOnlyBinding(lease);
        checkOneEvent(holding, lease);
    }

    private void checkOnlyBinding(Lease lease) {
        for (Lease other : store.get().load()) {
            if (other.state() == Lease.State.BOUND
                    && other.subnet().equals(lease.subnet())
                    && !other.address().equals(lease.address())
                    && other.client().key().equals(lease.client().key())) {
                world.broken(Invariant.I8_ONE_BINDING, "two bindings: " + other + " and " + lease);
            }
        }
    }

    /** What is stored now was thought not to be, and may have been answered so. */
    void lately(Runnable stored) {
        late = true;
        stored.run();
        late = false;
    }

    private void checkOneEvent(Holding holding, Lease lease) {
        Holding any = new Holding(holding.client, Ipv4.UNSPECIFIED);
        Instant last = recorded.put(holding, lease.since());
        boolean later = last == null || lease.since().isAfter(last.plus(ANSWERED_AGAIN));
        if (!consume(unanswered, holding)
                && !consume(unanswered, any)
                && !late
                && !(later && (consume(copies, holding) || consume(copies, any)))) {
            world.broken(Invariant.I13_IDEMPOTENT, "no request, or one already recorded, is the cause of " + lease);
        }
    }

    private boolean consume(Map<Holding, Set<ClientMessage>> messages, Holding holding) {
        Iterator<ClientMessage> oldest =
                messages.getOrDefault(holding, Set.of()).iterator();
        if (!oldest.hasNext()) {
            return false;
        }
        of(causes, holding).add(oldest.next());
        oldest.remove();
        return true;
    }

    private void checkHolder(Lease lease, Lease before) {
        if (before == null || !before.client().key().equals(lease.client().key())) {
            world.broken(Invariant.I10_HISTORY_COMPLETE, lease + " does not follow from " + before);
        }
    }

    private void checkCause(Lease lease) {
        if (!givenBack.containsKey(new Holding(lease.client().key(), lease.address()))) {
            world.broken(Invariant.I3_NO_EARLY_LOSS, "its client never gave it back: " + lease);
        }
    }

    /** Only what ran out, and nobody was promised more. */
    private void expired(Lease lease, Lease before) {
        checkHolder(lease, before);
        if (before != null && (before.state() != Lease.State.BOUND || now().isBefore(before.until()))) {
            world.broken(Invariant.I3_NO_EARLY_LOSS, before + " has not run out at " + now());
        }
        Holding holding = new Holding(lease.client().key(), lease.address());
        promises.getOrDefault(lease.address(), List.of()).stream()
                .filter(promise -> promise.client.equals(holding.client) && now().isBefore(promise.until))
                .forEach(promise -> world.broken(Invariant.I3_NO_EARLY_LOSS, promise + " has run out: " + lease));
    }

    /** Ends no promise, except of a makeshift address whose client takes up the one reserved for it. */
    private void ended(LeaseChange change, Lease before) {
        Lease lease = change.lease();
        if (before == null) {
            world.broken(Invariant.I10_HISTORY_COMPLETE, "nothing was there to end: " + lease);
            return;
        }
        quarantine.remove(lease.address());
        if (change.kind() == LeaseChange.Kind.RECLAIMED && identification == Identification.CLIENT_ID) {
            passingOn = Optional.of(before);
        } else {
            lost(before);
        }
    }

    private void lost(Lease before) {
        List<Promise> mine = promises.getOrDefault(before.address(), List.of()).stream()
                .filter(promise -> promise.client.equals(before.client().key()) && now().isBefore(promise.until))
                .toList();
        if (mine.isEmpty()) {
            return;
        }
        if (isForGood(before)) {
            world.broken(Invariant.I3_NO_EARLY_LOSS, "ended, though " + mine + ": " + before);
        } else {
            promises.get(before.address()).removeAll(mine);
        }
    }

    /** Not of a reserved address that another client of its machine takes over, nor of a client that was seen on another machine. */
    private boolean isForGood(Lease lease) {
        Subnet subnet = subnets.get(lease.subnet());
        boolean passesOn = identification == Identification.CLIENT_ID
                && subnet.reservations().contains(new Reservation(lease.client().hardware(), lease.address()));
        return !passesOn
                && machines.get(lease.client().key()).stream()
                        .allMatch(machine -> Usable.forGoodBy(subnet, machine, lease.address()));
    }

    @Override
    public void recovered(Map<Ipv4, Lease> state, Map<Ipv4, Lease> folded) {
        if (!state.equals(folded)) {
            world.broken(Invariant.I10_HISTORY_COMPLETE, "the history says " + folded + ", the state is " + state);
        }
    }
}

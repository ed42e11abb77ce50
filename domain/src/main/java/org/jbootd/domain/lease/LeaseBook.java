package org.jbootd.domain.lease;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientKey;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.lease.LeaseFollower.Standing;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/**
 * The leases in memory: an index over the store, and the rules by which addresses are given. It changes nothing by
 * itself: a claim is a {@link LeaseWrite} that the caller takes to the store, and then settles or abandons.
 *
 * <p>Confined to one thread. {@code now} is server time ({@link org.jbootd.domain.exchange.SteadyClock}), which never
 * goes back. A {@link Request} names its subnet, which must be one of ours.
 */
public final class LeaseBook {

    /** After a long time without power many have; those who ask now go before. */
    private static final int EXPIRIES_AT_ONCE = 1_000;

    private final Map<String, SubnetLeases> subnets = new LinkedHashMap<>();
    private final Misfits misfits = new Misfits();
    private final Lessons lessons = new Lessons(this::learn);

    /** @param stored as {@link LeaseStore#load} returned it */
    public LeaseBook(List<Subnet> subnets, List<Lease> stored) {
        subnets.forEach(subnet -> this.subnets.put(subnet.name(), new SubnetLeases(subnet)));
        stored.forEach(this::load);
    }

    private void load(Lease lease) {
        Optional<SubnetLeases> home = home(lease);
        if (home.isEmpty()) {
            misfits.add(lease, "no subnet has this address now; the lease is kept, and not used");
            return;
        }
        noteMisfit(lease, home.get());
        home.get().load(lease);
    }

    /** The subnet that a stored lease names, or one that has taken its address over. */
    private Optional<SubnetLeases> home(Lease lease) {
        SubnetLeases named = subnets.get(lease.subnet());
        if (named != null && named.subnet().network().contains(lease.address())) {
            return Optional.of(named);
        }
        return home(lease.address());
    }

    private void noteMisfit(Lease lease, SubnetLeases home) {
        if (!home.subnet().name().equals(lease.subnet())) {
            misfits.add(lease, "the address is of subnet " + home.subnet().name() + " now");
        }
        if (lease.state() != Lease.State.DECLINED && !home.rules().permits(lease.address(), lease.client())) {
            misfits.add(lease, "outside the pool now, or meant for another machine; the client will be moved");
        }
    }

    /**
     * Goes on by other settings for the same networks: pools, reservations, times and options may differ.
     *
     * @throws IllegalArgumentException when {@code next} has other subnets, or one of them another network; nothing is
     *     changed then
     */
    public void adopt(List<Subnet> next, Instant now) {
        requireSameNetworks(next);
        next.forEach(subnet -> subnets.get(subnet.name()).adopt(subnet, now));
    }

    /** The live leases that {@link #adopt} would leave with an address that cannot stay theirs. */
    public List<Lease> orphans(List<Subnet> next, Instant now) {
        requireSameNetworks(next);
        return next.stream()
                .flatMap(subnet -> subnets.get(subnet.name()).orphans(subnet, now))
                .toList();
    }

    private void requireSameNetworks(List<Subnet> next) {
        Set<String> names = next.stream().map(Subnet::name).collect(Collectors.toSet());
        if (!names.equals(subnets.keySet())) {
            throw new IllegalArgumentException("the subnets are " + subnets.keySet() + ", not " + names);
        }
        for (Subnet subnet : next) {
            Subnet present = subnets.get(subnet.name()).subnet();
            if (!present.network().equals(subnet.network()) || !present.server().equals(subnet.server())) {
                throw new IllegalArgumentException("subnet " + subnet.name() + " is " + present.network() + " with "
                        + present.server() + ", not " + subnet.network() + " with " + subnet.server());
            }
        }
    }

    /** What the stored leases have that the settings no longer cover, one sentence each, for the log. */
    public List<String> notes() {
        return misfits.sentences();
    }

    /**
     * The subnet that decides about a message: the one that it arrived for. Where others share that wire, the one that has
     * the machine's address; else the one that has the address it names; else the one that has an address for it. Empty
     * when there is none of the name that the request says.
     */
    public Optional<Subnet> subnetFor(ClientMessage message, Instant now) {
        SubnetLeases arrival = subnets.get(message.request().subnet());
        if (arrival == null || arrival.subnet().sharedNetwork().isEmpty()) {
            return Optional.ofNullable(arrival).map(SubnetLeases::subnet);
        }
        List<SubnetLeases> wire = wire(arrival);
        ClientIdentity client = message.request().client();
        SubnetLeases decides = home(wire, message, now)
                .or(() -> first(wire, leases -> leases.subnet().network().contains(message.address())))
                .or(() -> first(wire, leases -> leases.hasRoomFor(client, now)))
                .orElse(arrival);
        return Optional.of(decides.subnet());
    }

    /** Where a machine that wants an address has one; one that tells of an address means that of the message. */
    private static Optional<SubnetLeases> home(List<SubnetLeases> wire, ClientMessage message, Instant now) {
        boolean tells = message instanceof ClientMessage.Release
                || message instanceof ClientMessage.Decline
                || message instanceof ClientMessage.Inform;
        ClientIdentity client = message.request().client();
        return wire.stream()
                .filter(leases -> !tells && leases.allocator().bondOf(client, now) != Allocator.Bond.NONE)
                .min(Comparator.comparing(leases -> leases.allocator().bondOf(client, now)));
    }

    private static Optional<SubnetLeases> first(List<SubnetLeases> wire, Predicate<SubnetLeases> fits) {
        return wire.stream().filter(fits).findFirst();
    }

    /** The subnets of one wire, the one that was asked for first. */
    private List<SubnetLeases> wire(SubnetLeases arrival) {
        return Stream.concat(
                        Stream.of(arrival),
                        subnets.values().stream()
                                .filter(other ->
                                        other != arrival && other.subnet().sharesItsWireWith(arrival.subnet())))
                .toList();
    }

    /**
     * What is stored of the requesting client, for who it is and not for what it may have: its lease, live or not, else
     * an address that it declined; of the requesting subnet before others.
     */
    public Optional<Lease> memoryOf(Request request) {
        ClientKey client = request.client().key();
        return memory(request, rows -> rows.memoryOf(client));
    }

    /** What was last stored of the requesting machine, whatever its clients are known by; of the requesting subnet before others. */
    public Optional<Lease> memoryOfMachine(Request request) {
        HardwareAddress machine = request.client().hardware();
        return memory(request, rows -> rows.memoryOfMachine(machine));
    }

    private Optional<Lease> memory(Request request, Function<Rows, Optional<Lease>> memory) {
        return memory.apply(leases(request).rows())
                .or(() -> subnets.values().stream()
                        .flatMap(leases -> memory.apply(leases.rows()).stream())
                        .findFirst());
    }

    /**
     * Holds an address for a client until {@link Subnet#offerTimeout} is over: its own or its reserved one, else the one
     * already on offer to it, else {@code hint}, else the next of the pool (RFC 2131 §4.3.1).
     *
     * @return empty when no address is left
     */
    public Optional<Ipv4> offer(Request request, Optional<Ipv4> hint, Instant now) {
        return claimant(request, now).offer(hint);
    }

    /** The client took another server's offer: ours is free again. */
    public void withdraw(Request request, Instant now) {
        wire(leases(request)).forEach(leases -> leases.withdraw(request.client().key(), now));
    }

    /** A REQUEST that selects our offer, remembered or not (RFC 2131 §4.3.2). */
    public Claim select(Request request, Ipv4 address, Instant now) {
        return claimant(request, now).select(address);
    }

    /** A REQUEST to go on using an address by a lease that ends: RENEWING, REBINDING (RFC 2131 §4.3.2). */
    public Claim renew(Request request, Ipv4 address, Instant now) {
        return claimant(request, now).renew(address);
    }

    /** A REQUEST to use an address again: INIT-REBOOT (RFC 2131 §4.3.2). */
    public Claim confirm(Request request, Ipv4 address, Instant now) {
        return claimant(request, now).confirm(address);
    }

    /** A BOOTP request: an address for ever (RFC 1534 §2). {@code hint} as in {@link #offer}. */
    public Claim bootp(Request request, Optional<Ipv4> hint, Instant now) {
        return claimant(request, now).bootp(hint);
    }

    /** The client gives its address back (RFC 2131 §4.3.4). */
    public Claim release(Request request, Ipv4 address, Instant now) {
        return claimant(request, now).release(address);
    }

    /**
     * The client found its address in use (RFC 2131 §4.3.3). At most a tenth of a pool rests for that reason; an address
     * whose rest is cut short goes to others only when there is no better one.
     */
    public Claim decline(Request request, Ipv4 address, Instant now) {
        return claimant(request, now).decline(address);
    }

    /**
     * Begins to record of leases that they have run out, and of rests that they are over, a bounded number at once; each is
     * settled or abandoned like a claim.
     */
    public List<LeaseWrite> expire(Instant now) {
        List<LeaseWrite> writes = new ArrayList<>();
        for (SubnetLeases leases : subnets.values()) {
            writes.addAll(leases.expire(EXPIRIES_AT_ONCE - writes.size(), now));
        }
        return writes;
    }

    /**
     * An operator takes an address back, whoever has it. Its client gets it again as long as nobody else has it.
     *
     * @return refused with {@link Claim.Refusal#UNKNOWN_CLIENT} when it is nobody's, {@link Claim.OnOffer} when it may be
     *     somebody's soon
     */
    public Claim takeBack(Ipv4 address, Instant now) {
        return home(address)
                .map(leases -> new OperatorClaims(leases, now).takeBack(address))
                .orElse(new Claim.Refused(Claim.Refusal.WRONG_NETWORK));
    }

    /**
     * An operator keeps an address for a client, until it is taken back; what the client has had until now ends.
     *
     * @return {@link Claim.Configured} when the settings give the client another address, {@link Claim.OnOffer} while
     *     another client may take it up
     */
    public Claim reserve(ClientIdentity client, Ipv4 address, Instant now) {
        return home(address)
                .map(leases -> new OperatorClaims(leases, now).reserve(client, address))
                .orElse(new Claim.Refused(Claim.Refusal.WRONG_NETWORK));
    }

    /**
     * A lease of another server is taken over: one that goes on is the client's here too; of one that has ended its client
     * is remembered, and gets the address again as long as nobody else needed it.
     *
     * @param until its end, in server time
     * @return refused with {@link Claim.Refusal#WRONG_ADDRESS} when the client has another address here, and with one that
     *     ended also when it had one
     */
    public Claim takeOver(ClientIdentity client, Optional<String> hostName, Ipv4 address, Instant until, Instant now) {
        return home(address)
                .map(leases -> new OperatorClaims(leases, now).takeOver(client, hostName, address, until))
                .orElse(new Claim.Refused(Claim.Refusal.WRONG_NETWORK));
    }

    private Optional<SubnetLeases> home(Ipv4 address) {
        return subnets.values().stream()
                .filter(leases -> leases.subnet().network().contains(address))
                .findFirst();
    }

    /** {@code write} is on disk, and from now on true. */
    public void settle(LeaseWrite write, Instant now) {
        subnets.get(write.subnet()).settle(write, now);
        lessons.goOn(now);
    }

    /** {@code write} is not on disk and never will be: all is as if it had never been asked for. */
    public void abandon(LeaseWrite write, Instant now) {
        subnets.get(write.subnet()).abandon(write, now);
        lessons.goOn(now);
    }

    /**
     * Takes over what other servers have stored; of what one of our writes is about, once that is settled or abandoned.
     *
     * @return completes once all of it is taken over
     */
    public CompletionStage<Void> learn(List<Standing> changed, Instant now) {
        return lessons.give(changed, now);
    }

    private boolean learn(Standing standing, Instant now) {
        Ipv4 address = standing.address();
        Optional<SubnetLeases> home = standing.lease().flatMap(this::home);
        List<SubnetLeases> places = subnets.values().stream()
                .filter(leases -> leases.subnet().network().contains(address))
                .toList();
        if (places.stream().anyMatch(leases -> leases.isBeingWritten(standing))) {
            return false;
        }
        places.forEach(leases -> leases.learn(
                address,
                standing.lease().filter(lease -> home.filter(leases::equals).isPresent()),
                now));
        return true;
    }

    private Claimant claimant(Request request, Instant now) {
        SubnetLeases leases = leases(request);
        leases.pass(now);
        return new Claimant(leases, request, now);
    }

    private SubnetLeases leases(Request request) {
        SubnetLeases leases = subnets.get(request.subnet());
        if (leases == null) {
            throw new IllegalArgumentException("no subnet is called " + request.subnet());
        }
        return leases;
    }
}

package org.jbootd.domain.lease;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientKey;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.lease.Claim.Refusal;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/** The leases of one subnet. Every public word of {@link LeaseBook} about a subnet is decided here. */
final class SubnetLeases {

    /**
     * How much longer than told a lease is kept, at least. A copy of a request that arrives within this time gets the same
     * answer as the first, and no second entry in the history.
     */
    static final Duration GRACE = Duration.ofSeconds(1);

    /** A tenth of the pool may rest after DECLINEs, and at least one address. */
    private static final int QUARANTINE_SHARE = 10;

    private Subnet subnet;
    private AddressRules rules;
    private Shelf shelf;
    private final Offers offers = new Offers();
    private final Rows rows = new Rows();

    /** The leases that run out one day. */
    private final TreeSet<Lease> running = new TreeSet<>(Shelf.BY_END);

    private final Map<Ipv4, LeaseWrite> writesByAddress = new HashMap<>();
    private final Map<ClientKey, LeaseWrite> writesByClient = new HashMap<>();
    private int declinesInFlight;

    SubnetLeases(Subnet subnet) {
        settle(subnet);
    }

    private void settle(Subnet settings) {
        subnet = settings;
        rules = new AddressRules(settings);
        shelf = new Shelf(settings, rules);
        for (int i = 0; i < settings.pool().count(); i++) {
            shelf.addUnknown(settings.pool().at(i));
        }
    }

    /** Goes on by other settings for the same network. Offers that they forbid are withdrawn; leases are kept, whatever they are. */
    void adopt(Subnet next, Instant now) {
        offers.retain(new AddressRules(next)::permits);
        settle(next);
        Stream.of(rows.addresses(), offers.addresses(), writesByAddress.keySet())
                .flatMap(Set::stream)
                .distinct()
                .toList()
                .forEach(address -> file(address, now));
    }

    /** The leases that live, and whose address could not stay their machine's by other settings. */
    Stream<Lease> orphans(Subnet next, Instant now) {
        AddressRules future = new AddressRules(next);
        return rows.leases()
                .filter(lease -> lease.state() == Lease.State.BOUND
                        && lease.isLive(now)
                        && rules.permits(lease.address(), lease.client())
                        && !future.permits(lease.address(), lease.client()));
    }

    Subnet subnet() {
        return subnet;
    }

    AddressRules rules() {
        return rules;
    }

    /** Takes a stored lease in, before anything else happens. */
    void load(Lease lease) {
        put(new Row(lease, List.of()), Instant.MIN);
    }

    /** As {@link Rows#memoryOf}. */
    Optional<Lease> memoryOf(ClientKey client) {
        return rows.memoryOf(client);
    }

    /** As {@link Rows#memoryOfMachine}. */
    Optional<Lease> memoryOfMachine(HardwareAddress machine) {
        return rows.memoryOfMachine(machine);
    }

    Optional<Ipv4> offer(Request request, Optional<Ipv4> hint, Instant now) {
        pass(now);
        ClientIdentity client = request.client();
        Optional<Ipv4> address = choose(client, hint, now);
        address.ifPresent(chosen -> {
            List<Ipv4> gone = offers.put(client, chosen, now, now.plus(subnet.offerTimeout()));
            gone.forEach(former -> file(former, now));
            file(chosen, now);
        });
        return address;
    }

    void withdraw(ClientKey client, Instant now) {
        offers.remove(client).ifPresent(address -> file(address, now));
    }

    /** The client takes up an offer, or says that it does. */
    Claim select(Request request, Ipv4 address, Instant now) {
        pass(now);
        ClientIdentity client = request.client();
        return whenIdle(client, () -> {
            if (!subnet.network().contains(address)) {
                return new Claim.Refused(Refusal.WRONG_NETWORK);
            }
            Optional<Ipv4> proper = proper(client, now);
            if (proper.isPresent()) {
                return proper.get().equals(address)
                        ? grant(request, address, subnet.leaseTime(), now)
                        : new Claim.Refused(Refusal.WRONG_ADDRESS);
            }
            if (isFreeFor(address, client, now)) {
                return grant(request, address, subnet.leaseTime(), now);
            }
            return new Claim.Refused(isTaken(address, client, now) ? Refusal.TAKEN : Refusal.WRONG_ADDRESS);
        });
    }

    /** The client wants to go on using an address: INIT-REBOOT, RENEWING, REBINDING. */
    Claim confirm(Request request, Ipv4 address, Instant now) {
        pass(now);
        ClientIdentity client = request.client();
        return whenIdle(client, () -> {
            if (!subnet.network().contains(address)) {
                return new Claim.Refused(Refusal.WRONG_NETWORK);
            }
            Optional<Ipv4> proper = proper(client, now);
            if (proper.filter(address::equals).isPresent()) {
                return grant(request, address, subnet.leaseTime(), now);
            }
            if (proper.isPresent() || rows.leaseOf(client.key()).isPresent()) {
                return new Claim.Refused(Refusal.WRONG_ADDRESS);
            }
            return new Claim.Refused(isTaken(address, client, now) ? Refusal.TAKEN : Refusal.UNKNOWN_CLIENT);
        });
    }

    /** The client asks for an address to have for ever (RFC 1534 §2). */
    Claim bootp(Request request, Optional<Ipv4> hint, Instant now) {
        pass(now);
        ClientIdentity client = request.client();
        return whenIdle(
                client,
                () -> choose(client, hint, now)
                        .map(address -> grant(request, address, Lease.FOREVER, now))
                        .orElse(new Claim.Refused(Refusal.EXHAUSTED)));
    }

    Claim release(Request request, Ipv4 address, Instant now) {
        pass(now);
        ClientIdentity client = request.client();
        return whenIdle(client, () -> {
            Optional<Lease> own = ownAt(address, client);
            if (own.isEmpty()) {
                return new Claim.Refused(Refusal.NOT_THE_HOLDER);
            }
            if (own.get().state() == Lease.State.RELEASED) {
                return new Claim.Kept(own.get());
            }
            Instant since = stamp(now);
            Lease lease = lease(request, address, Lease.State.RELEASED, since, since);
            return begin(request, List.of(new LeaseChange(LeaseChange.Kind.RELEASED, lease)));
        });
    }

    Claim decline(Request request, Ipv4 address, Instant now) {
        pass(now);
        ClientIdentity client = request.client();
        return whenIdle(client, () -> {
            Optional<Lease> known = known(address);
            if (known.filter(lease -> isDeclinedBy(lease, client, now)).isPresent()) {
                return new Claim.Kept(known.get());
            }
            boolean holds = ownAt(address, client).filter(Lease::isGranted).isPresent();
            if (!holds && offers.of(client.key()).filter(address::equals).isEmpty() || isHeldAgainst(address, client)) {
                return new Claim.Refused(Refusal.NOT_THE_HOLDER);
            }
            return quarantine(request, address, now);
        });
    }

    private static boolean isDeclinedBy(Lease lease, ClientIdentity client, Instant now) {
        return lease.state() == Lease.State.DECLINED && lease.client().key().equals(client.key()) && lease.isLive(now);
    }

    /** The oldest quarantines go so that the new one stays within the bound. */
    private Claim quarantine(Request request, Ipv4 address, Instant now) {
        int surplus = shelf.quarantined() + declinesInFlight + 1 - quarantineBound();
        List<LeaseChange> changes = new ArrayList<>();
        shelf.oldestQuarantines(Math.max(0, surplus)).forEach(lease -> changes.add(ended(lease)));
        if (changes.size() < surplus) {
            return new Claim.Refused(Refusal.QUARANTINE_FULL);
        }
        Instant since = stamp(now);
        Lease lease = lease(request, address, Lease.State.DECLINED, since, roundUp(now.plus(subnet.declineTimeout())));
        endOthers(address, request.client()).ifPresent(changes::add);
        changes.add(new LeaseChange(LeaseChange.Kind.DECLINED, lease));
        return begin(request, changes);
    }

    private int quarantineBound() {
        return Math.max(1, subnet.pool().count() / QUARANTINE_SHARE);
    }

    /** An operator takes an address back from whoever has it, or ends its rest. */
    Claim takeBack(Ipv4 address, Instant now) {
        Optional<Lease> known = known(address);
        if (known.isEmpty()) {
            return new Claim.Refused(Refusal.UNKNOWN_CLIENT);
        }
        Lease lease = known.get();
        if (lease.state() == Lease.State.RELEASED && !lease.reserved()) {
            return new Claim.Kept(lease);
        }
        return begin(unasked(
                lease.isOwned()
                        ? new LeaseChange(LeaseChange.Kind.RELEASED, lease.givenBack(stamp(now)))
                        : new LeaseChange(LeaseChange.Kind.ENDED, lease)));
    }

    /** An operator keeps an address for a client, who need not have it yet. */
    Claim reserve(ClientIdentity client, Ipv4 address, Instant now) {
        pass(now);
        Optional<Lease> own = ownAt(address, client);
        if (own.filter(Lease::reserved).isPresent()) {
            return new Claim.Kept(own.get());
        }
        return forOperator(client, address, now, () -> {
            Instant since = stamp(now);
            Lease kept = own.map(Lease::forGood)
                    .orElseGet(() -> new Lease(
                            address,
                            subnet.name(),
                            client,
                            Optional.empty(),
                            false,
                            Lease.State.RELEASED,
                            since,
                            since,
                            true));
            return new LeaseChange(LeaseChange.Kind.RESERVED, kept);
        });
    }

    /** As {@link LeaseBook#takeOver}. */
    Claim takeOver(ClientIdentity client, Optional<String> hostName, Ipv4 address, Instant until, Instant now) {
        pass(now);
        boolean ended = !now.isBefore(until);
        Optional<Lease> own = ownAt(address, client);
        if (own.filter(lease -> ended || !lease.until().isBefore(until)).isPresent()) {
            return new Claim.Kept(own.get());
        }
        if (ended && own.isEmpty() && known(address).isPresent()) {
            return new Claim.Refused(Refusal.TAKEN);
        }
        if (hasAnother(client, address, ended, now)) {
            return new Claim.Refused(Refusal.WRONG_ADDRESS);
        }
        Instant end = until.equals(Instant.MAX) ? until : roundUp(until);
        Lease lease = new Lease(
                address,
                subnet.name(),
                own.map(before -> client.or(before.client())).orElse(client),
                hostName.or(() -> own.flatMap(Lease::hostName)),
                own.filter(Lease::networkBooted).isPresent(),
                ended ? Lease.State.RELEASED : Lease.State.BOUND,
                stamp(ended ? until : now),
                end,
                own.filter(Lease::reserved).isPresent());
        return forOperator(client, address, now, () -> new LeaseChange(LeaseChange.Kind.IMPORTED, lease));
    }

    /** What a client has here goes before what it had elsewhere. @param everHad what it had here goes before it, too */
    private boolean hasAnother(ClientIdentity client, Ipv4 address, boolean everHad, Instant now) {
        return rows.leasesOf(client.key()).stream()
                .anyMatch(lease -> !lease.address().equals(address) && (everHad || lease.isLive(now)));
    }

    private interface Wish {
        LeaseChange make();
    }

    private Claim forOperator(ClientIdentity client, Ipv4 address, Instant now, Wish wish) {
        return whenIdle(client, () -> {
            if (!subnet.network().hasHost(address)) {
                return new Claim.Refused(Refusal.WRONG_NETWORK);
            }
            if (!rules.permits(address, client)) {
                return new Claim.Refused(rules.isReserved(address) ? Refusal.TAKEN : Refusal.OUTSIDE_POOL);
            }
            boolean taken = known(address)
                    .filter(lease -> !lease.isOwned() || !lease.client().key().equals(client.key()))
                    .filter(lease -> lease.isGranted() || lease.isLive(now))
                    .isPresent();
            if (taken || isHeldAgainst(address, client)) {
                return new Claim.Refused(Refusal.TAKEN);
            }
            List<LeaseChange> changes = new ArrayList<>(restFormer(client, address, now));
            endOthers(address, client).ifPresent(changes::add);
            changes.add(wish.make());
            return begin(new LeaseWrite(subnet.name(), client.key(), OptionalInt.empty(), Optional.empty(), changes));
        });
    }

    private LeaseWrite unasked(LeaseChange change) {
        return new LeaseWrite(
                subnet.name(), change.lease().client().key(), OptionalInt.empty(), Optional.empty(), List.of(change));
    }

    /** Begins to record of at most {@code most} leases that they have run out; of one that is being written it can wait. */
    List<LeaseWrite> expire(int most, Instant now) {
        List<LeaseWrite> writes = new ArrayList<>();
        for (Lease lease : List.copyOf(runOut(most, now))) {
            LeaseChange change = new LeaseChange(LeaseChange.Kind.EXPIRED, lease.expired());
            LeaseWrite write = unasked(change);
            if (begin(write) instanceof Claim.Granted) {
                writes.add(write);
            }
        }
        return writes;
    }

    private List<Lease> runOut(int most, Instant now) {
        return running.stream()
                .takeWhile(lease -> !now.isBefore(lease.until()))
                .limit(most)
                .toList();
    }

    /** What was asked for is on disk: now it is so. */
    void settle(LeaseWrite write, Instant now) {
        forget(write);
        for (LeaseChange change : write.changes()) {
            Lease lease = change.lease();
            if (change.kind().ends()) {
                end(lease, now);
            } else {
                put(new Row(lease, xids(lease, write)), now);
            }
        }
        boolean answers = write.xid().isPresent();
        if (answers
                && (write.grants()
                        || offers.of(write.client())
                                .filter(write.lease().address()::equals)
                                .isPresent())) {
            withdraw(write.client(), now);
        }
        write.addresses().forEach(address -> file(address, now));
    }

    private void end(Lease lease, Instant now) {
        remove(lease.address());
        if (lease.state() == Lease.State.DECLINED && lease.isLive(now)) {
            shelf.doubt(lease);
        }
    }

    /** Whether a write under way touches the address, the machine that has it by now, or the one that had it. */
    boolean isBeingWritten(LeaseFollower.Standing standing) {
        return writesByAddress.containsKey(standing.address())
                || Stream.concat(standing.lease().stream(), known(standing.address()).stream())
                        .anyMatch(lease ->
                                writesByClient.containsKey(lease.client().key()));
    }

    /** Another server has made it so. An offer of ours that cannot be kept is withdrawn. */
    void learn(Ipv4 address, Optional<Lease> lease, Instant now) {
        if (known(address).equals(lease)) {
            return;
        }
        shelf.remove(address, known(address));
        lease.ifPresentOrElse(
                learned -> put(new Row(learned, List.of()), now),
                () -> known(address).ifPresent(former -> end(former, now)));
        lease.filter(learned -> learned.isGranted() || learned.isLive(now)).ifPresent(learned -> {
            offers.clientOf(address).ifPresent(client -> withdraw(client, now));
            withdraw(learned.client().key(), now);
        });
        file(address, now);
    }

    private List<Integer> xids(Lease lease, LeaseWrite write) {
        Optional<Row> own = rows.at(lease.address())
                .filter(row -> row.belongsTo(lease.client().key()));
        if (write.xid().isEmpty()) {
            return own.map(Row::xids).orElse(List.of());
        }
        int xid = write.xid().getAsInt();
        return own.map(row -> row.xidsAnd(xid)).orElse(List.of(xid));
    }

    /** What was asked for is not on disk: it was never asked. */
    void abandon(LeaseWrite write, Instant now) {
        forget(write);
        write.addresses().forEach(address -> file(address, now));
    }

    private void forget(LeaseWrite write) {
        write.addresses().forEach(writesByAddress::remove);
        write.parties().forEach(writesByClient::remove);
        declinesInFlight -= write.declines() ? 1 : 0;
    }

    /** What the mere passing of time does. */
    private void pass(Instant now) {
        offers.expire(now).forEach(address -> file(address, now));
        shelf.endQuarantines(now);
    }

    private interface Decision {
        Claim make();
    }

    private Claim whenIdle(ClientIdentity client, Decision decision) {
        LeaseWrite write = writesByClient.get(client.key());
        return write == null ? decision.make() : new Claim.Busy(write);
    }

    /** How close a machine is to a subnet of its wire, the closest first. */
    enum Bond {
        RESERVED,
        OWN,
        OFFERED,
        NONE
    }

    Bond bondOf(ClientIdentity client, Instant now) {
        if (usableReservation(client, now).isPresent()) {
            return Bond.RESERVED;
        }
        if (beingGranted(client).or(() -> proper(client, now)).isPresent()) {
            return Bond.OWN;
        }
        return offers.of(client.key()).isPresent() ? Bond.OFFERED : Bond.NONE;
    }

    /** Whether there is an address for a machine whose home this is not. */
    boolean hasRoomFor(ClientIdentity client, Instant now) {
        pass(now);
        return choose(client, Optional.empty(), now).isPresent();
    }

    /** The address that a DISCOVER or a BOOTP request gets, by RFC 2131 §4.3.1. */
    private Optional<Ipv4> choose(ClientIdentity client, Optional<Ipv4> hint, Instant now) {
        return beingGranted(client)
                .or(() -> proper(client, now))
                .or(() -> offers.of(client.key())
                        .filter(address -> rules.permits(address, client) && !isHeldAgainst(address, client)))
                .or(() -> hint.filter(address -> isFreeFor(address, client, now) && !shelf.isDoubtful(address)))
                .or(() -> shelf.next(client.key(), now));
    }

    private Optional<Ipv4> beingGranted(ClientIdentity client) {
        return Optional.ofNullable(writesByClient.get(client.key()))
                .filter(write -> write.grants() && write.client().equals(client.key()))
                .map(write -> write.lease().address())
                .filter(address -> rules.permits(address, client));
    }

    /** The address that is a machine's by right: the one reserved for it, else the one it has or last had. */
    private Optional<Ipv4> proper(ClientIdentity client, Instant now) {
        return usableReservation(client, now)
                .or(() -> rows.leaseOf(client.key())
                        .map(Lease::address)
                        .filter(address -> rules.permits(address, client) && !isHeldAgainst(address, client)));
    }

    /** A reservation is for a machine, whatever its clients are known by: each of them takes it over from the one before. */
    private Optional<Ipv4> usableReservation(ClientIdentity client, Instant now) {
        return rules.reservedFor(client)
                .filter(address -> !isWrittenAgainst(address, client)
                        && !offers.isOfferedElsewhere(address, client.hardware())
                        && !isOccupied(address, client, now));
    }

    private boolean isOccupied(Ipv4 address, ClientIdentity client, Instant now) {
        return rows.at(address)
                .filter(row -> !row.belongsTo(client.key())
                        && !row.isOn(client.hardware())
                        && row.lease().isLive(now))
                .isPresent();
    }

    /** True of an address that is on offer or on its way to another, or that the client itself is declining. */
    private boolean isHeldAgainst(Ipv4 address, ClientIdentity client) {
        return isWrittenAgainst(address, client) || offers.isOfferedToAnother(address, client.key());
    }

    private boolean isWrittenAgainst(Ipv4 address, ClientIdentity client) {
        LeaseWrite write = writesByAddress.get(address);
        return write != null && (!write.client().equals(client.key()) || write.declines());
    }

    private boolean isFreeFor(Ipv4 address, ClientIdentity client, Instant now) {
        return rules.permits(address, client)
                && !isHeldAgainst(address, client)
                && (offers.of(client.key()).filter(address::equals).isPresent() || isNobodys(address, client, now));
    }

    private boolean isNobodys(Ipv4 address, ClientIdentity client, Instant now) {
        Optional<Row> others = rows.at(address).filter(row -> !row.belongsTo(client.key()));
        return others.isEmpty() || mayPass(others.get().lease(), now);
    }

    private boolean mayPass(Lease lease, Instant now) {
        return lease.state() == Lease.State.DECLINED ? !lease.isLive(now) : shelf.mayPass(lease, now);
    }

    /** True when an address belongs to somebody else, even if that one does not use it now. */
    private boolean isTaken(Ipv4 address, ClientIdentity client, Instant now) {
        return rules.isReserved(address) && !rules.permits(address, client)
                || isHeldAgainst(address, client)
                || known(address)
                        .filter(lease -> lease.isGranted() || lease.isLive(now))
                        .isPresent();
    }

    private Claim grant(Request request, Ipv4 address, Duration leaseTime, Instant now) {
        ClientIdentity client = request.client();
        Optional<Row> own = rows.at(address).filter(row -> row.belongsTo(client.key()));
        Optional<Lease> bound = own.map(Row::lease).filter(lease -> lease.state() == Lease.State.BOUND);
        Instant promised = end(leaseTime, now);
        Instant until =
                bound.map(Lease::until).filter(end -> end.isAfter(promised)).orElse(promised);
        Lease lease = lease(request, address, Lease.State.BOUND, stamp(now), until);
        if (own.filter(row -> isCopy(row, request, lease, leaseTime, now)).isPresent()) {
            return new Claim.Kept(own.get().lease());
        }
        List<LeaseChange> changes = new ArrayList<>(endFormer(client, address));
        endOthers(address, client).ifPresent(changes::add);
        LeaseChange.Kind kind = bound.isPresent() ? LeaseChange.Kind.RENEWED : LeaseChange.Kind.BOUND;
        changes.add(new LeaseChange(kind, lease));
        return begin(request, changes);
    }

    /** True when this very request was granted the row, which still covers what it is told. */
    private static boolean isCopy(Row row, Request request, Lease wanted, Duration leaseTime, Instant now) {
        Lease lease = row.lease();
        boolean covers = lease.until().equals(Instant.MAX)
                || !leaseTime.equals(Lease.FOREVER) && !lease.until().isBefore(now.plus(leaseTime));
        return lease.state() == Lease.State.BOUND
                && row.xids().contains(request.xid())
                && covers
                && lease.client().equals(wanted.client())
                && lease.hostName().equals(wanted.hostName())
                && lease.networkBooted() == wanted.networkBooted();
    }

    /** A client that was moved without having asked may use its former address until that lease ends, so that it rests as long. */
    private List<LeaseChange> restFormer(ClientIdentity client, Ipv4 next, Instant now) {
        return endFormer(client, next).stream()
                .map(LeaseChange::lease)
                .map(lease -> lease.state() == Lease.State.BOUND && now.isBefore(lease.until())
                        ? new LeaseChange(LeaseChange.Kind.DECLINED, lease.resting())
                        : new LeaseChange(LeaseChange.Kind.MOVED, lease))
                .toList();
    }

    /** A moved client leaves its former addresses. */
    private List<LeaseChange> endFormer(ClientIdentity client, Ipv4 next) {
        return rows.leasesOf(client.key()).stream()
                .filter(lease -> !lease.address().equals(next))
                .map(lease -> new LeaseChange(LeaseChange.Kind.MOVED, lease))
                .toList();
    }

    /** What is left of somebody else, or of a quarantine, at an address that goes to a client. */
    private Optional<LeaseChange> endOthers(Ipv4 address, ClientIdentity client) {
        return rows.at(address).filter(row -> !row.belongsTo(client.key())).map(row -> ended(row.lease()));
    }

    private static LeaseChange ended(Lease lease) {
        return new LeaseChange(lease.isOwned() ? LeaseChange.Kind.RECLAIMED : LeaseChange.Kind.ENDED, lease);
    }

    /** What the message of a client makes of its leases, and of those of others. */
    private Claim begin(Request request, List<LeaseChange> changes) {
        ClientKey client = request.client().key();
        Ipv4 address = changes.get(changes.size() - 1).lease().address();
        Optional<Instant> offered = offers.since(client, address);
        return begin(new LeaseWrite(subnet.name(), client, OptionalInt.of(request.xid()), offered, changes));
    }

    private Claim begin(LeaseWrite write) {
        Optional<LeaseWrite> rival = rival(write);
        if (rival.isPresent()) {
            return new Claim.Busy(rival.get());
        }
        write.parties().forEach(party -> writesByClient.put(party, write));
        write.addresses().forEach(address -> {
            writesByAddress.put(address, write);
            shelf.remove(address, known(address));
        });
        declinesInFlight += write.declines() ? 1 : 0;
        return new Claim.Granted(write);
    }

    /** Another write under way that touches the same machine or the same address. */
    private Optional<LeaseWrite> rival(LeaseWrite write) {
        return Stream.concat(
                        write.parties().stream().map(writesByClient::get),
                        write.addresses().stream().map(writesByAddress::get))
                .filter(Objects::nonNull)
                .findFirst();
    }

    /** What is newly said of a machine goes before what was known of it. */
    private Lease lease(Request request, Ipv4 address, Lease.State state, Instant since, Instant until) {
        ClientIdentity client = request.client();
        Optional<Lease> former = rows.memoryOf(client.key());
        boolean reserved = ownAt(address, client).filter(Lease::reserved).isPresent();
        return new Lease(
                address,
                subnet.name(),
                former.map(before -> client.or(before.client())).orElse(client),
                request.hostName().or(() -> former.flatMap(Lease::hostName)),
                request.networkBooted() || former.filter(Lease::networkBooted).isPresent(),
                state,
                since,
                until,
                reserved && state != Lease.State.DECLINED);
    }

    /** Stores keep milliseconds. */
    private static Instant stamp(Instant now) {
        return now.truncatedTo(ChronoUnit.MILLIS);
    }

    private static Instant end(Duration leaseTime, Instant now) {
        return leaseTime.equals(Lease.FOREVER)
                ? Instant.MAX
                : roundUp(now.plus(leaseTime).plus(GRACE));
    }

    private static Instant roundUp(Instant time) {
        Instant down = time.truncatedTo(ChronoUnit.SECONDS);
        return down.equals(time) ? down : down.plusSeconds(1);
    }

    private Optional<Lease> known(Ipv4 address) {
        return rows.at(address).map(Row::lease);
    }

    private Optional<Lease> ownAt(Ipv4 address, ClientIdentity client) {
        return rows.at(address).filter(row -> row.belongsTo(client.key())).map(Row::lease);
    }

    /** What was known of the address is on no shelf: while this was being written it was kept from all others. */
    private void put(Row row, Instant now) {
        Lease lease = row.lease();
        known(lease.address()).ifPresent(running::remove);
        rows.put(row);
        if (lease.state() == Lease.State.BOUND && lease.until().isBefore(Instant.MAX)) {
            running.add(lease);
        }
        file(lease.address(), now);
    }

    private void remove(Ipv4 address) {
        known(address).ifPresent(running::remove);
        rows.remove(address);
    }

    /** Puts an address where it belongs, now that something about it has changed. */
    private void file(Ipv4 address, Instant now) {
        shelf.remove(address, known(address));
        if (offers.isOffered(address) || writesByAddress.containsKey(address)) {
            return;
        }
        known(address).ifPresentOrElse(lease -> shelf.add(lease, now), () -> shelf.addUnknown(address));
    }
}

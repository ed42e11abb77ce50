package org.jbootd.domain.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientKey;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.lease.Claim.Refusal;
import org.jbootd.domain.net.Ipv4;

/** A client with a message: what it may have of one subnet, and what has to be written down for that. */
final class Claimant {

    /** A tenth of the pool may rest after DECLINEs, and at least one address. */
    private static final int QUARANTINE_SHARE = 10;

    /** Clients renew after half of the lease, more or less; none before a quarter. */
    private static final int EARLIEST_RENEWAL = 4;

    private final SubnetLeases leases;
    private final Subnet subnet;
    private final Allocator allocator;
    private final Rows rows;
    private final Request request;
    private final ClientIdentity client;
    private final ClientKey key;
    private final Instant now;

    /** @param now which {@link SubnetLeases#pass} has been told */
    Claimant(SubnetLeases leases, Request request, Instant now) {
        this.leases = leases;
        this.subnet = leases.subnet();
        this.allocator = leases.allocator();
        this.rows = leases.rows();
        this.request = request;
        this.client = request.client();
        this.key = client.key();
        this.now = now;
    }

    /** As {@link LeaseBook#offer}. */
    Optional<Ipv4> offer(Optional<Ipv4> hint) {
        Optional<Ipv4> address = allocator.choose(client, hint, now);
        address.ifPresent(chosen -> leases.hold(client, chosen, now));
        return address;
    }

    /** The client takes up an offer, or says that it does. */
    Claim select(Ipv4 address) {
        return whenIdle(() -> {
            if (!subnet.network().contains(address)) {
                return new Claim.Refused(Refusal.WRONG_NETWORK);
            }
            Optional<Ipv4> proper = allocator.proper(client, now);
            if (proper.isPresent()) {
                return proper.get().equals(address)
                        ? grant(address, subnet.leaseTime(), false)
                        : new Claim.Refused(Refusal.WRONG_ADDRESS);
            }
            if (allocator.isFreeFor(address, client, now)) {
                return grant(address, subnet.leaseTime(), false);
            }
            return new Claim.Refused(allocator.isTaken(address, client, now) ? Refusal.TAKEN : Refusal.WRONG_ADDRESS);
        });
    }

    /** The client wants to go on using an address that it had when it was switched off: INIT-REBOOT. */
    Claim confirm(Ipv4 address) {
        return goOn(address, false);
    }

    /** The client wants to go on using an address whose lease ends: RENEWING, REBINDING. */
    Claim renew(Ipv4 address) {
        return goOn(address, true);
    }

    private Claim goOn(Ipv4 address, boolean renews) {
        return whenIdle(() -> {
            if (!subnet.network().contains(address)) {
                return new Claim.Refused(Refusal.WRONG_NETWORK);
            }
            Optional<Ipv4> proper = allocator.proper(client, now);
            if (proper.filter(address::equals).isPresent()) {
                return grant(address, subnet.leaseTime(), renews);
            }
            if (proper.isPresent() || rows.leaseOf(key).isPresent()) {
                return new Claim.Refused(Refusal.WRONG_ADDRESS);
            }
            return new Claim.Refused(allocator.isTaken(address, client, now) ? Refusal.TAKEN : Refusal.UNKNOWN_CLIENT);
        });
    }

    /** The client asks for an address to have for ever (RFC 1534 §2). */
    Claim bootp(Optional<Ipv4> hint) {
        return whenIdle(() -> allocator
                .choose(client, hint, now)
                .map(address -> grant(address, Lease.FOREVER, false))
                .orElse(new Claim.Refused(Refusal.EXHAUSTED)));
    }

    /** @param renews whether the client says that its lease ends */
    private Claim grant(Ipv4 address, Duration leaseTime, boolean renews) {
        Optional<Row> own = rows.at(address).filter(row -> row.belongsTo(key));
        Optional<Lease> bound = own.map(Row::lease).filter(lease -> lease.state() == Lease.State.BOUND);
        Instant promised = LeaseTimes.end(leaseTime, now);
        Optional<Instant> believed = own.filter(row -> renews && hasTakenAnEnd(row))
                .flatMap(Row::told)
                .or(() -> bound.map(Lease::until));
        Instant until = LeaseTimes.later(promised, believed);
        Lease lease = lease(address, Lease.State.BOUND, LeaseTimes.start(now), until);
        if (own.filter(row -> isCopy(row, lease, leaseTime)).isPresent()) {
            return new Claim.Kept(own.get().lease());
        }
        List<LeaseChange> changes = new ArrayList<>();
        // a moved client leaves its former addresses
        rows.leasesElsewhere(key, address)
                .forEach(former -> changes.add(new LeaseChange(LeaseChange.Kind.MOVED, former)));
        Optional<Lease> machineBefore = bound.filter(present -> !present.isOn(client.hardware()));
        rows.othersAt(address, key)
                .or(() -> machineBefore)
                .map(LeaseChange::ending)
                .ifPresent(changes::add);
        boolean goesOn = bound.isPresent() && machineBefore.isEmpty();
        changes.add(new LeaseChange(goesOn ? LeaseChange.Kind.RENEWED : LeaseChange.Kind.BOUND, lease));
        return begin(changes, Optional.of(promised).filter(end -> !end.equals(Instant.MAX)));
    }

    /**
     * A lease does not end before the end that its client believes in, who may have missed each later answer. But one who has
     * an address for ever never renews it (RFC 2131 §4.4.5): who does, after it was told of an end, has heard that. Not so soon
     * after that its timer cannot be over yet: then it asks again, having heard nothing.
     */
    private boolean hasTakenAnEnd(Row row) {
        Instant since = row.lease().since();
        return row.lease().state() == Lease.State.BOUND
                && row.lease().until().equals(Instant.MAX)
                && row.lease().isOn(client.hardware())
                && !row.xids().contains(request.xid())
                && row.told()
                        .filter(end -> !now.isBefore(
                                since.plus(Duration.between(since, end).dividedBy(EARLIEST_RENEWAL))))
                        .isPresent();
    }

    /** True when this very request was granted the row, which still covers what it is told. */
    private boolean isCopy(Row row, Lease wanted, Duration leaseTime) {
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

    /** The client gives its address back. */
    Claim release(Ipv4 address) {
        return whenIdle(() -> {
            Optional<Lease> own = rows.ownAt(address, key);
            if (own.isEmpty()) {
                return new Claim.Refused(Refusal.NOT_THE_HOLDER);
            }
            if (own.get().state() == Lease.State.RELEASED) {
                return new Claim.Kept(own.get());
            }
            Instant since = LeaseTimes.start(now);
            Lease lease = lease(address, Lease.State.RELEASED, since, since);
            return begin(List.of(new LeaseChange(LeaseChange.Kind.RELEASED, lease)));
        });
    }

    /** The client found its address in use, or we did. */
    Claim decline(Ipv4 address) {
        return whenIdle(() -> {
            Optional<Lease> known = rows.leaseAt(address);
            if (known.filter(this::hasDeclined).isPresent()) {
                return new Claim.Kept(known.get());
            }
            boolean holds = rows.ownAt(address, key).filter(Lease::isGranted).isPresent();
            boolean onOffer = leases.offers().of(key).filter(address::equals).isPresent();
            if (!holds && !onOffer || allocator.isHeldAgainst(address, client)) {
                return new Claim.Refused(Refusal.NOT_THE_HOLDER);
            }
            return quarantine(address);
        });
    }

    private boolean hasDeclined(Lease lease) {
        return lease.client().key().equals(key) && lease.rests(now);
    }

    private Claim quarantine(Ipv4 address) {
        List<LeaseChange> changes = new ArrayList<>();
        if (!rows.isKept(address, key)) {
            int surplus = surplus();
            leases.shelf().oldestQuarantines(surplus).stream()
                    .map(LeaseChange::ending)
                    .forEach(changes::add);
            if (changes.size() < surplus) {
                return new Claim.Refused(Refusal.QUARANTINE_FULL);
            }
        }
        Instant until = LeaseTimes.roundUp(now.plus(subnet.declineTimeout()));
        Lease lease = lease(address, Lease.State.DECLINED, LeaseTimes.start(now), until);
        rows.othersAt(address, key).map(LeaseChange::ending).ifPresent(changes::add);
        changes.add(new LeaseChange(LeaseChange.Kind.DECLINED, lease));
        return begin(changes);
    }

    /** The oldest quarantines go so that a new one stays within the bound; what is kept for a client is not missing to others. */
    private int surplus() {
        int quarantines = leases.shelf().quarantined() + leases.writes().declines() + 1;
        return Math.max(0, quarantines - quarantineBound());
    }

    private int quarantineBound() {
        return Math.max(1, subnet.pool().count() / QUARANTINE_SHARE);
    }

    /** What is newly said of a machine goes before what was known of it. */
    private Lease lease(Ipv4 address, Lease.State state, Instant since, Instant until) {
        Optional<Lease> former = rows.memoryOf(key);
        return new Lease(
                address,
                subnet.name(),
                former.map(before -> client.or(before.client())).orElse(client),
                request.hostName().or(() -> former.flatMap(Lease::hostName)),
                request.networkBooted() || former.filter(Lease::networkBooted).isPresent(),
                state,
                since,
                until,
                rows.isKept(address, key));
    }

    private Claim whenIdle(Supplier<Claim> decision) {
        return leases.writes().whenIdle(key, decision);
    }

    private Claim begin(List<LeaseChange> changes) {
        return begin(changes, Optional.empty());
    }

    /**
     * What the message makes of the client's leases, and of those of others.
     *
     * @param told as in {@link LeaseWrite}
     */
    private Claim begin(List<LeaseChange> changes, Optional<Instant> told) {
        Ipv4 address = changes.get(changes.size() - 1).lease().address();
        Optional<Instant> offered = leases.offers().since(key, address).map(LeaseTimes::start);
        return leases.begin(new LeaseWrite(subnet.name(), key, OptionalInt.of(request.xid()), offered, told, changes));
    }
}

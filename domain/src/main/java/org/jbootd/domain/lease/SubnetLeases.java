package org.jbootd.domain.lease;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientKey;
import org.jbootd.domain.net.Ipv4;

/**
 * The leases of one subnet: what is known of its addresses, what is on offer, and what is on its way to the store. What
 * clients may have of them {@link Claimant} decides, and what operators {@link OperatorClaims}; by what they hold or begin here
 * an address leaves the shelf, and by what becomes of that it comes back.
 */
final class SubnetLeases {

    private Subnet subnet;
    private AddressRules rules;
    private Shelf shelf;
    private Allocator allocator;
    private final Offers offers = new Offers();
    private final Rows rows = new Rows();
    private final WritesInFlight writes = new WritesInFlight();

    /** The leases that run out one day, and the rests that will be over. */
    private final TreeSet<Lease> running = new TreeSet<>(Shelf.BY_END);

    SubnetLeases(Subnet subnet) {
        settle(subnet);
    }

    private void settle(Subnet settings) {
        subnet = settings;
        rules = new AddressRules(settings);
        shelf = new Shelf(settings, rules);
        allocator = new Allocator(rules, shelf, rows, offers, writes);
        for (int i = 0; i < settings.pool().count(); i++) {
            shelf.addUnknown(settings.pool().at(i));
        }
    }

    /** Goes on by other settings for the same network. Offers that they forbid are withdrawn; leases are kept, whatever they are. */
    void adopt(Subnet next, Instant now) {
        offers.retain(new AddressRules(next)::permits);
        settle(next);
        Stream.of(rows.addresses(), offers.addresses(), writes.addresses())
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
        put(new Row(lease), Instant.MIN);
    }

    /** What is known of each address; not to be changed from outside. */
    Rows rows() {
        return rows;
    }

    Offers offers() {
        return offers;
    }

    WritesInFlight writes() {
        return writes;
    }

    Shelf shelf() {
        return shelf;
    }

    Allocator allocator() {
        return allocator;
    }

    /** What the mere passing of time does. */
    void pass(Instant now) {
        offers.expire(now).forEach(address -> file(address, now));
        shelf.endQuarantines(now);
    }

    /** Whether there is an address for a machine whose home this is not. */
    boolean hasRoomFor(ClientIdentity client, Instant now) {
        pass(now);
        return allocator.choose(client, Optional.empty(), now).isPresent();
    }

    /** Puts an address on offer. */
    void hold(ClientIdentity client, Ipv4 address, Instant now) {
        List<Ipv4> gone = offers.put(client, address, now, now.plus(subnet.offerTimeout()));
        gone.forEach(former -> file(former, now));
        file(address, now);
    }

    void withdraw(ClientKey client, Instant now) {
        offers.remove(client).ifPresent(address -> file(address, now));
    }

    /** Keeps what a write touches from everybody else, until it is settled or abandoned. */
    Claim begin(LeaseWrite write) {
        Optional<LeaseWrite> rival = writes.rival(write);
        if (rival.isPresent()) {
            return new Claim.Busy(rival.get());
        }
        writes.add(write);
        write.addresses().forEach(address -> shelf.remove(address, rows.leaseAt(address)));
        return new Claim.Granted(write);
    }

    /**
     * Begins to record of at most {@code most} leases, or rests, that their time is over; of one that is being written it can wait.
     */
    List<LeaseWrite> expire(int most, Instant now) {
        List<LeaseWrite> begun = new ArrayList<>();
        for (Lease lease : List.copyOf(runOut(most, now))) {
            LeaseChange change = lease.isOwned()
                    ? new LeaseChange(LeaseChange.Kind.EXPIRED, lease.expired())
                    : LeaseChange.ending(lease);
            LeaseWrite write = LeaseWrite.unasked(subnet.name(), lease.client().key(), List.of(change));
            if (begin(write) instanceof Claim.Granted) {
                begun.add(write);
            }
        }
        return begun;
    }

    private List<Lease> runOut(int most, Instant now) {
        return running.stream()
                .takeWhile(lease -> !now.isBefore(lease.until()))
                // who is about to take it up ends its rest
                .filter(lease -> lease.isOwned() || !offers.isOffered(lease.address()))
                .limit(most)
                .toList();
    }

    /** What was asked for is on disk: now it is so. */
    void settle(LeaseWrite write, Instant now) {
        writes.remove(write);
        for (LeaseChange change : write.changes()) {
            Lease lease = change.lease();
            if (change.kind().ends()) {
                end(lease, now);
            } else {
                put(row(lease, write), now);
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

    private Row row(Lease lease, LeaseWrite write) {
        Row own = rows.at(lease.address())
                .filter(row -> row.belongsTo(lease.client().key()))
                .orElse(new Row(lease));
        if (write.xid().isEmpty()) {
            return new Row(lease, own.xids(), own.told());
        }
        // of an end before one the client may have heard, if it missed this one
        Optional<Instant> told = write.told().map(end -> LeaseTimes.later(end, own.told()));
        return new Row(lease, own.xidsAnd(write.xid().getAsInt()), told);
    }

    private void end(Lease lease, Instant now) {
        remove(lease.address());
        if (lease.rests(now)) {
            shelf.doubt(lease);
        }
    }

    /** What was asked for is not on disk: it was never asked. */
    void abandon(LeaseWrite write, Instant now) {
        writes.remove(write);
        write.addresses().forEach(address -> file(address, now));
    }

    /** Whether a write under way touches the address, the machine that has it by now, or the one that had it. */
    boolean isBeingWritten(LeaseFollower.Standing standing) {
        return writes.touches(standing.address())
                || Stream.concat(standing.lease().stream(), rows.leaseAt(standing.address()).stream())
                        .anyMatch(lease -> writes.touches(lease.client().key()));
    }

    /** Another server has made it so. An offer of ours that cannot be kept is withdrawn. */
    void learn(Ipv4 address, Optional<Lease> lease, Instant now) {
        if (rows.leaseAt(address).equals(lease)) {
            return;
        }
        shelf.remove(address, rows.leaseAt(address));
        lease.ifPresentOrElse(
                learned -> put(new Row(learned), now),
                () -> rows.leaseAt(address).ifPresent(former -> end(former, now)));
        lease.filter(learned -> learned.isGranted() || learned.isLive(now)).ifPresent(learned -> {
            offers.clientOf(address).ifPresent(client -> withdraw(client, now));
            withdraw(learned.client().key(), now);
        });
        file(address, now);
    }

    /** What was known of the address is on no shelf: while this was being written it was kept from all others. */
    private void put(Row row, Instant now) {
        Lease lease = row.lease();
        rows.leaseAt(lease.address()).ifPresent(running::remove);
        rows.put(row);
        boolean ends = lease.state() == Lease.State.BOUND || lease.state() == Lease.State.DECLINED && !lease.reserved();
        if (ends && lease.until().isBefore(Instant.MAX)) {
            running.add(lease);
        }
        file(lease.address(), now);
    }

    private void remove(Ipv4 address) {
        rows.leaseAt(address).ifPresent(running::remove);
        rows.remove(address);
    }

    /** Puts an address where it belongs, now that something about it has changed. */
    private void file(Ipv4 address, Instant now) {
        shelf.remove(address, rows.leaseAt(address));
        if (offers.isOffered(address) || writes.touches(address)) {
            return;
        }
        rows.leaseAt(address).ifPresentOrElse(lease -> shelf.add(lease, now), () -> shelf.addUnknown(address));
    }
}

package org.jbootd.domain.lease;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.lease.Claim.Refusal;
import org.jbootd.domain.net.Ipv4;

/** What an operator wants of the leases of one subnet, whatever their clients ask for. */
final class OperatorClaims {

    private final SubnetLeases leases;
    private final Subnet subnet;
    private final Rows rows;
    private final Instant now;

    OperatorClaims(SubnetLeases leases, Instant now) {
        this.leases = leases;
        this.subnet = leases.subnet();
        this.rows = leases.rows();
        this.now = now;
    }

    /** Takes an address back from whoever has it, or ends its rest. */
    Claim takeBack(Ipv4 address) {
        Optional<Lease> known = rows.leaseAt(address);
        if (known.isEmpty()) {
            return new Claim.Refused(Refusal.UNKNOWN_CLIENT);
        }
        Lease lease = known.get();
        if (lease.state() == Lease.State.RELEASED && !lease.reserved()) {
            return new Claim.Kept(lease);
        }
        LeaseChange change = lease.isOwned()
                ? new LeaseChange(LeaseChange.Kind.RELEASED, lease.givenBack(LeaseTimes.start(now)))
                : new LeaseChange(LeaseChange.Kind.ENDED, lease);
        return leases.begin(LeaseWrite.unasked(subnet.name(), lease.client().key(), List.of(change)));
    }

    /** Keeps an address for a client, who need not have it yet. */
    Claim reserve(ClientIdentity client, Ipv4 address) {
        leases.pass(now);
        Optional<Lease> own = rows.ownAt(address, client.key());
        if (own.filter(Lease::reserved).isPresent()) {
            return new Claim.Kept(own.get());
        }
        return give(client, address, () -> {
            Instant since = LeaseTimes.start(now);
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
    Claim takeOver(ClientIdentity client, Optional<String> hostName, Ipv4 address, Instant until) {
        leases.pass(now);
        boolean ended = !now.isBefore(until);
        Optional<Lease> own = rows.ownAt(address, client.key());
        if (own.filter(lease -> ended || !lease.until().isBefore(until)).isPresent()) {
            return new Claim.Kept(own.get());
        }
        if (ended && own.isEmpty() && rows.leaseAt(address).isPresent()) {
            return new Claim.Refused(Refusal.TAKEN);
        }
        if (hasAnother(client, address, ended)) {
            return new Claim.Refused(Refusal.WRONG_ADDRESS);
        }
        Instant end = until.equals(Instant.MAX) ? until : LeaseTimes.roundUp(until);
        Lease lease = new Lease(
                address,
                subnet.name(),
                own.map(before -> client.or(before.client())).orElse(client),
                hostName.or(() -> own.flatMap(Lease::hostName)),
                own.filter(Lease::networkBooted).isPresent(),
                ended ? Lease.State.RELEASED : Lease.State.BOUND,
                LeaseTimes.start(ended ? until : now),
                end,
                own.filter(Lease::reserved).isPresent());
        return give(client, address, () -> new LeaseChange(LeaseChange.Kind.IMPORTED, lease));
    }

    /** What a client has here goes before what it had elsewhere. @param everHad what it had here goes before it, too */
    private boolean hasAnother(ClientIdentity client, Ipv4 address, boolean everHad) {
        return rows.leasesElsewhere(client.key(), address).stream().anyMatch(lease -> everHad || lease.isLive(now));
    }

    /** @param change that makes the address the client's, if it may have it */
    private Claim give(ClientIdentity client, Ipv4 address, Supplier<LeaseChange> change) {
        return leases.writes().whenIdle(client.key(), () -> {
            Optional<Refusal> refusal = refusal(client, address);
            if (refusal.isPresent()) {
                return new Claim.Refused(refusal.get());
            }
            List<LeaseChange> changes = new ArrayList<>();
            rows.leasesElsewhere(client.key(), address)
                    .forEach(former -> changes.addAll(LeaseChange.leaving(former, now)));
            rows.othersAt(address, client.key()).map(LeaseChange::ending).ifPresent(changes::add);
            changes.add(change.get());
            return leases.begin(LeaseWrite.unasked(subnet.name(), client.key(), changes));
        });
    }

    private Optional<Refusal> refusal(ClientIdentity client, Ipv4 address) {
        if (!subnet.network().hasHost(address)) {
            return Optional.of(Refusal.WRONG_NETWORK);
        }
        if (!leases.rules().permits(address, client)) {
            return Optional.of(leases.rules().isReserved(address) ? Refusal.TAKEN : Refusal.OUTSIDE_POOL);
        }
        boolean taken = rows.othersAt(address, client.key())
                .filter(lease -> lease.isGranted() || lease.isLive(now))
                .isPresent();
        return taken || leases.allocator().isHeldAgainst(address, client)
                ? Optional.of(Refusal.TAKEN)
                : Optional.empty();
    }
}

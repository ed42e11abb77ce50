package org.jbootd.domain.lease;

import java.time.Duration;
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
        leases.pass(now);
        Optional<Lease> known = rows.leaseAt(address);
        if (known.isEmpty()) {
            return onOffer(address).orElse(new Claim.Refused(Refusal.UNKNOWN_CLIENT));
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
        if (rows.isKept(address, client.key())) {
            return new Claim.Kept(rows.leaseAt(address).orElseThrow());
        }
        Optional<Ipv4> configured = configured(client).filter(other -> !other.equals(address));
        if (configured.isPresent()) {
            return new Claim.Configured(configured.get());
        }
        Optional<Lease> own = rows.ownAt(address, client.key());
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

    /** The address that the client gets by the settings, whatever an operator keeps for it. */
    private Optional<Ipv4> configured(ClientIdentity client) {
        Optional<ClientIdentity> known = rows.memoryOf(client.key()).map(before -> client.or(before.client()));
        return leases.rules().reservedFor(known.orElse(client));
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
                rows.isKept(address, client.key()));
        return give(client, address, () -> new LeaseChange(LeaseChange.Kind.IMPORTED, lease));
    }

    /** What a client has here goes before what it had elsewhere. @param everHad what it had here goes before it, too */
    private boolean hasAnother(ClientIdentity client, Ipv4 address, boolean everHad) {
        return rows.leasesElsewhere(client.key(), address).stream().anyMatch(lease -> everHad || lease.isLive(now))
                || keptElsewhere(client, address).isPresent();
    }

    private Optional<Lease> keptElsewhere(ClientIdentity client, Ipv4 address) {
        return rows.declinedAndKept(client.key())
                .filter(lease -> !lease.address().equals(address));
    }

    /** @param change that makes the address the client's, if it may have it */
    private Claim give(ClientIdentity client, Ipv4 address, Supplier<LeaseChange> change) {
        return leases.writes().whenIdle(client.key(), () -> {
            Optional<Claim> refusal = refusal(client, address);
            if (refusal.isPresent()) {
                return refusal.get();
            }
            List<LeaseChange> changes = new ArrayList<>();
            rows.leasesElsewhere(client.key(), address)
                    .forEach(former -> changes.addAll(LeaseChange.leaving(former, now)));
            keptElsewhere(client, address).map(this::keptNoMore).ifPresent(changes::add);
            rows.othersAt(address, client.key()).map(LeaseChange::ending).ifPresent(changes::add);
            changes.add(change.get());
            return leases.begin(LeaseWrite.unasked(subnet.name(), client.key(), changes));
        });
    }

    private LeaseChange keptNoMore(Lease declined) {
        return declined.rests(now)
                ? new LeaseChange(LeaseChange.Kind.DECLINED, declined.resting(now))
                : LeaseChange.ending(declined);
    }

    private Optional<Claim> refusal(ClientIdentity client, Ipv4 address) {
        if (!subnet.network().hasHost(address)) {
            return Optional.of(new Claim.Refused(Refusal.WRONG_NETWORK));
        }
        if (!leases.rules().permits(address, client)) {
            return Optional.of(
                    new Claim.Refused(leases.rules().isReserved(address) ? Refusal.TAKEN : Refusal.OUTSIDE_POOL));
        }
        if (rows.othersAt(address, client.key())
                .filter(lease -> isAnothers(lease, client))
                .isPresent()) {
            return Optional.of(new Claim.Refused(Refusal.TAKEN));
        }
        return leases.offers().isOfferedToAnother(address, client.key()) ? onOffer(address) : Optional.empty();
    }

    private boolean isAnothers(Lease lease, ClientIdentity client) {
        return lease.isKeptFor(client.key()) ? lease.rests(now) : lease.isGranted() || lease.isLive(now);
    }

    private Optional<Claim> onOffer(Ipv4 address) {
        return leases.offers().until(address).map(end -> new Claim.OnOffer(Duration.between(now, end)));
    }
}

package org.jbootd.domain.lease;

import java.time.Instant;
import java.util.Optional;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.net.Ipv4;

/**
 * Which address of one subnet a machine gets, and which it may have: by the settings, by what is known of the addresses, and
 * by what is on offer and being written. It changes nothing.
 */
final class Allocator {

    /** How close a machine is to a subnet of its wire, the closest first. */
    enum Bond {
        RESERVED,
        OWN,
        OFFERED,
        NONE
    }

    private final AddressRules rules;
    private final Shelf shelf;
    private final Rows rows;
    private final Offers offers;
    private final WritesInFlight writes;

    Allocator(AddressRules rules, Shelf shelf, Rows rows, Offers offers, WritesInFlight writes) {
        this.rules = rules;
        this.shelf = shelf;
        this.rows = rows;
        this.offers = offers;
        this.writes = writes;
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

    /** The address that a DISCOVER or a BOOTP request gets, by RFC 2131 §4.3.1. */
    Optional<Ipv4> choose(ClientIdentity client, Optional<Ipv4> hint, Instant now) {
        return beingGranted(client)
                .or(() -> proper(client, now))
                .or(() -> offers.of(client.key())
                        .filter(address -> rules.permits(address, client) && !isHeldAgainst(address, client)))
                .or(() -> hint.filter(address -> isFreeFor(address, client, now) && !shelf.isDoubtful(address)))
                .or(() -> shelf.next(client.key(), now));
    }

    private Optional<Ipv4> beingGranted(ClientIdentity client) {
        return writes.grantedTo(client.key()).filter(address -> rules.permits(address, client));
    }

    /** The address that is a machine's by right: the one reserved or kept for it, else the one it has or last had. */
    Optional<Ipv4> proper(ClientIdentity client, Instant now) {
        return usableReservation(client, now)
                .or(() -> rows.declinedAndKept(client.key())
                        .filter(lease -> !lease.rests(now))
                        .or(() -> rows.leaseOf(client.key()))
                        .map(Lease::address)
                        .filter(address -> rules.permits(address, client) && !isHeldAgainst(address, client)));
    }

    /** A reservation is for a machine, whatever its clients are known by: each of them takes it over from the one before. */
    private Optional<Ipv4> usableReservation(ClientIdentity client, Instant now) {
        return rules.reservedFor(client)
                .filter(address -> !writes.isWrittenAgainst(address, client.key())
                        && !offers.isOfferedElsewhere(address, client.hardware())
                        && !isOccupied(address, client, now));
    }

    private boolean isOccupied(Ipv4 address, ClientIdentity client, Instant now) {
        return rows.othersAt(address, client.key())
                .filter(lease ->
                        lease.rests(now) || !lease.client().hardware().equals(client.hardware()) && lease.isLive(now))
                .isPresent();
    }

    /** True of an address that is on offer or on its way to another, or that the client itself is declining. */
    boolean isHeldAgainst(Ipv4 address, ClientIdentity client) {
        return writes.isWrittenAgainst(address, client.key()) || offers.isOfferedToAnother(address, client.key());
    }

    boolean isFreeFor(Ipv4 address, ClientIdentity client, Instant now) {
        return rules.permits(address, client)
                && !isHeldAgainst(address, client)
                && (offers.of(client.key()).filter(address::equals).isPresent() || isNobodys(address, client, now));
    }

    private boolean isNobodys(Ipv4 address, ClientIdentity client, Instant now) {
        Optional<Lease> others = rows.othersAt(address, client.key());
        return others.isEmpty() || mayPass(others.get(), now);
    }

    private boolean mayPass(Lease lease, Instant now) {
        return lease.state() == Lease.State.DECLINED ? !lease.isLive(now) : shelf.mayPass(lease, now);
    }

    /** True when an address belongs to somebody else, even if that one does not use it now. */
    boolean isTaken(Ipv4 address, ClientIdentity client, Instant now) {
        return rules.isReserved(address) && !rules.permits(address, client)
                || isHeldAgainst(address, client)
                || rows.leaseAt(address)
                        .filter(lease -> lease.isGranted() || lease.isLive(now))
                        .isPresent();
    }
}

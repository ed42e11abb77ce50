package org.jbootd.domain.simulation;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.Reservation;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/** Which addresses a client may ever have: said once more, independently of the code under test. */
final class Usable {

    private Usable() {}

    /** True of its reserved address, and of those of the pool that are reserved for nobody. */
    static boolean by(Subnet subnet, HardwareAddress client, Ipv4 address) {
        for (Reservation reservation : subnet.reservations()) {
            if (reservation.address().equals(address)) {
                return reservation.hardware().equals(Optional.of(client));
            }
        }
        return isInPool(subnet, address);
    }

    /** True of an address that the client keeps as long as it wants: not of a makeshift for the one reserved for it. */
    static boolean forGoodBy(Subnet subnet, HardwareAddress client, Ipv4 address) {
        for (Reservation reservation : subnet.reservations()) {
            if (reservation.hardware().equals(Optional.of(client))) {
                return reservation.address().equals(address);
            }
        }
        return by(subnet, client, address);
    }

    /**
     * True when some address may be given to the client, or is its own.
     *
     * @param stored what is known of an address, or null
     */
    static boolean isAnyFreeFor(Subnet subnet, ClientIdentity client, Function<Ipv4, Lease> stored, Instant now) {
        return Networks.addresses(subnet).stream()
                .filter(address -> by(subnet, client.hardware(), address))
                .map(address -> Optional.ofNullable(stored.apply(address)))
                .anyMatch(lease -> lease.isEmpty()
                        || lease.get().client().key().equals(client.key())
                                && lease.get().state() != Lease.State.DECLINED
                        || isReturned(lease.get(), subnet, now));
    }

    /** True of an address that anybody may have whose turn it is. */
    static boolean isReturned(Lease lease, Subnet subnet, Instant now) {
        return switch (lease.state()) {
            case RELEASED -> true;
            case DECLINED -> !lease.isLive(now);
            case BOUND, EXPIRED ->
                !lease.isLive(now)
                        && subnet.reclaimAfter()
                                .filter(rest -> !now.isBefore(lease.until().plus(rest)))
                                .isPresent();
        };
    }

    private static boolean isInPool(Subnet subnet, Ipv4 address) {
        long index = Integer.toUnsignedLong(address.bits())
                - Integer.toUnsignedLong(subnet.pool().first().bits());
        return index >= 0
                && index < subnet.pool().count()
                && !address.equals(subnet.server())
                && !subnet.excluded().contains(address)
                && !address.equals(subnet.network().base())
                && !address.equals(subnet.network().broadcast());
    }
}

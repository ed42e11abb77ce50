package org.jbootd.domain.lease;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.UuidOrder;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/** Who may have which address by the settings of one subnet, whoever has it now. */
final class AddressRules {

    private final Subnet subnet;
    private final Map<HardwareAddress, Ipv4> addressOf = new HashMap<>();
    private final Map<UUID, Ipv4> addressOfUuid = new HashMap<>();
    private final Map<Ipv4, Reservation> reserved = new HashMap<>();

    AddressRules(Subnet subnet) {
        this.subnet = subnet;
        for (Reservation reservation : subnet.reservations()) {
            reservation.hardware().ifPresent(mac -> addressOf.putIfAbsent(mac, reservation.address()));
            reservation.uuid().ifPresent(uuid -> addressOfUuid.putIfAbsent(uuid, reservation.address()));
            reserved.putIfAbsent(reservation.address(), reservation);
        }
        for (Reservation reservation : subnet.reservations()) {
            // what is written outright beats what it means in the other order
            reservation
                    .uuid()
                    .map(UuidOrder.WIRE::write)
                    .ifPresent(uuid -> addressOfUuid.putIfAbsent(uuid, reservation.address()));
        }
    }

    /** The address reserved for a machine, if it is one that a host of this network can have; that of its MAC goes first. */
    Optional<Ipv4> reservedFor(ClientIdentity client) {
        return Optional.ofNullable(addressOf.get(client.hardware()))
                .or(() -> client.uuid().map(addressOfUuid::get))
                .filter(address -> permits(address, client));
    }

    boolean isReserved(Ipv4 address) {
        return reserved.containsKey(address);
    }

    boolean permits(Ipv4 address, ClientIdentity client) {
        Reservation reservation = reserved.get(address);
        return reservation == null ? permitsAnybody(address) : reservation.isOf(client) && isUsable(address);
    }

    /** True of an address of the pool that the settings keep for nobody. */
    boolean permitsAnybody(Ipv4 address) {
        return subnet.pool().contains(address) && !isReserved(address) && isUsable(address);
    }

    private boolean isUsable(Ipv4 address) {
        return subnet.network().hasHost(address)
                && !address.equals(subnet.server())
                && !subnet.excluded().contains(address);
    }
}

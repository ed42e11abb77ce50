package org.jbootd.domain.lease;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/** Who may have which address by the settings of one subnet, whoever has it now. */
final class AddressRules {

    private final Subnet subnet;
    private final Map<HardwareAddress, Ipv4> addressOf = new HashMap<>();
    private final Map<Ipv4, HardwareAddress> ownerOf = new HashMap<>();

    AddressRules(Subnet subnet) {
        this.subnet = subnet;
        for (Reservation reservation : subnet.reservations()) {
            addressOf.putIfAbsent(reservation.hardware(), reservation.address());
            ownerOf.putIfAbsent(reservation.address(), reservation.hardware());
        }
    }

    /** The address reserved for a machine, if it is one that a host of this network can have. */
    Optional<Ipv4> reservedFor(HardwareAddress client) {
        return Optional.ofNullable(addressOf.get(client)).filter(address -> permits(address, client));
    }

    boolean isReserved(Ipv4 address) {
        return ownerOf.containsKey(address);
    }

    boolean permits(Ipv4 address, HardwareAddress client) {
        HardwareAddress owner = ownerOf.get(address);
        return owner == null ? permitsAnybody(address) : owner.equals(client) && isUsable(address);
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

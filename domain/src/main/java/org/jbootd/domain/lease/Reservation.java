package org.jbootd.domain.lease;

import java.util.Optional;
import java.util.UUID;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.UuidOrder;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/**
 * An address that belongs to one machine, by the operator's word ({@code [static_dhcp]}, {@code [host NAME]}).
 *
 * @param hardware by which the machine is known; either this is there or {@code uuid}
 * @param uuid by which it is known, in either byte order, whatever its hardware address
 */
public record Reservation(Optional<HardwareAddress> hardware, Optional<UUID> uuid, Ipv4 address) {

    public Reservation {
        if (hardware.isPresent() == uuid.isPresent()) {
            throw new IllegalArgumentException(address + " is reserved by a hardware address or by a UUID");
        }
    }

    public Reservation(HardwareAddress hardware, Ipv4 address) {
        this(Optional.of(hardware), Optional.empty(), address);
    }

    public Reservation(UUID uuid, Ipv4 address) {
        this(Optional.empty(), Optional.of(uuid), address);
    }

    /** Whether the address is that machine's. */
    public boolean isOf(ClientIdentity client) {
        return hardware.filter(client.hardware()::equals).isPresent()
                || uuid.filter(own -> client.uuid()
                                .filter(told -> own.equals(told) || own.equals(UuidOrder.WIRE.write(told)))
                                .isPresent())
                        .isPresent();
    }

    /** What the machine is known by, as people write it. */
    public String owner() {
        return hardware.map(HardwareAddress::toString)
                .or(() -> uuid.map(UUID::toString))
                .orElseThrow();
    }
}

package org.jbootd.domain.simulation;

import org.jbootd.domain.lease.Reservation;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/** Which addresses a client may ever have: said once more, independently of the code under test. */
final class Usable {

    private Usable() {}

    static boolean by(Subnet subnet, HardwareAddress client, Ipv4 address) {
        for (Reservation reservation : subnet.reservations()) {
            if (reservation.hardware().equals(client)) {
                return reservation.address().equals(address);
            }
            if (reservation.address().equals(address)) {
                return false;
            }
        }
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

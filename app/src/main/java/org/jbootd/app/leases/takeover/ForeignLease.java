package org.jbootd.app.leases.takeover;

import java.time.Instant;
import java.util.Optional;
import org.jbootd.app.ini.Place;
import org.jbootd.app.leases.Order;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/**
 * What another server knows of an address. There may be a million of them at once.
 *
 * @param place where it says so
 * @param clientIdentifier empty when there is none
 * @param hostName empty when there is none
 * @param until end of the lease, past or to come; {@link Instant#MAX} for never
 * @param reserved true when the address is kept for the client, whether it is leased or not
 */
record ForeignLease(
        Place place,
        Ipv4 address,
        HardwareAddress hardware,
        Octets clientIdentifier,
        String hostName,
        Instant until,
        boolean reserved)
        implements Entry {

    /** As of what clients send: what is longer is not worth remembering, and only what prints is. */
    private static final int LONGEST = 255;

    private static final int MAC_OCTETS = 6;

    ForeignLease {
        if (hardware.octets().length() == 0) {
            throw new IllegalArgumentException("there is no hardware address");
        }
        if (hardware.type() == HardwareAddress.ETHERNET && hardware.octets().length() != MAC_OCTETS) {
            throw new IllegalArgumentException(hardware + " is no MAC address, which has " + MAC_OCTETS + " octets");
        }
        if (!hardware.isOfOneMachine()) {
            throw new IllegalArgumentException(hardware + " is no machine's address, but a group's or nobody's");
        }
        if (clientIdentifier.length() > LONGEST) {
            clientIdentifier = Octets.EMPTY;
        }
        hostName = printable(hostName);
    }

    private static String printable(String name) {
        return name.chars()
                .filter(c -> c > ' ' && c < 0x7f)
                .limit(LONGEST)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** A lease until {@code end}, or until now if it is over before. */
    static Instant over(Instant end, Instant now) {
        return end.isBefore(now) ? end : now;
    }

    Order order() {
        ClientIdentity client = new ClientIdentity(
                hardware, Optional.of(clientIdentifier).filter(octets -> octets.length() > 0), Optional.empty());
        return reserved
                ? new Order.Reserve(client, address)
                : new Order.TakeOver(client, Optional.of(hostName).filter(name -> !name.isEmpty()), address, until);
    }
}

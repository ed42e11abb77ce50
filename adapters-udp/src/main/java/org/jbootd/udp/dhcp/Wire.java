package org.jbootd.udp.dhcp;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import org.jbootd.udp.BindFailure;

/**
 * A served interface as the system knows it.
 *
 * @param index the system's number of it
 * @param isEthernet whether its link addresses have six octets
 * @param hasOneAddress whether there is no choice of where unicasts to that wire come from
 */
record Wire(ServedInterface served, int index, boolean isLoopback, boolean isEthernet, boolean hasOneAddress) {

    private static final int MAC_SIZE = 6;

    /** @throws BindFailure when there is no such interface */
    static Wire of(ServedInterface served, int port) {
        try {
            NetworkInterface found = NetworkInterface.getByName(served.device());
            if (found == null) {
                throw new IOException("No such device");
            }
            byte[] mac = found.getHardwareAddress();
            List<InetAddress> addresses =
                    found.inetAddresses().filter(Inet4Address.class::isInstance).toList();
            return new Wire(
                    served,
                    found.getIndex(),
                    found.isLoopback(),
                    mac != null && mac.length == MAC_SIZE,
                    addresses.size() == 1);
        } catch (IOException e) {
            throw BindFailure.of("0.0.0.0 (" + served.device() + ")", port, e);
        }
    }
}

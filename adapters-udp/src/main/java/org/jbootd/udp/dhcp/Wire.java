package org.jbootd.udp.dhcp;

import java.io.IOException;
import java.net.NetworkInterface;
import org.jbootd.udp.BindFailure;

/**
 * A served interface as the system knows it.
 *
 * @param index the system's number of it
 */
record Wire(ServedInterface served, int index, boolean isLoopback) {

    /** @throws BindFailure when there is no such interface */
    static Wire of(ServedInterface served, int port) {
        try {
            NetworkInterface found = NetworkInterface.getByName(served.device());
            if (found == null) {
                throw new IOException("No such device");
            }
            return new Wire(served, found.getIndex(), found.isLoopback());
        } catch (IOException e) {
            throw BindFailure.of("0.0.0.0 on " + served.device(), port, e);
        }
    }
}

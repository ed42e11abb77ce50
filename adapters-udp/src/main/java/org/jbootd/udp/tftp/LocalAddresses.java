package org.jbootd.udp.tftp;

import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Tells broadcast and multicast addresses from those of one host. Belongs to one event loop. */
final class LocalAddresses {

    /** Interfaces come and go, and asking for them is not cheap. */
    private static final long FRESH = TimeUnit.SECONDS.toNanos(5);

    private Set<InetAddress> broadcasts = Set.of();
    private long readAt;
    private boolean read;

    /** True of an address that several hosts answer to. */
    boolean isShared(InetAddress address) {
        byte[] octets = address.getAddress();
        boolean limited = octets[0] == -1 && octets[1] == -1 && octets[2] == -1 && octets[3] == -1;
        return limited || address.isMulticastAddress() || broadcasts().contains(address);
    }

    private Set<InetAddress> broadcasts() {
        long now = System.nanoTime();
        if (!read || now - readAt > FRESH) {
            read = true;
            readAt = now;
            broadcasts = readBroadcasts();
        }
        return broadcasts;
    }

    private static Set<InetAddress> readBroadcasts() {
        Set<InetAddress> found = new HashSet<>();
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(card -> card.getInterfaceAddresses().stream())
                    .map(InterfaceAddress::getBroadcast)
                    .filter(address -> address != null)
                    .forEach(found::add);
        } catch (SocketException e) {
            return Set.of(); // then a request to a broadcast address is answered, which hurts nobody much
        }
        return found;
    }
}

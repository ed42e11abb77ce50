package org.jbootd.udp.dhcp;

import org.jbootd.domain.net.Ipv4;

/**
 * How a datagram came to us.
 *
 * @param source where it says it comes from
 * @param sourcePort 0 to 65535
 * @param destination where it was sent to; {@link Ipv4#BROADCAST} when that cannot be known
 */
public record Arrival(ServedInterface via, Ipv4 source, int sourcePort, Ipv4 destination, int destinationPort) {

    /** From the port of clients to that of servers. */
    public Arrival(ServedInterface via, Ipv4 source, Ipv4 destination) {
        this(via, source, DhcpSettings.CLIENT_PORT, destination, DhcpSettings.SERVER_PORT);
    }
}

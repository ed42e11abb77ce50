package org.jbootd.udp.dhcp;

import org.jbootd.domain.net.Ipv4;

/**
 * How a datagram came to us.
 *
 * @param source where it says it comes from
 * @param destination where it was sent to; {@link Ipv4#BROADCAST} when that cannot be known
 */
public record Arrival(ServedInterface via, Ipv4 source, Ipv4 destination) {}

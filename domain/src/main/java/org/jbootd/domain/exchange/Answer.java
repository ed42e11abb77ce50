package org.jbootd.domain.exchange;

import java.time.Duration;
import java.util.Optional;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;

/** The one outcome of a client's message. */
public sealed interface Answer {

    /** DHCPOFFER. */
    record Offer(Terms terms) implements Answer {}

    /** DHCPACK of a lease that is on disk. */
    record Ack(Terms terms) implements Answer {}

    /** DHCPACK of an INFORM: no address, no lease time (RFC 2131 §4.3.5). {@code address} is where it goes. */
    record InformAck(Ipv4 address, Subnet subnet, BootPlan plan, Optional<String> hostName) implements Answer {}

    /** DHCPNAK. @param text for option 56 and the log */
    record Nak(Reason reason, String text, Subnet subnet) implements Answer {}

    /** BOOTREPLY to a client without option 53. Its lease has no end (RFC 1534 §2). */
    record BootReply(Terms terms) implements Answer {}

    /** No answer. @param detail for the log, may be empty */
    record Silence(Reason reason, String detail) implements Answer {}

    /**
     * What a client is given.
     *
     * @param leaseTime as granted; {@link org.jbootd.domain.lease.Lease#FOREVER} when infinite
     */
    record Terms(Ipv4 address, Duration leaseTime, Subnet subnet, BootPlan plan, Optional<String> hostName) {}
}

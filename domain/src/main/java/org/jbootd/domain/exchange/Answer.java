package org.jbootd.domain.exchange;

import java.time.Duration;
import java.util.Optional;
import org.jbootd.domain.boot.BootMenu;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.client.BootItem;
import org.jbootd.domain.client.BootProtocol;
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

    /** DHCPOFFER without an address, beside that of the server that has one (PXE 2.1 §2.2.2). */
    record ProxyOffer(BootInformation boot) implements Answer {}

    /**
     * DHCPACK of a boot server (PXE 2.1 §2.2.4). It goes where the request came from.
     *
     * @param chosen what the machine chose from the menu
     */
    record ProxyAck(Ipv4 address, BootInformation boot, Optional<BootItem> chosen) implements Answer {}

    /** No answer. @param detail for the log, may be empty */
    record Silence(Reason reason, String detail) implements Answer {}

    /**
     * What a client is given.
     *
     * @param leaseTime as granted; {@link org.jbootd.domain.lease.Lease#FOREVER} when infinite
     */
    record Terms(Ipv4 address, Duration leaseTime, Subnet subnet, BootPlan plan, Optional<String> hostName) {}

    /**
     * What firmware is told by a server without addresses.
     *
     * @param plan what it boots when it is shown no menu, or chooses an item without a file
     * @param menu empty when it just fetches the file of the plan
     */
    record BootInformation(Subnet subnet, BootProtocol protocol, BootPlan plan, Optional<BootMenu> menu) {

        /** What it is told to fetch at once: nothing beside a menu, as UEFI firmware that sees a file never shows the menu. */
        public BootPlan fetched() {
            return menu.isPresent() ? BootPlan.NOTHING : plan;
        }
    }
}

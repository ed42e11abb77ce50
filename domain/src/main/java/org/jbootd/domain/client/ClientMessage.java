package org.jbootd.domain.client;

import java.util.Optional;
import org.jbootd.domain.net.Ipv4;

/** A message of a client, classified. REQUEST comes in four kinds, by RFC 2131 §4.3.2 (table 4). */
public sealed interface ClientMessage {

    Request request();

    /** The address that the message is about, {@link Ipv4#UNSPECIFIED} when it is about none. */
    Ipv4 address();

    /** The server that the message is meant for (option 54); empty when it does not say, and of kinds that say it to nobody. */
    default Optional<Ipv4> namedServer() {
        return Optional.empty();
    }

    /** True when the message names a server, and not that one. */
    default boolean isForAnotherThan(Ipv4 server) {
        return namedServer().filter(named -> !named.equals(server)).isPresent();
    }

    /** True of those that take something back; everything else gives something, and passes access control first. */
    default boolean givesBack() {
        return this instanceof Release || this instanceof Decline;
    }

    /** DHCPDISCOVER. @param wanted option 50 */
    record Discover(Request request, Optional<Ipv4> wanted) implements ClientMessage {

        @Override
        public Ipv4 address() {
            return wanted.orElse(Ipv4.UNSPECIFIED);
        }
    }

    /** DHCPREQUEST in state SELECTING. @param server option 54 @param address option 50 */
    record Select(Request request, Ipv4 server, Ipv4 address) implements ClientMessage {

        @Override
        public Optional<Ipv4> namedServer() {
            return Optional.of(server);
        }
    }

    /** DHCPREQUEST in state INIT-REBOOT. @param address option 50 */
    record Reboot(Request request, Ipv4 address) implements ClientMessage {}

    /** DHCPREQUEST in state RENEWING: unicast, no relay. @param address ciaddr */
    record Renew(Request request, Ipv4 address) implements ClientMessage {}

    /** DHCPREQUEST in state REBINDING: broadcast, or through a relay. @param address ciaddr */
    record Rebind(Request request, Ipv4 address) implements ClientMessage {}

    /** DHCPDECLINE. @param address option 50 */
    record Decline(Request request, Optional<Ipv4> server, Ipv4 address) implements ClientMessage {

        @Override
        public Optional<Ipv4> namedServer() {
            return server;
        }
    }

    /** DHCPRELEASE. @param address ciaddr */
    record Release(Request request, Optional<Ipv4> server, Ipv4 address) implements ClientMessage {

        @Override
        public Optional<Ipv4> namedServer() {
            return server;
        }
    }

    /** DHCPINFORM. @param address ciaddr, or the source address when ciaddr is zero */
    record Inform(Request request, Ipv4 address) implements ClientMessage {}

    /** A BOOTREQUEST without option 53 (RFC 951). @param address ciaddr, {@link Ipv4#UNSPECIFIED} when the client has none */
    record Bootp(Request request, Ipv4 address) implements ClientMessage {}

    /**
     * DHCPDISCOVER of firmware to a server that gives boot information only, beside one that gives addresses (PXE 2.1
     * §2.2.2).
     */
    record BootDiscover(Request request, BootProtocol protocol) implements ClientMessage {

        @Override
        public Ipv4 address() {
            return Ipv4.UNSPECIFIED;
        }
    }

    /**
     * DHCPREQUEST or DHCPINFORM of PXE firmware to a boot server (PXE 2.1 §2.2.4).
     *
     * @param address the one that it was sent from, and that the answer goes to
     * @param item option 43.71; empty when the machine leaves it to the server, or when it cannot be read
     */
    record BootRequest(Request request, Ipv4 address, Optional<BootItem> item) implements ClientMessage {}
}

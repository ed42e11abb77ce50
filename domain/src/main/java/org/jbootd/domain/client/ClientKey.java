package org.jbootd.domain.client;

import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Octets;

/**
 * By what the lease book tells clients apart: two messages with one key are of one client, and one client has one address of
 * a subnet. {@link Identification} makes it.
 */
public sealed interface ClientKey {

    /** Hardware type and address, htype and chaddr (RFC 2131 §4.2). */
    record Hardware(HardwareAddress address) implements ClientKey {

        @Override
        public String toString() {
            return address.toString();
        }
    }

    /** Client identifier, option 61: opaque, whatever it is made of (RFC 2131 §4.2, RFC 4361 §6.3). */
    record Identifier(Octets octets) implements ClientKey {

        /** {@code id:} and the octets in hex, which is no hardware address. */
        @Override
        public String toString() {
            return "id:" + octets.toHex();
        }
    }
}

package org.jbootd.domain.client;

import java.util.Optional;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Octets;

/** What makes the key of a client: the operator's choice, one for all subnets. */
public enum Identification {

    /** The hardware address, whatever else a message says: one machine has one address, from firmware to operating system. */
    HARDWARE {
        @Override
        ClientKey key(HardwareAddress hardware, Optional<Octets> clientIdentifier) {
            return new ClientKey.Hardware(hardware);
        }
    },

    /** The client identifier, and the hardware address of those that send none (RFC 2131 §4.2). */
    CLIENT_ID {
        @Override
        ClientKey key(HardwareAddress hardware, Optional<Octets> clientIdentifier) {
            return clientIdentifier
                    .<ClientKey>map(ClientKey.Identifier::new)
                    .orElseGet(() -> new ClientKey.Hardware(hardware));
        }
    };

    abstract ClientKey key(HardwareAddress hardware, Optional<Octets> clientIdentifier);
}

package org.jbootd.app.leases;

import java.time.Instant;
import java.util.Optional;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.net.Ipv4;

/** What an operator wants of the leases. */
public sealed interface Order {

    Ipv4 address();

    /** Whoever has the address has it no more. */
    record Release(Ipv4 address) implements Order {}

    /** The address is kept for a client. */
    record Reserve(ClientIdentity client, Ipv4 address) implements Order {}

    /** A client has the address from another server. @param until {@link Instant#MAX} for ever */
    record TakeOver(ClientIdentity client, Optional<String> hostName, Ipv4 address, Instant until) implements Order {}
}

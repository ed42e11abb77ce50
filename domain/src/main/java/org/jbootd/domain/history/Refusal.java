package org.jbootd.domain.history;

import java.time.Instant;
import java.util.Optional;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.exchange.Reason;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/**
 * A message that got no address, or no answer.
 *
 * @param at wall clock
 * @param detail as the log has it, may be empty
 * @param client empty when the message cannot be read
 * @param facts what else the message says
 */
public record Refusal(Instant at, Reason reason, String detail, Optional<ClientIdentity> client, Facts facts) {

    /**
     * @param message its name: DISCOVER, REQUEST …
     * @param address that it asks for, or is about
     * @param subnet name of the subnet that decided; empty when none did
     * @param relay giaddr
     * @param relayInformation option 82
     */
    public record Facts(
            String message,
            Optional<BootStage> stage,
            Optional<ClientArchitecture> architecture,
            Optional<String> hostName,
            Optional<Ipv4> address,
            Optional<String> subnet,
            Optional<Ipv4> relay,
            Optional<Octets> relayInformation) {

        /** Of a datagram that is none of ours. */
        public static final Facts UNREADABLE = new Facts(
                "UNREADABLE",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}

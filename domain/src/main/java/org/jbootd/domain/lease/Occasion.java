package org.jbootd.domain.lease;

import java.time.Instant;
import java.util.Optional;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/**
 * How a change came about, for the history. No decision depends on it.
 *
 * @param stage how far the machine had come whose message it was; empty when there was no message, as for all that follow
 * @param architecture the first that the machine named
 * @param relay giaddr; empty when the message came by the wire
 * @param relayInformation option 82 as it came
 * @param offered since when the address had been on offer, in server time; empty when it was not
 */
public record Occasion(
        Cause cause,
        Optional<BootStage> stage,
        Optional<ClientArchitecture> architecture,
        Optional<Ipv4> relay,
        Optional<Octets> relayInformation,
        Optional<Instant> offered) {

    public static final Occasion UNKNOWN = of(Cause.UNKNOWN);

    /** Without a message. */
    public static Occasion of(Cause cause) {
        return new Occasion(
                cause, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** A message's. */
    public static Occasion of(Cause cause, Request request, Optional<Instant> offered) {
        return new Occasion(
                cause,
                Optional.of(request.stage()),
                request.architectures().stream().findFirst(),
                Optional.of(request.relay()).filter(relay -> !relay.isUnspecified()),
                request.relayInformation(),
                offered);
    }
}

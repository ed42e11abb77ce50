package org.jbootd.domain.client;

import java.util.List;
import java.util.Optional;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/**
 * What every client message tells, whatever it wants.
 *
 * @param xid transaction number chosen by the client
 * @param subnet name of the {@link org.jbootd.domain.lease.Subnet} the client sits on: by receiving interface, or by giaddr
 * @param relay giaddr, or {@link Ipv4#UNSPECIFIED} when the client is on our own wire
 * @param architectures option 93 in the client's order, else the one in option 60; empty when it names none
 * @param hostName option 12, cleaned of anything unprintable
 * @param relayInformation option 82 as it came, for the record
 * @param address the one that the machine has, or last had
 * @param networkBooted true when the machine boots over the network now, or is known to have done so
 */
public record Request(
        int xid,
        ClientIdentity client,
        BootStage stage,
        String subnet,
        Ipv4 relay,
        List<ClientArchitecture> architectures,
        Optional<String> hostName,
        Optional<Octets> relayInformation,
        Optional<Ipv4> address,
        boolean networkBooted) {

    public Request {
        architectures = List.copyOf(architectures);
        networkBooted |= stage.networkBoots();
    }

    /** A request by itself, with nothing known of its machine from before. */
    public Request(
            int xid,
            ClientIdentity client,
            BootStage stage,
            String subnet,
            Ipv4 relay,
            List<ClientArchitecture> architectures,
            Optional<String> hostName,
            Optional<Octets> relayInformation) {
        this(xid, client, stage, subnet, relay, architectures, hostName, relayInformation, Optional.empty(), false);
    }

    /** Without what it says of its machine, but by what that is known. */
    public Request withoutClaims() {
        return new Request(
                xid,
                client.bare(),
                BootStage.OPERATING_SYSTEM,
                subnet,
                relay,
                List.of(),
                Optional.empty(),
                relayInformation);
    }
}

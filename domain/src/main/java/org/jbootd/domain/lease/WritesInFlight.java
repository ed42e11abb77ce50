package org.jbootd.domain.lease;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jbootd.domain.client.ClientKey;
import org.jbootd.domain.net.Ipv4;

/** What is on its way to the store: about each address, and about each client, one write at a time. */
final class WritesInFlight {

    private final Map<Ipv4, LeaseWrite> byAddress = new HashMap<>();
    private final Map<ClientKey, LeaseWrite> byClient = new HashMap<>();
    private int declines;

    /** What is decided about a client, unless a write about it is under way. */
    Claim whenIdle(ClientKey client, Supplier<Claim> decision) {
        LeaseWrite write = byClient.get(client);
        return write == null ? decision.get() : new Claim.Busy(write);
    }

    /** Another write that touches the same machine or the same address. */
    Optional<LeaseWrite> rival(LeaseWrite write) {
        return Stream.concat(
                        write.parties().stream().map(byClient::get),
                        write.addresses().stream().map(byAddress::get))
                .filter(Objects::nonNull)
                .findFirst();
    }

    /** @param write one without a {@link #rival} */
    void add(LeaseWrite write) {
        write.addresses().forEach(address -> byAddress.put(address, write));
        write.parties().forEach(party -> byClient.put(party, write));
        declines += write.declines() ? 1 : 0;
    }

    void remove(LeaseWrite write) {
        write.addresses().forEach(byAddress::remove);
        write.parties().forEach(byClient::remove);
        declines -= write.declines() ? 1 : 0;
    }

    Set<Ipv4> addresses() {
        return byAddress.keySet();
    }

    boolean touches(Ipv4 address) {
        return byAddress.containsKey(address);
    }

    boolean touches(ClientKey client) {
        return byClient.containsKey(client);
    }

    /** The address that a client has asked for, and gets. */
    Optional<Ipv4> grantedTo(ClientKey client) {
        return Optional.ofNullable(byClient.get(client))
                .filter(write -> write.grants() && write.client().equals(client))
                .map(write -> write.lease().address());
    }

    /** True of an address that is on its way to another, or that the client itself is declining. */
    boolean isWrittenAgainst(Ipv4 address, ClientKey client) {
        LeaseWrite write = byAddress.get(address);
        return write != null && (!write.client().equals(client) || write.declines());
    }

    /** How many of them put an address to rest because its client asked for that. */
    int declines() {
        return declines;
    }
}

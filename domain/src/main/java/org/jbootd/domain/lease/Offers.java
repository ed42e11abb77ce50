package org.jbootd.domain.lease;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientKey;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/** The addresses on offer in one subnet: in memory only, one a client, the oldest first. */
final class Offers {

    /** More than this many at once, and the oldest goes. */
    static final int MAX = 65_536;

    private record Offer(ClientIdentity client, Ipv4 address, Instant since, Instant until) {}

    /**
     * All are held equally long, so the order of insertion is that of ending. (After a change of that time some end when an
     * older one does, and no later.)
     */
    private final LinkedHashMap<ClientKey, Offer> byClient = new LinkedHashMap<>();

    private final Map<Ipv4, Offer> byAddress = new HashMap<>();

    Optional<Ipv4> of(ClientKey client) {
        return Optional.ofNullable(byClient.get(client)).map(Offer::address);
    }

    /** Since when the address has been on offer to the client. */
    Optional<Instant> since(ClientKey client, Ipv4 address) {
        return Optional.ofNullable(byClient.get(client))
                .filter(offer -> offer.address().equals(address))
                .map(Offer::since);
    }

    /** Until when the address is on offer; empty when it is not. */
    Optional<Instant> until(Ipv4 address) {
        return Optional.ofNullable(byAddress.get(address)).map(Offer::until);
    }

    boolean isOffered(Ipv4 address) {
        return byAddress.containsKey(address);
    }

    boolean isOfferedToAnother(Ipv4 address, ClientKey client) {
        Offer offer = byAddress.get(address);
        return offer != null && !offer.client().key().equals(client);
    }

    Optional<ClientKey> clientOf(Ipv4 address) {
        return Optional.ofNullable(byAddress.get(address))
                .map(offer -> offer.client().key());
    }

    /** True when the address is on offer to some client on another machine. */
    boolean isOfferedElsewhere(Ipv4 address, HardwareAddress machine) {
        Offer offer = byAddress.get(address);
        return offer != null && !offer.client().hardware().equals(machine);
    }

    /**
     * An offer of the same address to somebody else ends by this.
     *
     * @return addresses that are no longer on offer because of this
     */
    List<Ipv4> put(ClientIdentity client, Ipv4 address, Instant now, Instant until) {
        List<Ipv4> gone = new ArrayList<>();
        Instant since = since(client.key(), address).orElse(now);
        remove(client.key()).filter(former -> !former.equals(address)).ifPresent(gone::add);
        Optional.ofNullable(byAddress.get(address))
                .ifPresent(other -> remove(other.client().key()));
        if (byClient.size() == MAX) {
            gone.add(removeOldest());
        }
        Offer offer = new Offer(client, address, since, until);
        byClient.put(client.key(), offer);
        byAddress.put(address, offer);
        return gone;
    }

    Optional<Ipv4> remove(ClientKey client) {
        Offer offer = byClient.remove(client);
        if (offer == null) {
            return Optional.empty();
        }
        byAddress.remove(offer.address());
        return Optional.of(offer.address());
    }

    /** @return addresses whose offer is over */
    List<Ipv4> expire(Instant now) {
        List<Ipv4> gone = new ArrayList<>();
        while (!byClient.isEmpty() && !now.isBefore(oldest().until())) {
            gone.add(removeOldest());
        }
        return gone;
    }

    /** Withdraws every offer for which {@code permitted} says no. */
    void retain(BiPredicate<Ipv4, ClientIdentity> permitted) {
        List.copyOf(byClient.values()).stream()
                .filter(offer -> !permitted.test(offer.address(), offer.client()))
                .forEach(offer -> remove(offer.client().key()));
    }

    Set<Ipv4> addresses() {
        return byAddress.keySet();
    }

    private Offer oldest() {
        return byClient.values().iterator().next();
    }

    private Ipv4 removeOldest() {
        Offer offer = oldest();
        remove(offer.client().key());
        return offer.address();
    }
}

package org.jbootd.domain.lease;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jbootd.domain.client.ClientKey;
import org.jbootd.domain.net.Ipv4;

/**
 * Changes on their way to the store. Until {@link LeaseBook#settle} or {@link LeaseBook#abandon} their addresses are
 * kept from everybody else, and no other change is made for the machines they touch.
 */
public final class LeaseWrite {

    private final String subnet;
    private final ClientKey client;
    private final OptionalInt xid;
    private final Optional<Instant> offered;
    private final Optional<Instant> told;
    private final List<LeaseChange> changes;
    private final Set<ClientKey> parties;
    private final List<Ipv4> addresses;

    /**
     * @param xid of the message that this answers; empty when nobody asked
     * @param offered since when the address has been on offer to the client
     * @param told the end that the client is told; empty when it is told of none
     * @param changes what the client asked for comes last, what it costs others before
     */
    LeaseWrite(
            String subnet,
            ClientKey client,
            OptionalInt xid,
            Optional<Instant> offered,
            Optional<Instant> told,
            List<LeaseChange> changes) {
        this.subnet = subnet;
        this.client = client;
        this.xid = xid;
        this.offered = offered;
        this.told = told;
        this.changes = List.copyOf(changes);
        this.parties = parties(client, changes);
        this.addresses = changes.stream()
                .map(change -> change.lease().address())
                .distinct()
                .toList();
    }

    /** One that no message asked for. */
    static LeaseWrite unasked(String subnet, ClientKey client, List<LeaseChange> changes) {
        return new LeaseWrite(subnet, client, OptionalInt.empty(), Optional.empty(), Optional.empty(), changes);
    }

    private static Set<ClientKey> parties(ClientKey client, List<LeaseChange> changes) {
        Set<ClientKey> parties = new LinkedHashSet<>();
        parties.add(client);
        changes.stream()
                .map(LeaseChange::lease)
                .filter(Lease::isOwned)
                .forEach(lease -> parties.add(lease.client().key()));
        return parties;
    }

    /** For {@link LeaseStore#commit}, as one. */
    public List<LeaseChange> changes() {
        return changes;
    }

    /** Since when the address has been on offer to the client, in server time. */
    public Optional<Instant> offered() {
        return offered;
    }

    /** What the client asked for. */
    public Lease lease() {
        return last().lease();
    }

    private LeaseChange last() {
        return changes.get(changes.size() - 1);
    }

    String subnet() {
        return subnet;
    }

    ClientKey client() {
        return client;
    }

    OptionalInt xid() {
        return xid;
    }

    Optional<Instant> told() {
        return told;
    }

    boolean grants() {
        return lease().state() == Lease.State.BOUND;
    }

    public boolean declines() {
        return last().kind() == LeaseChange.Kind.DECLINED;
    }

    /** The client, and those who lose an address by this. */
    Set<ClientKey> parties() {
        return parties;
    }

    List<Ipv4> addresses() {
        return addresses;
    }
}

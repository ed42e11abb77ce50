package org.jbootd.domain.lease;

import java.util.List;
import java.util.Optional;

/** The leases in memory: an index over the store, and the rules by which addresses are given. */
public final class LeaseBook {

    /** @param stored as {@link LeaseStore#load} returned it */
    public LeaseBook(List<Subnet> subnets, List<Lease> stored) {}

    /** What the stored leases have that the settings no longer cover, one sentence each, for the log. */
    public List<String> notes() {
        return List.of();
    }

    public Optional<Subnet> subnet(String name) {
        return Optional.empty();
    }
}

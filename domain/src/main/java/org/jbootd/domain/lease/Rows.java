package org.jbootd.domain.lease;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jbootd.domain.client.ClientKey;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/** What is known of each address of a subnet, and of each client the other way round. */
final class Rows {

    private final Map<Ipv4, Row> byAddress = new HashMap<>();

    /** The row that is a client's address here, bound or released. */
    private final Map<ClientKey, Row> bindings = new HashMap<>();

    /** Further rows of a client that has a better one; only what was loaded or learned can have such. */
    private final Map<ClientKey, List<Ipv4>> strays = new HashMap<>();

    /** The last row in which a client declined an address here, as long as that rests. */
    private final Map<ClientKey, Row> declined = new HashMap<>();

    /** The row in which a client declined the address that an operator keeps for it. */
    private final Map<ClientKey, Row> kept = new HashMap<>();

    /** The last row of a machine whose clients are known by their client identifier. */
    private final Map<HardwareAddress, Row> machines = new HashMap<>();

    Optional<Row> at(Ipv4 address) {
        return Optional.ofNullable(byAddress.get(address));
    }

    Optional<Lease> leaseAt(Ipv4 address) {
        return at(address).map(Row::lease);
    }

    /** What a client has at an address, or had. */
    Optional<Lease> ownAt(Ipv4 address, ClientKey client) {
        return at(address).filter(row -> row.belongsTo(client)).map(Row::lease);
    }

    /** What is known of an address that is not that client's. */
    Optional<Lease> othersAt(Ipv4 address, ClientKey client) {
        return at(address).filter(row -> !row.belongsTo(client)).map(Row::lease);
    }

    Set<Ipv4> addresses() {
        return byAddress.keySet();
    }

    Stream<Lease> leases() {
        return byAddress.values().stream().map(Row::lease);
    }

    /** The lease of a client, bound or released. */
    Optional<Lease> leaseOf(ClientKey client) {
        return Optional.ofNullable(bindings.get(client)).map(Row::lease);
    }

    /** All that is stored of a client but what it has at that address. */
    List<Lease> leasesElsewhere(ClientKey client, Ipv4 address) {
        return Stream.concat(
                        strays.getOrDefault(client, List.of()).stream()
                                .map(stray -> byAddress.get(stray).lease()),
                        leaseOf(client).stream())
                .filter(lease -> !lease.address().equals(address))
                .toList();
    }

    /** The address that an operator keeps for a client, who declined it. */
    Optional<Lease> declinedAndKept(ClientKey client) {
        return Optional.ofNullable(kept.get(client)).map(Row::lease);
    }

    /** Whether an operator keeps an address for a client. */
    boolean isKept(Ipv4 address, ClientKey client) {
        return leaseAt(address).filter(lease -> lease.isKeptFor(client)).isPresent();
    }

    /** What was last stored of a client: its lease, else the address that it declined. */
    Optional<Lease> memoryOf(ClientKey client) {
        return leaseOf(client)
                .or(() -> Optional.ofNullable(declined.get(client)).map(Row::lease));
    }

    /** What was last stored of a machine, whatever its client is known by. */
    Optional<Lease> memoryOfMachine(HardwareAddress machine) {
        return Stream.concat(
                        memoryOf(new ClientKey.Hardware(machine)).stream(),
                        Optional.ofNullable(machines.get(machine)).map(Row::lease).stream())
                .max(Comparator.comparing(Lease::since));
    }

    /** Takes the place of what was known of the address. */
    void put(Row row) {
        Lease lease = row.lease();
        remove(lease.address());
        byAddress.put(lease.address(), row);
        if (!lease.isOwned()) {
            declined.put(lease.client().key(), row);
            if (lease.reserved()) {
                kept.put(lease.client().key(), row);
            }
        } else {
            bind(row);
        }
        if (lease.client().key() instanceof ClientKey.Identifier) {
            machines.merge(lease.client().hardware(), row, Rows::later);
        }
    }

    private static Row later(Row one, Row other) {
        return one.lease().since().isAfter(other.lease().since()) ? one : other;
    }

    private void bind(Row row) {
        ClientKey client = row.lease().client().key();
        Row other = bindings.get(client);
        if (other == null) {
            bindings.put(client, row);
            return;
        }
        boolean better = isBetter(row.lease(), other.lease());
        bindings.put(client, better ? row : other);
        strays.computeIfAbsent(client, key -> new ArrayList<>())
                .add((better ? other : row).lease().address());
    }

    private static boolean isBetter(Lease one, Lease other) {
        if (one.isGranted() != other.isGranted()) {
            return one.isGranted();
        }
        return one.until().isAfter(other.until());
    }

    void remove(Ipv4 address) {
        Row row = byAddress.remove(address);
        if (row == null) {
            return;
        }
        ClientKey client = row.lease().client().key();
        declined.remove(client, row);
        kept.remove(client, row);
        machines.remove(row.lease().client().hardware(), row);
        if (bindings.remove(client, row)) {
            // what it had beside that takes its place
            Optional.ofNullable(strays.remove(client))
                    .ifPresent(addresses -> addresses.forEach(other -> bind(byAddress.get(other))));
        } else {
            strays.computeIfPresent(client, (key, addresses) -> {
                addresses.remove(address);
                return addresses.isEmpty() ? null : addresses;
            });
        }
    }
}

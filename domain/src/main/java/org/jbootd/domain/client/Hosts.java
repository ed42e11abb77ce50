package org.jbootd.domain.client;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jbootd.domain.net.HardwareAddress;

/** The machines that the operator has named. Cannot change. */
public final class Hosts {

    public static final Hosts NONE = new Hosts(List.of());

    private final List<Host> all;
    private final Map<HardwareAddress, Host> byHardware = new HashMap<>();
    private final Map<UUID, Host> byUuid = new HashMap<>();

    /** @param hosts of which no two have the same hardware address or UUID */
    public Hosts(List<Host> hosts) {
        all = List.copyOf(hosts);
        for (Host host : hosts) {
            host.hardware().ifPresent(hardware -> byHardware.put(hardware, host));
            host.uuid().ifPresent(uuid -> byUuid.put(uuid, host));
        }
        for (Host host : hosts) {
            // what is written outright beats what it means in the other order
            host.uuid().ifPresent(uuid -> byUuid.putIfAbsent(UuidOrder.WIRE.write(uuid), host));
        }
    }

    /** The names of the files that any of them is told to load. */
    public Stream<String> bootFiles() {
        return all.stream().flatMap(host -> host.bootFile().stream());
    }

    /** The machine, by its hardware address, else by the UUID that is known of it. */
    public Optional<Host> find(ClientIdentity client) {
        return Optional.ofNullable(byHardware.get(client.hardware()))
                .or(() -> client.uuid().map(byUuid::get));
    }
}

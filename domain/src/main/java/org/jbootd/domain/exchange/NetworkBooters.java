package org.jbootd.domain.exchange;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jbootd.domain.net.HardwareAddress;

/**
 * Machines that booted over the network lately and may not have a lease yet, with their UUID. The lease remembers both
 * for good.
 */
final class NetworkBooters {

    /** More than this many, and the one not heard of the longest goes. */
    static final int MAX = 65_536;

    private final Map<HardwareAddress, Optional<UUID>> uuids = new LinkedHashMap<>(16, 0.75f, true);

    void add(HardwareAddress machine, Optional<UUID> uuid) {
        uuids.put(machine, uuid);
        if (uuids.size() > MAX) {
            uuids.remove(uuids.keySet().iterator().next());
        }
    }

    boolean contains(HardwareAddress machine) {
        return uuids.containsKey(machine);
    }

    Optional<UUID> uuid(HardwareAddress machine) {
        return uuids.getOrDefault(machine, Optional.empty());
    }
}

package org.jbootd.domain.client;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Octets;

/**
 * Everything a message says about who sent it. The hardware address is the key; client identifier (option 61) and
 * UUID (option 97, or the one remembered of that machine) are recorded and do not split a machine in two.
 */
public record ClientIdentity(HardwareAddress hardware, Optional<Octets> clientIdentifier, Optional<UUID> uuid) {

    public ClientIdentity {
        Objects.requireNonNull(hardware, "hardware");
        Objects.requireNonNull(clientIdentifier, "clientIdentifier");
        Objects.requireNonNull(uuid, "uuid");
    }

    public static ClientIdentity of(HardwareAddress hardware) {
        return new ClientIdentity(hardware, Optional.empty(), Optional.empty());
    }
}

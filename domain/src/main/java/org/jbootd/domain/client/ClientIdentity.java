package org.jbootd.domain.client;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Octets;

/**
 * Everything a message says about who sent it: hardware address, client identifier (option 61), and UUID (option 97, or the
 * one remembered of that machine).
 *
 * @param key which of them the client is known by
 */
public record ClientIdentity(
        HardwareAddress hardware, Optional<Octets> clientIdentifier, Optional<UUID> uuid, ClientKey key) {

    public ClientIdentity {
        Objects.requireNonNull(hardware, "hardware");
        Objects.requireNonNull(uuid, "uuid");
        boolean named = key instanceof ClientKey.Identifier identifier
                ? clientIdentifier.filter(identifier.octets()::equals).isPresent()
                : key.equals(new ClientKey.Hardware(hardware));
        if (!named) {
            throw new IllegalArgumentException("a client is known by what it says of itself, not by " + key);
        }
    }

    /** A client that is known by its hardware address. */
    public ClientIdentity(HardwareAddress hardware, Optional<Octets> clientIdentifier, Optional<UUID> uuid) {
        this(hardware, clientIdentifier, uuid, new ClientKey.Hardware(hardware));
    }

    public static ClientIdentity of(HardwareAddress hardware) {
        return new ClientIdentity(hardware, Optional.empty(), Optional.empty());
    }

    /** The same client, known by what {@code identification} wants. */
    public ClientIdentity by(Identification identification) {
        ClientKey wanted = identification.key(hardware, clientIdentifier);
        return wanted.equals(key) ? this : new ClientIdentity(hardware, clientIdentifier, uuid, wanted);
    }

    /** The same client; what is {@code known} stands for what it does not say itself. */
    public ClientIdentity or(ClientIdentity known) {
        return new ClientIdentity(hardware, clientIdentifier.or(known::clientIdentifier), uuid.or(known::uuid), key);
    }

    /** The same client, of which no more is believed than its hardware address and what it is known by. */
    public ClientIdentity bare() {
        Optional<Octets> known =
                key instanceof ClientKey.Identifier identifier ? Optional.of(identifier.octets()) : Optional.empty();
        return new ClientIdentity(hardware, known, Optional.empty(), key);
    }

    /** The same client, on a machine of this UUID. */
    public ClientIdentity with(Optional<UUID> known) {
        return new ClientIdentity(hardware, clientIdentifier, known, key);
    }
}

package org.jbootd.persistence;

import java.util.Objects;
import java.util.Optional;
import org.jbootd.domain.net.Ipv4;

/**
 * Where SQL tools may ask a data directory's history while the daemon runs.
 *
 * @param address that is listened at; 0.0.0.0 for all of this host
 * @param port TCP
 * @param password the auditor's; empty when he has none, which only the loopback interface allows
 */
public record SqlAccess(Ipv4 address, int port, Optional<String> password) {

    /** This host's alone. */
    public static final Ipv4 LOOPBACK = Ipv4.parse("127.0.0.1");

    private static final int LOOPBACK_NETWORK = 127;

    public SqlAccess {
        Objects.requireNonNull(password, "password");
        if (!isLoopback(address) && password.isEmpty()) {
            throw new IllegalArgumentException("who asks from other hosts needs a password");
        }
    }

    public static boolean isLoopback(Ipv4 address) {
        return address.bits() >>> 24 == LOOPBACK_NETWORK;
    }

    /** Shows no password. */
    @Override
    public String toString() {
        return address + ":" + port;
    }
}

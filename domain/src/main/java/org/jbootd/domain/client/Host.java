package org.jbootd.domain.client;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Octets;

/**
 * One machine, and what it is told that others are not: {@code [host NAME]}.
 *
 * @param name the operator's own
 * @param hardware by which it is known; a host has this or {@code uuid}, or both
 * @param uuid by which it is known, in either byte order
 * @param hostName for option 12
 * @param bootFile instead of all that its kind and its subnet would load
 * @param options further DHCP options by number, instead of its subnet's
 */
public record Host(
        String name,
        Optional<HardwareAddress> hardware,
        Optional<UUID> uuid,
        Optional<String> hostName,
        Optional<String> bootFile,
        Map<Integer, Octets> options) {

    public Host {
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
        if (hardware.isEmpty() && uuid.isEmpty()) {
            throw new IllegalArgumentException("nothing tells the machine " + name + " from others");
        }
    }
}

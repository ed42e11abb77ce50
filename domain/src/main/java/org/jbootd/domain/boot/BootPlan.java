package org.jbootd.domain.boot;

import java.util.Map;
import java.util.Optional;
import org.jbootd.domain.net.Octets;

/**
 * What a machine should load, and what it is told as this one machine.
 *
 * @param bootFile the name it is told; empty when it is told none
 * @param sizeBytes the file's size, when it is known without waiting
 * @param hostName its own, unless access control has another
 * @param options DHCP options by number, which go before those of its subnet
 */
public record BootPlan(
        Optional<String> bootFile, Optional<Long> sizeBytes, Optional<String> hostName, Map<Integer, Octets> options) {

    public static final BootPlan NOTHING = new BootPlan(Optional.empty(), Optional.empty());

    /** For a machine that is like others. */
    public BootPlan(Optional<String> bootFile, Optional<Long> sizeBytes) {
        this(bootFile, sizeBytes, Optional.empty(), Map.of());
    }
}

package org.jbootd.udp.dhcp;

import java.util.Objects;
import java.util.Optional;
import org.jbootd.domain.net.Ipv4;

/**
 * A network interface on which requests are accepted.
 *
 * @param device its name, such as {@code eth0}
 * @param address our own address on it, the source of what is sent there
 * @param subnet name of the subnet whose clients sit on this wire; empty where only relayed requests are served
 */
public record ServedInterface(String device, Ipv4 address, Optional<String> subnet) {

    public ServedInterface {
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(subnet, "subnet");
    }
}

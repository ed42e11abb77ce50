package org.jbootd.app.settings;

import java.util.List;
import java.util.Optional;
import org.jbootd.app.host.HostNetwork;
import org.jbootd.domain.lease.Subnet;

/**
 * A network that addresses are given of.
 *
 * @param subnet with the name servers that the file names, and none of the host's
 * @param interfaces of this host that are on it; none when its machines come through relays
 * @param hostNameServers whether machines are told this host's name servers, too
 * @param bootFile for machines there that {@code [bootfile]} names nothing for by their kind
 */
public record SubnetSettings(
        Subnet subnet, List<HostNetwork> interfaces, boolean hostNameServers, Optional<String> bootFile) {

    public SubnetSettings {
        interfaces = List.copyOf(interfaces);
    }
}

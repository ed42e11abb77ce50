package org.jbootd.udp.dhcp;

import java.util.Optional;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/** Addresses that a relay puts into option 82, each in a sub-option of its own. What is broken reads as not said. */
final class RelayInformation {

    private static final int LINK_SELECTION = 5;
    private static final int SERVER_IDENTIFIER_OVERRIDE = 11;

    private RelayInformation() {}

    /** The network of the client, where that is not the relay's own (RFC 3527). */
    static Optional<Ipv4> linkSelection(DhcpPacket request) {
        return address(request, LINK_SELECTION);
    }

    /**
     * The address by which the client is to know this server, so that whatever it sends there comes by the relay (RFC 5107 §4).
     * Only a relay may say so.
     */
    static Optional<Ipv4> serverIdentifier(DhcpPacket request) {
        return request.giaddr().isUnspecified()
                ? Optional.empty()
                : address(request, SERVER_IDENTIFIER_OVERRIDE).filter(Ipv4::isHost);
    }

    private static Optional<Ipv4> address(DhcpPacket request, int code) {
        Octets value = request.options().get(OptionCode.RELAY_INFORMATION).orElse(Octets.EMPTY);
        int at = 0;
        while (at + 2 <= value.length()) {
            int end = at + 2 + value.at(at + 1);
            if (value.at(at) == code && end == at + 6 && end <= value.length()) {
                return Optional.of(Ipv4.of(value.slice(at + 2, end).toArray()));
            }
            at = end;
        }
        return Optional.empty();
    }
}

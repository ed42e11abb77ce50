package org.jbootd.udp.dhcp;

import java.util.Optional;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/** What a relay agent tells in its option (82) that changes an answer. Whatever is broken reads as not said. */
final class RelayInformation {

    private static final int LINK_SELECTION = 5;
    private static final int SERVER_IDENTIFIER_OVERRIDE = 11;

    private RelayInformation() {}

    /** An address of the client's subnet, where giaddr does not tell it (RFC 3527). */
    static Optional<Ipv4> linkSelection(Options options) {
        return address(options, LINK_SELECTION);
    }

    /** What the relay's clients take for their server, so that they renew through it (RFC 5107); only from a relay. */
    static Optional<Ipv4> serverIdentifierOverride(DhcpPacket request) {
        return request.giaddr().isUnspecified()
                ? Optional.empty()
                : address(request.options(), SERVER_IDENTIFIER_OVERRIDE).filter(Ipv4::isHost);
    }

    private static Optional<Ipv4> address(Options options, int subOption) {
        Octets value = options.get(OptionCode.RELAY_INFORMATION).orElse(Octets.EMPTY);
        int at = 0;
        while (at + 2 <= value.length()) {
            int end = at + 2 + value.at(at + 1);
            if (value.at(at) == subOption && end == at + 6 && end <= value.length()) {
                return Optional.of(Ipv4.of(value.slice(at + 2, end).toArray()));
            }
            at = end;
        }
        return Optional.empty();
    }
}

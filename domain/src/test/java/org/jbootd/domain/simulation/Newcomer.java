package org.jbootd.domain.simulation;

import java.util.List;
import java.util.Optional;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/** What a machine says that nobody has seen before. */
final class Newcomer {

    private Newcomer() {}

    static ClientMessage discover(HardwareAddress hardware, Subnet subnet, int xid) {
        Request request = new Request(
                xid,
                ClientIdentity.of(hardware),
                BootStage.OPERATING_SYSTEM,
                subnet.name(),
                Ipv4.UNSPECIFIED,
                List.of(),
                Optional.empty(),
                Optional.empty());
        return new ClientMessage.Discover(request, Optional.empty());
    }

    static Optional<Ipv4> offered(Answer answer) {
        return answer instanceof Answer.Offer offer ? Optional.of(offer.terms().address()) : Optional.empty();
    }
}

package org.jbootd.udp.dhcp;

import java.time.Instant;
import java.util.Optional;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.exchange.Reason;
import org.jbootd.domain.history.History;
import org.jbootd.domain.history.Refusal;
import org.jbootd.domain.net.Ipv4;

/** Tells the history of requests that got no address, or no answer. */
final class RefusalRecord {

    private final History history;

    RefusalRecord(History history) {
        this.history = history;
    }

    void malformed(Arrival arrival, String detail) {
        history.refused(new Refusal(
                Instant.now(),
                Reason.MALFORMED,
                "from " + arrival.source() + ": " + detail,
                Optional.empty(),
                Refusal.Facts.UNREADABLE));
    }

    /** @param subnet empty when none was found */
    void outcome(DhcpPacket request, Optional<String> subnet, Answer answer) {
        if (answer instanceof Answer.Silence silence && silence.reason() != Reason.DONE) {
            refused(request, subnet, silence.reason(), silence.detail());
        } else if (answer instanceof Answer.Nak nak) {
            refused(request, subnet, nak.reason(), nak.text());
        }
    }

    private void refused(DhcpPacket request, Optional<String> subnet, Reason reason, String detail) {
        Options options = request.options();
        history.refused(new Refusal(
                Instant.now(),
                reason,
                detail,
                Optional.of(ClientFacts.identity(request)),
                new Refusal.Facts(
                        OutcomeReport.messageName(request),
                        Optional.of(ClientFacts.stage(options)),
                        ClientFacts.architectures(options).stream().findFirst(),
                        ClientFacts.hostName(options),
                        address(request),
                        subnet,
                        Optional.of(request.giaddr()).filter(relay -> !relay.isUnspecified()),
                        ClientFacts.remembered(options, OptionCode.RELAY_INFORMATION))));
    }

    private static Optional<Ipv4> address(DhcpPacket request) {
        return request.options()
                .address(OptionCode.REQUESTED_ADDRESS)
                .or(() -> Optional.of(request.ciaddr()).filter(address -> !address.isUnspecified()));
    }
}

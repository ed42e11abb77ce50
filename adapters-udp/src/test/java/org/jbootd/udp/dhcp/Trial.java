package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jbootd.domain.exchange.BootService;
import org.jbootd.domain.exchange.Reason;
import org.jbootd.domain.history.History;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.udp.MalformedPacket;

/** Feeds datagrams to the service, without sockets, and reads every reply as the strictest client would. */
final class Trial {

    static final Arrival BROADCAST = TestNetwork.broadcastOn(TestNetwork.LAN0);
    static final Arrival ROUTED = new Arrival(TestNetwork.UPLINK, Ipv4.parse("10.77.0.108"), TestNetwork.SERVER);

    private record Sent(ReplyRoute route, byte[] reply) {}

    /** A logger that makes its lines, for nobody. */
    private static final Logger NOBODY = new LoggerContext().getLogger("trial");

    private final DhcpCounters counters = new DhcpCounters();
    private final List<Sent> sent = new ArrayList<>();
    private final DhcpSettings settings;
    private final DhcpResponder responder;

    Trial(BootService service) {
        this(TestNetwork.SETTINGS, service);
    }

    Trial(DhcpSettings settings, BootService service) {
        this.settings = settings;
        OutcomeLog log = new OutcomeLog(NOBODY, new EmbeddedChannel().eventLoop());
        responder = new DhcpResponder(settings, service, counters, log, History.NONE);
    }

    /** @return the replies */
    List<DhcpPacket> tryOut(Supplier<String> what, byte[] datagram, Arrival arrival) {
        sent.clear();
        try {
            responder.receive(datagram, arrival, (own, route, reply) -> sent.add(new Sent(route, reply)));
            if (counters.failures() != 0) {
                throw new AssertionError("an unexpected exception");
            }
            List<DhcpPacket> replies = new ArrayList<>();
            for (Sent one : sent) {
                StrictReply.check(DhcpPacket.decode(datagram), one.reply(), settings);
                checkRoute(one.route());
                replies.add(DhcpPacket.decode(one.reply()));
            }
            return replies;
        } catch (MalformedPacket | RuntimeException | AssertionError e) {
            throw new AssertionError(what.get(), e);
        }
    }

    /** Nothing is ever sent to an address outside the served networks, but for a relay that asked itself. */
    private void checkRoute(ReplyRoute route) {
        if (route instanceof ReplyRoute.Relay relay) {
            assertThat(served(relay.giaddr()) || relay.giaddr().equals(ROUTED.source()))
                    .isTrue();
        } else if (route instanceof ReplyRoute.Client client) {
            assertThat(served(client.ciaddr())).isTrue();
        }
    }

    private boolean served(Ipv4 address) {
        return settings.subnetOf(address).isPresent();
    }

    void everyDatagramIsAccountedFor() {
        assertThat(counters.failures()).isZero();
        long outcomes = 0;
        for (DhcpCounters.Reply reply : DhcpCounters.Reply.values()) {
            outcomes += counters.replies(reply);
        }
        for (Reason reason : Reason.values()) {
            outcomes += counters.silences(reason);
        }
        assertThat(outcomes).isEqualTo(counters.received()).isPositive();
    }
}

package org.jbootd.udp.dhcp;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.exchange.BootService;
import org.jbootd.domain.history.History;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;

/**
 * The way from a datagram to the reply's octets: decode, classify, decide, render, encode; without sockets and log. It is
 * in this package because only {@link DhcpServer} goes that way elsewhere. For one thread.
 */
public final class DatagramPath {

    private final DhcpCounters counters = new DhcpCounters();
    private final DhcpResponder responder;
    private final Arrival arrival;

    /** @param subnet what is served, on the wire that everything arrives by */
    public DatagramPath(BootService service, Subnet subnet) {
        ServedInterface wire = new ServedInterface("lan0", subnet.server(), Optional.of(subnet.name()));
        DhcpSettings settings = new DhcpSettings(
                List.of(wire),
                List.of(subnet),
                DhcpSettings.SERVER_PORT,
                DhcpSettings.CLIENT_PORT,
                Optional.empty(),
                Optional.empty(),
                DhcpSettings.IN_FLIGHT,
                Identification.HARDWARE);
        Logger silent = new LoggerContext().getLogger("datagram-path");
        silent.setLevel(Level.OFF);
        responder = new DhcpResponder(
                settings,
                service,
                counters,
                new OutcomeLog(silent, Executors.newSingleThreadScheduledExecutor()),
                History.NONE);
        arrival = new Arrival(wire, Ipv4.UNSPECIFIED, Ipv4.BROADCAST);
    }

    public void take(byte[] datagram) {
        responder.receive(datagram, arrival, (own, route, reply) -> {});
    }

    /** How many of them got a reply. */
    public long replies() {
        long replies = 0;
        for (DhcpCounters.Reply kind : DhcpCounters.Reply.values()) {
            replies += counters.replies(kind);
        }
        return replies;
    }
}

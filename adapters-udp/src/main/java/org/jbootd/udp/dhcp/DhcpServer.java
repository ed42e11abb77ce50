package org.jbootd.udp.dhcp;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jbootd.domain.exchange.BootService;
import org.jbootd.domain.history.History;
import org.jbootd.udp.BindFailure;
import org.jbootd.udp.EventLoops;
import org.jbootd.udp.LinkSender;
import org.jbootd.udp.SourcedSender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The DHCP and BOOTP service on its sockets: one for each served interface, and beside another DHCP server one more for
 * requests to boot servers. {@link #start} and {@link #stop} belong to one thread that is not the deciding one; everything
 * between them happens on the deciding thread.
 */
public final class DhcpServer {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.dhcp");
    private static final long DRAIN_SECONDS = 3;

    private final DhcpSettings settings;
    private final EventLoops loops;
    private final DhcpResponder responder;
    private final SendReport report;
    private final List<DhcpSocket> sockets = new CopyOnWriteArrayList<>();
    private Optional<LinkSender> link = Optional.empty();
    private Optional<SourcedSender> sourced = Optional.empty();
    private Optional<SourcelessRequests> sourceless = Optional.empty();

    /** @param service called on {@code loops.decisions()}, where its answers complete too */
    public DhcpServer(DhcpSettings settings, EventLoops loops, BootService service, DhcpCounters counters) {
        this(settings, loops, service, counters, History.NONE);
    }

    /** @param history hears of requests that get no address, or no answer */
    public DhcpServer(
            DhcpSettings settings, EventLoops loops, BootService service, DhcpCounters counters, History history) {
        OutcomeLog log = new OutcomeLog(LOG, loops.decisions());
        this.settings = settings;
        this.loops = loops;
        this.responder = new DhcpResponder(settings, service, counters, log, history);
        this.report = new SendReport(counters, log);
    }

    /**
     * Opens the sockets; once it returns, requests are answered.
     *
     * @throws BindFailure when one cannot be had; none stays open then
     */
    public void start() {
        List<Wire> wires = wires();
        if (loops.epoll() && !wires.stream().allMatch(Wire::isLoopback)) {
            link = openLink();
        }
        if (loops.epoll()) {
            sourced = openSourced();
        }
        try {
            for (Wire wire : wires) {
                open(wire, settings.port());
                if (settings.isProxy()) {
                    open(wire, settings.bootServerPort().getAsInt());
                }
            }
        } catch (BindFailure e) {
            close();
            throw e;
        }
        if (link.isPresent()) {
            sourceless = hearSourceless(wires);
        }
    }

    /** Replies leave by the socket of the wire that the request came in by, at the port that it was sent to. */
    private Optional<SourcelessRequests> hearSourceless(List<Wire> wires) {
        SourcelessRequests requests = new SourcelessRequests(
                settings,
                wires,
                loops.decisions(),
                (datagram, arrival) -> sockets.stream()
                        .filter(socket -> socket.serves(arrival.via()))
                        .findFirst()
                        .ifPresent(socket -> responder.receive(datagram, arrival, socket)));
        try {
            requests.start();
            return Optional.of(requests);
        } catch (IOException e) {
            LOG.warn("{}: requests by unicast of clients without an address are not heard", e.getMessage());
            return Optional.empty();
        }
    }

    private void open(Wire wire, int port) {
        DhcpSocket socket = new DhcpSocket(wire, port, settings, responder, link, sourced, report);
        socket.open(loops);
        sockets.add(socket);
        LOG.info(
                "serving {} ({}), UDP port {}",
                wire.served().device(),
                wire.served().address(),
                port);
    }

    /** Without Linux, no socket can be bound to an interface, so only one can be served. */
    private List<Wire> wires() {
        List<ServedInterface> served = settings.interfaces();
        if (!loops.epoll() && served.size() > 1) {
            LOG.warn(
                    "this system cannot tell interfaces apart: only {} is served",
                    served.get(0).device());
            served = served.subList(0, 1);
        }
        return served.stream().map(one -> Wire.of(one, settings.port())).toList();
    }

    private static Optional<LinkSender> openLink() {
        try {
            return Optional.of(LinkSender.open());
        } catch (IOException e) {
            LOG.warn("{}: new clients get broadcasts instead of unicasts; CAP_NET_RAW mends it", e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<SourcedSender> openSourced() {
        try {
            return Optional.of(SourcedSender.open());
        } catch (IOException e) {
            LOG.warn(
                    "{}: where this host has several addresses, replies may leave from another than was asked",
                    e.getMessage());
            return Optional.empty();
        }
    }

    /** Takes no more requests, waits for the answers under way (at most {@value #DRAIN_SECONDS} s), closes the sockets. */
    public void stop() {
        try {
            loops.decisions()
                    .submit(responder::drain)
                    .get()
                    .toCompletableFuture()
                    .get(DRAIN_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            LOG.warn("some requests had no answer within {} s", DRAIN_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new AssertionError("draining does not fail", e);
        }
        close();
    }

    private void close() {
        sourceless.ifPresent(SourcelessRequests::close);
        sourceless = Optional.empty();
        sockets.forEach(DhcpSocket::close);
        sockets.clear();
        link.ifPresent(sender -> loops.decisions().execute(sender::close)); // its thread may still be sending
        link = Optional.empty();
        sourced.ifPresent(sender -> loops.decisions().execute(sender::close));
        sourced = Optional.empty();
    }
}

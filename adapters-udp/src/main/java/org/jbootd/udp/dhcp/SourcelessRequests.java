package org.jbootd.udp.dhcp;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.udp.SourcelessSocket;

/**
 * Requests by unicast of clients that have no address yet but know their server (RFC 2131 §4.4.4). A thread of its own hears
 * them, and hands them over to the deciding thread. {@link #start} and {@link #close} belong to one thread.
 */
final class SourcelessRequests implements AutoCloseable {

    /** How many may wait for the deciding thread; more are dropped, and clients ask again. */
    static final int MOST_WAITING = 1_000;

    private final DhcpSettings settings;
    private final Map<Integer, Wire> wires;
    private final Executor decisions;
    private final BiConsumer<byte[], Arrival> requests;
    private final Semaphore places = new Semaphore(MOST_WAITING);
    private SourcelessSocket socket;
    private Thread listener;
    private volatile boolean closed;

    /** @param requests called on {@code decisions} */
    SourcelessRequests(
            DhcpSettings settings, List<Wire> wires, Executor decisions, BiConsumer<byte[], Arrival> requests) {
        this.settings = settings;
        this.wires = wires.stream()
                .filter(wire -> !wire.isLoopback())
                .collect(Collectors.toMap(Wire::index, Function.identity()));
        this.decisions = decisions;
        this.requests = requests;
    }

    /** @throws IOException when the system has no such sockets, or does not let us */
    void start() throws IOException {
        socket = SourcelessSocket.open(settings.port());
        listener = new Thread(this::listen, "dhcp-sourceless");
        listener.setDaemon(true);
        listener.start();
    }

    private void listen() {
        while (!closed) {
            socket.receive().ifPresent(this::handOver);
        }
        socket.close();
    }

    private void handOver(SourcelessSocket.Received received) {
        Wire wire = wires.get(received.interfaceIndex());
        if (wire == null || !isOurs(wire, received.destination()) || !places.tryAcquire()) {
            return;
        }
        Arrival arrival = new Arrival(
                wire.served(), Ipv4.UNSPECIFIED, received.sourcePort(), received.destination(), settings.port());
        try {
            decisions.execute(() -> {
                places.release();
                requests.accept(received.datagram(), arrival);
            });
        } catch (RejectedExecutionException ending) {
            closed = true;
        }
    }

    private boolean isOurs(Wire wire, Ipv4 destination) {
        return wire.served().address().equals(destination)
                || settings.subnets().stream().map(Subnet::server).anyMatch(destination::equals);
    }

    @Override
    public void close() {
        closed = true;
        if (listener != null) {
            try {
                listener.join(TimeUnit.SECONDS.toMillis(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

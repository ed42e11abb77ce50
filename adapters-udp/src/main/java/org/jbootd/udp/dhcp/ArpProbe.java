package org.jbootd.udp.dhcp;

import java.io.IOException;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.lease.AddressProbe;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.udp.ArpSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks by ARP, twice, on the wires of the machine's subnet. Machines behind relays are out of its reach: for them nobody is
 * asked. {@link #start} and {@link #close} belong to one thread; the rest happens on the deciding thread.
 */
public final class ArpProbe implements AddressProbe, AutoCloseable {

    /** How many addresses may be asked for at the same time; more are taken for free. */
    static final int MOST_ASKED = 1_024;

    private static final int MAC_SIZE = 6;
    private static final long SECOND_TRY_MS = 150;
    private static final long ANSWER_MS = 300;
    private static final Logger LOG = LoggerFactory.getLogger("jbootd.dhcp");

    /** A wire on which ARP is spoken. */
    private record Side(int index, Octets mac) {}

    /** @param client the machine that the address is meant for, whose own answer is no conflict */
    private record Asked(Octets client, CompletableFuture<Boolean> inUse) {}

    private final DhcpSettings settings;
    private final ScheduledExecutorService loop;
    private final ConcurrentHashMap<Ipv4, List<Asked>> asked = new ConcurrentHashMap<>();

    /** By the interface's name; as they were at the start. */
    private final Map<String, Side> wires = new ConcurrentHashMap<>();

    private volatile ArpSocket socket;
    private volatile boolean closed;
    private boolean failed;
    private Thread listener;

    /** @param loop the deciding thread */
    public ArpProbe(DhcpSettings settings, ScheduledExecutorService loop) {
        this.settings = settings;
        this.loop = loop;
    }

    /** From now on somebody is asked. A further call does nothing; where it cannot be, that is said once. */
    public void start() {
        if (socket != null || failed) {
            return;
        }
        settings.interfaces()
                .forEach(served -> side(served.device()).ifPresent(side -> wires.put(served.device(), side)));
        try {
            socket = ArpSocket.open();
            listener = new Thread(this::listen, "arp");
            listener.setDaemon(true);
            listener.start();
        } catch (IOException e) {
            failed = true;
            LOG.warn("ping_check: {}: no address is asked for; CAP_NET_RAW mends it", e.getMessage());
        }
    }

    private void listen() {
        while (!closed) {
            socket.receive().ifPresent(this::hear);
        }
        socket.close();
    }

    private void hear(ArpSocket.Claim claim) {
        for (Asked waiting : asked.getOrDefault(claim.address(), List.of())) {
            if (!waiting.client().equals(claim.mac())) {
                waiting.inUse().complete(true);
            }
        }
    }

    @Override
    public CompletionStage<Boolean> isInUse(Ipv4 address, Request request) {
        List<Side> sides = socket == null || !request.relay().isUnspecified() ? List.of() : sides(request.subnet());
        if (sides.isEmpty() || asked.size() >= MOST_ASKED) {
            return CompletableFuture.completedStage(false);
        }
        Asked mine = new Asked(request.client().hardware().octets(), new CompletableFuture<>());
        asked.merge(address, List.of(mine), ArpProbe::both);
        mine.inUse().whenComplete((inUse, failure) -> forget(address, mine));
        ask(address, sides);
        loop.schedule(
                () -> {
                    if (!mine.inUse().isDone()) {
                        ask(address, sides);
                    }
                },
                SECOND_TRY_MS,
                TimeUnit.MILLISECONDS);
        loop.schedule(() -> mine.inUse().complete(false), ANSWER_MS, TimeUnit.MILLISECONDS);
        return mine.inUse();
    }

    private static List<Asked> both(List<Asked> some, List<Asked> more) {
        List<Asked> all = new ArrayList<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }

    private void forget(Ipv4 address, Asked mine) {
        asked.computeIfPresent(address, (some, all) -> {
            List<Asked> left = all.stream().filter(other -> other != mine).toList();
            return left.isEmpty() ? null : left;
        });
    }

    /** The wires of a subnet, and of those that share them. */
    private List<Side> sides(String subnet) {
        Optional<Subnet> named = settings.subnetNamed(subnet);
        return settings.interfaces().stream()
                .filter(served -> served.subnet()
                        .flatMap(settings::subnetNamed)
                        .filter(there -> named.filter(there::sharesItsWireWith).isPresent())
                        .isPresent())
                .map(served -> wires.get(served.device()))
                .filter(Objects::nonNull)
                .toList();
    }

    private static Optional<Side> side(String device) {
        try {
            NetworkInterface found = NetworkInterface.getByName(device);
            byte[] mac = found == null ? null : found.getHardwareAddress();
            return mac == null || mac.length != MAC_SIZE
                    ? Optional.empty()
                    : Optional.of(new Side(found.getIndex(), Octets.of(mac)));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private void ask(Ipv4 address, List<Side> sides) {
        for (Side side : sides) {
            try {
                socket.ask(side.index(), side.mac(), address);
            } catch (IOException e) {
                LOG.debug("{}", e.getMessage());
            }
        }
    }

    /** Who still waits hears that nobody answers. To be called when nobody asks any more. */
    @Override
    public void close() {
        closed = true;
        asked.values().forEach(all -> all.forEach(waiting -> waiting.inUse().complete(false)));
        if (listener != null) {
            try {
                listener.join(TimeUnit.SECONDS.toMillis(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

package org.jbootd.udp.notify;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jbootd.domain.client.UuidOrder;
import org.jbootd.domain.event.MachineEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners by UDP, one datagram for each event and listener, in the order of the events. A datagram may
 * get lost, and nothing is sent twice. Threads may share it.
 */
public final class UdpNotifier implements AutoCloseable {

    /** Listeners, at most: each has a thread and a socket while there is something to tell. */
    public static final int MAX_LISTENERS = 8;

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.notify");
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    private static final long IDLE_SECONDS = 30;

    private final NotificationCounters counters;
    private final Whereabouts.Resolver resolver;
    private final LongSupplier nanoTime;
    private final ExecutorService lookups = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "notify-names");
                thread.setDaemon(true);
                return thread;
            });
    private volatile Audience audience = Audience.NOBODY;

    /** Who is told, and how. */
    private record Audience(Map<ListenerAddress, Listener> listeners, UuidOrder uuidOrder) {

        static final Audience NOBODY = new Audience(Map.of(), UuidOrder.LABEL);
    }

    /** Tells nobody, until {@link #adopt}. */
    public UdpNotifier(NotificationCounters counters) {
        this(counters, InetAddress::getByName, System::nanoTime);
    }

    UdpNotifier(NotificationCounters counters, Whereabouts.Resolver resolver, LongSupplier nanoTime) {
        this.counters = counters;
        this.resolver = resolver;
        this.nanoTime = nanoTime;
    }

    /**
     * Tells these from now on, and no others; what others have not been sent yet is sent. Never waits.
     *
     * @param uuidOrder how UUIDs are written
     */
    public synchronized void adopt(List<ListenerAddress> addresses, UuidOrder uuidOrder) {
        Map<ListenerAddress, Listener> former = audience.listeners();
        Map<ListenerAddress, Listener> next = new LinkedHashMap<>();
        for (ListenerAddress address : addresses) {
            next.computeIfAbsent(address, one -> former.containsKey(one) ? former.get(one) : begin(one));
        }
        audience = new Audience(next, uuidOrder);
        former.forEach((address, listener) -> {
            if (!next.containsKey(address)) {
                listener.end();
            }
        });
        if (!next.keySet().equals(former.keySet())) {
            LOG.info("who is notified: {}", next.isEmpty() ? "nobody" : next.keySet());
        }
    }

    private Listener begin(ListenerAddress address) {
        Listener listener =
                new Listener(address, new Whereabouts(address, resolver, lookups, nanoTime), counters, nanoTime);
        listener.look();
        return listener;
    }

    /** Never waits. */
    public void tell(MachineEvent event) {
        Audience present = audience;
        byte[] text = NotificationText.of(event, present.uuidOrder());
        present.listeners().values().forEach(listener -> listener.tell(text));
    }

    /** Sends what waits, for at most a second, and says what became of all. */
    @Override
    public void close() {
        Map<ListenerAddress, Listener> former = end();
        long end = System.nanoTime() + LAST_WORDS.toNanos();
        try {
            for (Listener listener : former.values()) {
                listener.awaitEnd(end - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lookups.shutdownNow();
        if (!former.isEmpty()) {
            LOG.info(
                    "notifications: {} sent, {} failed, {} left out",
                    counters.sent(),
                    counters.failed(),
                    counters.dropped());
        }
    }

    private synchronized Map<ListenerAddress, Listener> end() {
        Map<ListenerAddress, Listener> former = audience.listeners();
        audience = Audience.NOBODY;
        former.values().forEach(Listener::end);
        return former;
    }
}

package org.jbootd.udp.notify;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jbootd.domain.event.EventSink;
import org.jbootd.domain.event.MachineEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells others of machines by UDP as pybootd did, one datagram each: {@code BOOT}, {@code LEASE} or {@code RELEASE}, the UUID
 * where one is known, MAC, address, with commas between them. A thread of its own looks names up and sends, so that nobody
 * waits for either; of what it cannot keep up with the oldest goes. Threads may share it.
 */
public final class UdpNotifier implements EventSink, AutoCloseable {

    static final int WAITING = 4_096;

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.notify");

    /** Who is told. */
    public record Target(String host, int port) {

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    private final List<Target> targets;
    private final DatagramSocket socket;
    private final ThreadPoolExecutor sender;

    /** Those that the last datagram could not be sent to; of the sending thread. */
    private final Set<Target> unreachable = new HashSet<>();

    public UdpNotifier(List<Target> targets) {
        this.targets = List.copyOf(targets);
        this.socket = socket();
        this.sender = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                task -> {
                    Thread thread = new Thread(task, "notify");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardOldestPolicy());
    }

    private static DatagramSocket socket() {
        try {
            return new DatagramSocket();
        } catch (SocketException problem) {
            throw new IllegalStateException("no socket for notifications: " + problem.getMessage(), problem);
        }
    }

    @Override
    public void tell(MachineEvent event) {
        sender.execute(() -> send(text(event).getBytes(StandardCharsets.US_ASCII)));
    }

    static String text(MachineEvent event) {
        String uuid = event.request()
                .client()
                .uuid()
                .map(id -> "," + id.toString().toUpperCase(Locale.ROOT))
                .orElse("");
        return kind(event) + uuid + "," + event.request().client().hardware() + "," + event.address();
    }

    private static String kind(MachineEvent event) {
        if (event instanceof MachineEvent.Released) {
            return "RELEASE";
        }
        return event.request().stage().networkBoots() ? "BOOT" : "LEASE";
    }

    private void send(byte[] text) {
        for (Target target : targets) {
            try {
                socket.send(new DatagramPacket(text, text.length, InetAddress.getByName(target.host()), target.port()));
                if (unreachable.remove(target)) {
                    LOG.info("notifications can be sent to {} again", target);
                }
            } catch (IOException problem) {
                if (!socket.isClosed() && unreachable.add(target)) {
                    LOG.warn("notifications cannot be sent to {}: {}", target, problem.toString());
                }
            }
        }
    }

    /** Sends what waits, for at most a second. */
    @Override
    public void close() {
        sender.shutdown();
        try {
            if (!sender.awaitTermination(1, TimeUnit.SECONDS)) {
                sender.shutdownNow();
            }
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
        socket.close();
    }
}

package org.jbootd.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jbootd.udp.MalformedPacket;
import org.jbootd.udp.dhcp.DhcpPacket;

/**
 * Machines on the loopback interface, which carries broadcasts both ways. One thread sends what is due, another one takes
 * what comes and answers it at once. May be shared by threads.
 */
final class Crowd implements AutoCloseable {

    private static final int LARGEST_DATAGRAM = 65_535;
    private static final int ROOM_FOR_REPLIES = 16 << 20;

    /** Bound to every address: broadcasts arrive here. */
    private final DatagramSocket in;

    /** Bound to 127.0.0.1, which is what makes its broadcasts leave through the loopback interface. */
    private final DatagramSocket out;

    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "crowd-sends"));
    private final Map<Integer, Boot> boots = new ConcurrentHashMap<>();
    private final AtomicInteger xids = new AtomicInteger();
    private volatile InetSocketAddress server;

    Crowd() throws IOException {
        in = bind("0.0.0.0", 0);
        out = bind("127.0.0.1", in.getLocalPort());
        in.setReceiveBufferSize(ROOM_FOR_REPLIES);
        new Thread(this::listen, "crowd-hears").start();
    }

    private static DatagramSocket bind(String address, int port) throws IOException {
        DatagramSocket socket = new DatagramSocket(null);
        socket.setReuseAddress(true);
        socket.setBroadcast(true);
        socket.bind(new InetSocketAddress(address, port));
        return socket;
    }

    /** Where its machines take replies. */
    int replyPort() {
        return in.getLocalPort();
    }

    /** @param port where the server takes requests */
    void face(int port) throws IOException {
        server = new InetSocketAddress(InetAddress.getByName("255.255.255.255"), port);
    }

    /**
     * Has machines boot one after the other, at a steady pace.
     *
     * @param vendor the first three octets of their MAC addresses, {@code 02-00-01}
     * @param machines how many there are; they take turns
     * @param perSecond how many begin in a second
     * @param waits how long each waits for an answer, time after time
     * @return the boots that began, all of them over
     */
    List<Boot> stream(String vendor, int machines, int perSecond, Duration length, List<Duration> waits)
            throws InterruptedException {
        List<Boot> begun = new ArrayList<>();
        long pause = TimeUnit.SECONDS.toNanos(1) / perSecond;
        int count = Math.toIntExact(length.toNanos() / pause);
        for (int i = 0; i < count; i++) {
            Boot boot = new Boot(Firmware.of(vendor, i % machines), xids.incrementAndGet(), waits);
            begun.add(boot);
            clock.schedule(() -> begin(boot), i * pause, TimeUnit.NANOSECONDS);
        }
        awaitEnd(begun, length);
        return begun;
    }

    /** Has that many machines boot at once. */
    List<Boot> rush(String vendor, int machines, List<Duration> waits) throws InterruptedException {
        return stream(vendor, machines, 1_000_000, Duration.ofNanos(machines * 1_000L), waits);
    }

    private void awaitEnd(List<Boot> begun, Duration length) throws InterruptedException {
        long end = System.nanoTime() + length.toNanos() + TimeUnit.MINUTES.toNanos(3);
        while (!begun.stream().allMatch(Boot::isOver)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("machines neither have an address nor give up");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        begun.forEach(boot -> boots.remove(boot.xid()));
    }

    private void begin(Boot boot) {
        boots.put(boot.xid(), boot);
        send(boot, boot.begin(System.nanoTime()));
    }

    private void send(Boot boot, byte[] message) {
        int turn = boot.turn();
        clock.schedule(() -> repeat(boot, turn), boot.patience().toNanos(), TimeUnit.NANOSECONDS);
        try {
            out.send(new DatagramPacket(message, message.length, server));
        } catch (IOException e) {
            // as lost on the wire
        }
    }

    private void repeat(Boot boot, int turn) {
        boot.again(turn).ifPresent(message -> send(boot, message));
    }

    private void listen() {
        DatagramPacket datagram = new DatagramPacket(new byte[LARGEST_DATAGRAM], LARGEST_DATAGRAM);
        while (!in.isClosed()) {
            try {
                in.receive(datagram);
                long now = System.nanoTime();
                hear(DhcpPacket.decode(Arrays.copyOf(datagram.getData(), datagram.getLength())), now);
            } catch (SocketException e) {
                return; // closed
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (MalformedPacket e) {
                throw new AssertionError("the daemon sent a broken packet", e);
            }
        }
    }

    private void hear(DhcpPacket reply, long now) {
        Boot boot = reply.op() == DhcpPacket.BOOTREPLY ? boots.get(reply.xid()) : null;
        if (boot != null) {
            boot.hear(reply, now).ifPresent(message -> send(boot, message));
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        in.close();
        out.close();
    }
}

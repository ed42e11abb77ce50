package org.jbootd.app.demo;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.udp.MalformedPacket;
import org.jbootd.udp.dhcp.DhcpPacket;

/**
 * The network that simulated machines are plugged into: this computer's loopback interface. It carries broadcasts both
 * ways, and every address of 127/8 that a machine is given is really reachable there. For one thread.
 */
public final class LoopbackWire implements AutoCloseable {

    static final Ipv4 LOOPBACK = Ipv4.parse("127.0.0.1");

    private static final int LARGEST_DATAGRAM = 65_535;
    private static final Duration FIRST_RETRANSMISSION = Duration.ofMillis(500);
    private static final Duration LAST_RETRANSMISSION = Duration.ofSeconds(4);

    /** Bound to every address: broadcasts arrive here, and what is sent to an address just given. */
    private final DatagramSocket in;

    /** Bound to 127.0.0.1, which is what makes its broadcasts leave through the loopback interface. */
    private final DatagramSocket out;

    private final int serverPort;

    /** @param serverPort where the server takes requests, as 67 on a real network */
    public LoopbackWire(int serverPort) throws IOException {
        this.serverPort = serverPort;
        this.in = bind("0.0.0.0", 0);
        try {
            this.out = bind("127.0.0.1", in.getLocalPort());
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static DatagramSocket bind(String address, int port) throws IOException {
        DatagramSocket socket = new DatagramSocket(null);
        try {
            socket.setReuseAddress(true);
            socket.setBroadcast(true);
            socket.bind(new InetSocketAddress(address, port));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Where machines take replies, as 68 on a real network. */
    public int replyPort() {
        return in.getLocalPort();
    }

    /**
     * Broadcasts {@code request}, and again after ever longer pauses as firmware does, until a reply to it comes.
     *
     * @return empty when none came within {@code patience}
     */
    Optional<Reply> exchange(DhcpPacket request, Predicate<DhcpPacket> wanted, Duration patience) throws IOException {
        Deadline deadline = new Deadline(patience);
        Duration pause = FIRST_RETRANSMISSION;
        for (int sent = 1; !deadline.isOver(); sent++) {
            send(request, Ipv4.BROADCAST);
            Optional<DhcpPacket> reply =
                    await(packet -> answers(packet, request) && wanted.test(packet), deadline.orSooner(pause));
            if (reply.isPresent()) {
                return Optional.of(new Reply(reply.get(), deadline.elapsed(), sent));
            }
            pause = min(pause.multipliedBy(2), LAST_RETRANSMISSION);
        }
        return Optional.empty();
    }

    private void send(DhcpPacket packet, Ipv4 destination) throws IOException {
        byte[] datagram = packet.encode();
        out.send(new DatagramPacket(datagram, datagram.length, inet(destination), serverPort));
    }

    static Inet4Address inet(Ipv4 address) throws IOException {
        return (Inet4Address) InetAddress.getByAddress(address.octets());
    }

    private static boolean answers(DhcpPacket packet, DhcpPacket request) {
        return packet.op() == DhcpPacket.BOOTREPLY
                && packet.xid() == request.xid()
                && packet.hardwareAddress().equals(request.hardwareAddress());
    }

    private Optional<DhcpPacket> await(Predicate<DhcpPacket> wanted, Deadline deadline) throws IOException {
        DatagramPacket datagram = new DatagramPacket(new byte[LARGEST_DATAGRAM], LARGEST_DATAGRAM);
        while (!deadline.isOver()) {
            in.setSoTimeout(deadline.millisLeft());
            try {
                in.receive(datagram);
                DhcpPacket packet = DhcpPacket.decode(Arrays.copyOf(datagram.getData(), datagram.getLength()));
                if (wanted.test(packet)) {
                    return Optional.of(packet);
                }
            } catch (SocketTimeoutException e) {
                return Optional.empty();
            } catch (MalformedPacket e) {
                // anybody may send anything to this port; the reply may still come
            }
        }
        return Optional.empty();
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    @Override
    public void close() {
        in.close();
        out.close();
    }
}

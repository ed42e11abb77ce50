package org.jbootd.udp;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/**
 * Asks by ARP who has an address, as one who has none (RFC 5227 §2.1.1), and hears what others say of theirs. Needs
 * CAP_NET_RAW, and Linux. One thread may send while another one receives.
 */
public final class ArpSocket implements AutoCloseable {

    /** Somebody says that it has an address. @param mac six octets */
    public record Claim(Ipv4 address, Octets mac) {}

    private static final short ETHERTYPE_ARP = 0x0806;
    private static final int ARP_SIZE = 28;
    private static final int LARGEST_FRAME = 128;
    private static final int ETHERNET = 1;
    private static final short IPV4 = 0x0800;
    private static final byte[] EVERYBODY = {-1, -1, -1, -1, -1, -1};

    private static final long WAIT_MICROS = 200_000;

    private final int socket;
    private final Memory outgoing = new Memory(ARP_SIZE);
    private final Memory destination = new Memory(LibC.SOCKADDR_LL_SIZE);
    private final Memory incoming = new Memory(LARGEST_FRAME);

    private ArpSocket(int socket) {
        this.socket = socket;
    }

    /** @throws IOException when the system has no such sockets, or does not let us */
    public static ArpSocket open() throws IOException {
        int socket = LibC.packetSocket(0, ETHERTYPE_ARP);
        try {
            LibC.waitAtMost(socket, WAIT_MICROS);
            return new ArpSocket(socket);
        } catch (LastErrorException e) {
            LibC.close(socket);
            throw new IOException("no packet socket: " + e.getMessage(), e);
        }
    }

    /**
     * Asks everybody on an interface's wire. Never blocks.
     *
     * @param interfaceIndex as the system counts interfaces
     * @param own the interface's own MAC, six octets
     * @throws IOException when the interface is gone or down, or its queue is full
     */
    public void ask(int interfaceIndex, Octets own, Ipv4 address) throws IOException {
        ByteBuffer packet = ByteBuffer.allocate(ARP_SIZE);
        packet.putShort((short) ETHERNET)
                .putShort(IPV4)
                .put((byte) LibC.MAC_SIZE)
                .put((byte) Integer.BYTES);
        packet.putShort((short) 1).put(own.toArray()).putInt(0);
        packet.put(new byte[LibC.MAC_SIZE]).putInt(address.bits());
        outgoing.write(0, packet.array(), 0, ARP_SIZE);
        destination.write(0, LibC.linkAddress(interfaceIndex, ETHERTYPE_ARP, EVERYBODY), 0, LibC.SOCKADDR_LL_SIZE);
        try {
            LibC.sendto(socket, outgoing, ARP_SIZE, LibC.MSG_DONTWAIT, destination, LibC.SOCKADDR_LL_SIZE);
        } catch (LastErrorException e) {
            throw new IOException("cannot ask for " + address + ": " + e.getMessage(), e);
        }
    }

    /** Waits a fifth of a second at most for the next who tells its address; empty when nobody does in that time. */
    public Optional<Claim> receive() {
        try {
            long length = LibC.recv(socket, incoming, LARGEST_FRAME, 0);
            return claim(incoming.getByteArray(0, (int) Math.max(0, Math.min(length, LARGEST_FRAME))));
        } catch (LastErrorException nothingYet) {
            return Optional.empty();
        }
    }

    /** Requests tell their sender's address as replies do, but for those who ask without having one. */
    static Optional<Claim> claim(byte[] packet) {
        if (packet.length < ARP_SIZE) {
            return Optional.empty();
        }
        ByteBuffer fields = ByteBuffer.wrap(packet);
        boolean ethernet = fields.getShort() == ETHERNET
                && fields.getShort() == IPV4
                && fields.get() == LibC.MAC_SIZE
                && fields.get() == Integer.BYTES;
        fields.position(8);
        Octets mac = Octets.of(Arrays.copyOfRange(packet, 8, 8 + LibC.MAC_SIZE));
        Ipv4 sender = new Ipv4(fields.getInt(8 + LibC.MAC_SIZE));
        return ethernet && !sender.isUnspecified() ? Optional.of(new Claim(sender, mac)) : Optional.empty();
    }

    /** To be called when nobody sends or receives any more. */
    @Override
    public void close() {
        LibC.close(socket);
        outgoing.close();
        destination.close();
        incoming.close();
    }
}

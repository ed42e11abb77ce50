package org.jbootd.udp;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jbootd.domain.net.Octets;

/**
 * Sends IPv4 packets to a given Ethernet address, without asking ARP: a client that is just being told its address does
 * not answer for it yet (RFC 2131 §4.1). Needs CAP_NET_RAW, and Linux. For one thread.
 */
public final class LinkSender implements AutoCloseable {

    /** Octets of the largest packet, headers included: one Ethernet frame. */
    public static final int MAX_PACKET = 1500;

    private static final int AF_PACKET = 17;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final short ETHERTYPE_IPV4 = 0x0800;
    private static final int SOCKADDR_LL_SIZE = 20;
    private static final int MAC_SIZE = 6;

    private final int socket;
    private final Memory packet = new Memory(MAX_PACKET);
    private final Memory address = new Memory(SOCKADDR_LL_SIZE);
    private boolean closed;

    private LinkSender(int socket) {
        this.socket = socket;
    }

    /** @throws IOException when the system has no such sockets, or does not let us */
    public static LinkSender open() throws IOException {
        try {
            // Protocol 0: it only sends. Otherwise it would collect every frame that passes by.
            return new LinkSender(LibC.socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        } catch (LastErrorException e) {
            throw new IOException("no packet socket: " + e.getMessage(), e);
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            throw new IOException("no packet socket on this system", e);
        }
    }

    /**
     * Never blocks.
     *
     * @param interfaceIndex as the system counts interfaces
     * @param mac six octets
     * @param ipPacket at most {@value #MAX_PACKET} octets, see {@link UdpFrame}
     * @throws IOException when the interface is gone or down, or its queue is full
     */
    public void send(int interfaceIndex, Octets mac, byte[] ipPacket) throws IOException {
        if (mac.length() != MAC_SIZE || ipPacket.length > MAX_PACKET) {
            throw new IOException("not an Ethernet frame: " + mac.length() + " and " + ipPacket.length + " octets");
        }
        if (closed) {
            throw new IOException("the packet socket is closed");
        }
        packet.write(0, ipPacket, 0, ipPacket.length);
        address.write(0, linkAddress(interfaceIndex, mac), 0, SOCKADDR_LL_SIZE);
        try {
            LibC.sendto(socket, packet, ipPacket.length, 0, address, SOCKADDR_LL_SIZE);
        } catch (LastErrorException e) {
            throw new IOException("cannot send to " + mac + ": " + e.getMessage(), e);
        }
    }

    /** struct sockaddr_ll: packet(7). */
    private static byte[] linkAddress(int interfaceIndex, Octets mac) {
        ByteBuffer address = ByteBuffer.allocate(SOCKADDR_LL_SIZE).order(ByteOrder.nativeOrder());
        address.putShort((short) AF_PACKET);
        address.order(ByteOrder.BIG_ENDIAN).putShort(ETHERTYPE_IPV4).order(ByteOrder.nativeOrder());
        address.putInt(interfaceIndex).putShort((short) 0).put((byte) 0).put((byte) MAC_SIZE);
        address.put(mac.toArray());
        return address.array();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            LibC.close(socket);
            packet.close();
            address.close();
        }
    }

    private static final class LibC {

        static {
            Native.register("c");
        }

        private LibC() {}

        static native int socket(int domain, int type, int protocol) throws LastErrorException;

        static native long sendto(int socket, Pointer data, long length, int flags, Pointer address, int addressLength)
                throws LastErrorException;

        static native int close(int descriptor);
    }
}

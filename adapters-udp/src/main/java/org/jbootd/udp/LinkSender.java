package org.jbootd.udp;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.io.IOException;
import org.jbootd.domain.net.Octets;

/**
 * Sends IPv4 packets to a given Ethernet address, without asking ARP: a client that is just being told its address does
 * not answer for it yet (RFC 2131 §4.1). Needs CAP_NET_RAW, and Linux. For one thread.
 */
public final class LinkSender implements AutoCloseable {

    /** Octets of the largest packet, headers included: one Ethernet frame. */
    public static final int MAX_PACKET = 1500;

    private static final short ETHERTYPE_IPV4 = 0x0800;

    private final int socket;
    private final Memory packet = new Memory(MAX_PACKET);
    private final Memory address = new Memory(LibC.SOCKADDR_LL_SIZE);
    private boolean closed;

    private LinkSender(int socket) {
        this.socket = socket;
    }

    /** @throws IOException when the system has no such sockets, or does not let us */
    public static LinkSender open() throws IOException {
        // It only sends. Otherwise it would collect every frame that passes by.
        return new LinkSender(LibC.packetSocket(LibC.SOCK_NONBLOCK, 0));
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
        if (mac.length() != LibC.MAC_SIZE || ipPacket.length > MAX_PACKET) {
            throw new IOException("not an Ethernet frame: " + mac.length() + " and " + ipPacket.length + " octets");
        }
        if (closed) {
            throw new IOException("the packet socket is closed");
        }
        packet.write(0, ipPacket, 0, ipPacket.length);
        address.write(0, LibC.linkAddress(interfaceIndex, ETHERTYPE_IPV4, mac.toArray()), 0, LibC.SOCKADDR_LL_SIZE);
        try {
            LibC.sendto(socket, packet, ipPacket.length, 0, address, LibC.SOCKADDR_LL_SIZE);
        } catch (LastErrorException e) {
            throw new IOException("cannot send to " + mac + ": " + e.getMessage(), e);
        }
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
}

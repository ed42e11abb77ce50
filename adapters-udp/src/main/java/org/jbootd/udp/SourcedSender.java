package org.jbootd.udp;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jbootd.domain.net.Ipv4;

/**
 * Sends by a UDP socket of all addresses from the one that is told (ip(7), IP_PKTINFO); by itself the system takes one by
 * the route, which need not be the one that was asked. Needs no privilege, and Linux of 64 bits. For one thread.
 */
public final class SourcedSender implements AutoCloseable {

    /** Octets of the largest datagram: what fits an Ethernet frame. */
    public static final int MAX_DATAGRAM = 1472;

    private static final int AF_INET = 2;
    private static final int IP_PKTINFO = 8;
    private static final int LONG = 8;

    /** struct sockaddr_in, struct iovec, struct msghdr; struct cmsghdr with a struct in_pktinfo in it. */
    private static final int ADDRESS_SIZE = 16;

    private static final int VECTOR_SIZE = 2 * LONG;
    private static final int MESSAGE_SIZE = 7 * LONG;
    private static final int CONTROL_SIZE = 32;
    private static final int CONTROL_LENGTH = 28;

    private final Memory datagram = new Memory(MAX_DATAGRAM);
    private final Memory address = new Memory(ADDRESS_SIZE);
    private final Memory vector = new Memory(VECTOR_SIZE);
    private final Memory control = new Memory(CONTROL_SIZE);
    private final Memory message = new Memory(MESSAGE_SIZE);
    private boolean closed;

    private SourcedSender() {
        vector.setPointer(0, datagram);
        message.clear();
        message.setPointer(0, address);
        message.setInt(LONG, ADDRESS_SIZE);
        message.setPointer(2 * LONG, vector);
        message.setLong(3 * LONG, 1);
        message.setPointer(4 * LONG, control);
        message.setLong(5 * LONG, CONTROL_SIZE);
    }

    /** @throws IOException when this system has no such call */
    public static SourcedSender open() throws IOException {
        try {
            if (Native.POINTER_SIZE != LONG) {
                throw new IOException("no source address can be chosen on a system of 32 bits");
            }
            return new SourcedSender();
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            throw new IOException("no source address can be chosen on this system", e);
        }
    }

    /**
     * Never blocks.
     *
     * @param descriptor of the socket
     * @param source an address of this host
     * @param port 1 to 65535
     * @param payload at most {@value #MAX_DATAGRAM} octets
     * @throws IOException when {@code source} is not this host's, there is no way to {@code destination}, or the socket's
     *     queue is full
     */
    public void send(int descriptor, Ipv4 source, Ipv4 destination, int port, byte[] payload) throws IOException {
        if (payload.length > MAX_DATAGRAM) {
            throw new IOException("no datagram of " + payload.length + " octets fits a frame");
        }
        if (closed) {
            throw new IOException("the sender is closed");
        }
        datagram.write(0, payload, 0, payload.length);
        vector.setLong(LONG, payload.length);
        address.write(0, socketAddress(destination, port), 0, ADDRESS_SIZE);
        control.write(0, packetInformation(source), 0, CONTROL_SIZE);
        try {
            LibC.sendmsg(descriptor, message, LibC.MSG_DONTWAIT);
        } catch (LastErrorException e) {
            throw new IOException("cannot send from " + source + " to " + destination + ": " + e.getMessage(), e);
        }
    }

    private static byte[] socketAddress(Ipv4 host, int port) {
        ByteBuffer fields = ByteBuffer.allocate(ADDRESS_SIZE).order(ByteOrder.nativeOrder());
        fields.putShort((short) AF_INET).order(ByteOrder.BIG_ENDIAN);
        return fields.putShort((short) port).putInt(host.bits()).array();
    }

    /** The interface is left to the socket; of the two addresses the first is the source. */
    private static byte[] packetInformation(Ipv4 source) {
        ByteBuffer fields = ByteBuffer.allocate(CONTROL_SIZE).order(ByteOrder.nativeOrder());
        fields.putLong(CONTROL_LENGTH).putInt(0).putInt(IP_PKTINFO).putInt(0).order(ByteOrder.BIG_ENDIAN);
        return fields.putInt(source.bits()).putInt(0).array();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            datagram.close();
            address.close();
            vector.close();
            control.close();
            message.close();
        }
    }
}

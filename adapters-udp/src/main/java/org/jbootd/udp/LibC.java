package org.jbootd.udp;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What Java does not have: packet sockets (packet(7)), which need CAP_NET_RAW, and datagrams with a source (ip(7)). Linux only. */
final class LibC {

    static final int SOCK_NONBLOCK = 0x800;
    static final int SOCKADDR_LL_SIZE = 20;
    static final int MAC_SIZE = 6;
    static final int MSG_DONTWAIT = 0x40;
    static final int SOL_SOCKET = 1;

    private static final int SO_RCVTIMEO = 20;
    private static final int TIMEVAL_SIZE = 16;

    private static final int AF_PACKET = 17;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;

    static {
        Native.register("c");
    }

    private LibC() {}

    /**
     * A socket for what is behind Ethernet's header.
     *
     * @param flags {@link #SOCK_NONBLOCK}, or 0
     * @param protocol whose packets it receives; 0: none, it only sends
     * @throws IOException when the system has no such sockets, or does not let us
     */
    static int packetSocket(int flags, int protocol) throws IOException {
        try {
            int inNetworkOrder = Short.toUnsignedInt(Short.reverseBytes((short) protocol));
            int asTheSystemTakesIt = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? inNetworkOrder : protocol;
            return socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | flags, asTheSystemTakesIt);
        } catch (LastErrorException e) {
            throw new IOException("no packet socket: " + e.getMessage(), e);
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            throw new IOException("no packet socket on this system", e);
        }
    }

    /**
     * struct sockaddr_ll.
     *
     * @param interfaceIndex as the system counts interfaces
     * @param mac {@value #MAC_SIZE} octets
     */
    static byte[] linkAddress(int interfaceIndex, short etherType, byte[] mac) {
        ByteBuffer address = ByteBuffer.allocate(SOCKADDR_LL_SIZE).order(ByteOrder.nativeOrder());
        address.putShort((short) AF_PACKET);
        address.order(ByteOrder.BIG_ENDIAN).putShort(etherType).order(ByteOrder.nativeOrder());
        address.putInt(interfaceIndex).putShort((short) 0).put((byte) 0).put((byte) MAC_SIZE);
        address.put(mac);
        return address.array();
    }

    /** From now on nobody waits longer than that to receive. */
    static void waitAtMost(int socket, long micros) throws LastErrorException {
        try (Memory wait = new Memory(TIMEVAL_SIZE)) {
            wait.setLong(0, micros / 1_000_000);
            wait.setLong(Long.BYTES, micros % 1_000_000);
            setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, wait, TIMEVAL_SIZE);
        }
    }

    private static native int socket(int domain, int type, int protocol) throws LastErrorException;

    static native int setsockopt(int descriptor, int level, int option, Pointer value, int length)
            throws LastErrorException;

    static native long sendto(int socket, Pointer data, long length, int flags, Pointer address, int addressLength)
            throws LastErrorException;

    static native long sendmsg(int socket, Pointer message, int flags) throws LastErrorException;

    static native long recv(int socket, Pointer data, long length, int flags) throws LastErrorException;

    static native long recvfrom(
            int socket, Pointer data, long length, int flags, Pointer address, Pointer addressLength)
            throws LastErrorException;

    static native int close(int descriptor);
}

package org.jbootd.udp;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** Sends and receives whole Ethernet frames on one interface, as firmware without an IP stack does. */
public final class EthernetTap implements AutoCloseable {

    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int EAGAIN = 11;
    private static final short EVERY_PROTOCOL = 3;
    private static final int OUTGOING = 4;

    private final int socket;

    private EthernetTap(int socket) {
        this.socket = socket;
    }

    /** To be called within the interface's namespace. */
    public static EthernetTap on(String device) {
        int index = LibC.if_nametoindex(device); // NetworkInterface overlooks those without an address
        int socket = LibC.socket(AF_PACKET, SOCK_RAW, Short.reverseBytes(EVERY_PROTOCOL) & 0xffff);
        byte[] address = ByteBuffer.allocate(20)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_PACKET)
                .putShort(Short.reverseBytes(EVERY_PROTOCOL))
                .putInt(index)
                .array();
        LibC.bind(socket, address, address.length);
        return new EthernetTap(socket);
    }

    public void send(byte[] frame) {
        LibC.send(socket, frame, frame.length, 0);
    }

    /** The next frame that somebody else sent, or nothing within {@code milliseconds}. */
    public Optional<byte[]> receive(long milliseconds) {
        byte[] timeout = ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putLong(milliseconds / 1_000)
                .putLong(milliseconds % 1_000 * 1_000)
                .array();
        LibC.setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, timeout, timeout.length);
        byte[] frame = new byte[2_048];
        byte[] address = new byte[20];
        int[] addressLength = {address.length};
        try {
            long length;
            do {
                length = LibC.recvfrom(socket, frame, frame.length, 0, address, addressLength);
            } while (address[10] == OUTGOING);
            return Optional.of(Arrays.copyOf(frame, (int) length));
        } catch (LastErrorException e) {
            if (e.getErrorCode() == EAGAIN) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public void close() {
        LibC.close(socket);
    }

    private static final class LibC {

        static {
            Native.register("c");
        }

        static native int if_nametoindex(String device) throws LastErrorException;

        static native int socket(int domain, int type, int protocol) throws LastErrorException;

        static native int bind(int socket, byte[] address, int length) throws LastErrorException;

        static native int setsockopt(int socket, int level, int name, byte[] value, int length)
                throws LastErrorException;

        static native long send(int socket, byte[] data, long length, int flags) throws LastErrorException;

        static native long recvfrom(
                int socket, byte[] data, long length, int flags, byte[] address, int[] addressLength)
                throws LastErrorException;

        static native int close(int descriptor) throws LastErrorException;
    }
}

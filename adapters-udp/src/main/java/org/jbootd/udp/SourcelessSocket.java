package org.jbootd.udp;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.jbootd.domain.net.Ipv4;

/**
 * Receives the UDP datagrams that hosts without an address (0.0.0.0) send to this host alone, which Linux drops before any
 * UDP socket. The system passes nothing else on (a filter of the socket). Needs CAP_NET_RAW, and Linux. For one thread.
 */
public final class SourcelessSocket implements AutoCloseable {

    /** @param interfaceIndex as the system counts interfaces */
    public record Received(int interfaceIndex, int sourcePort, Ipv4 destination, byte[] datagram) {}

    private static final short ETHERTYPE_IPV4 = 0x0800;
    private static final int LARGEST_PACKET = 9_216;
    private static final long WAIT_MICROS = 200_000;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int INSTRUCTION_SIZE = 8;

    private static final int VERSION_4 = 4;
    private static final int UDP = 17;
    private static final int FRAGMENT = 0x3fff;
    private static final int PROTOCOL_AT = 9;
    private static final int FRAGMENT_AT = 6;
    private static final int SOURCE_AT = 12;
    private static final int DESTINATION_AT = 16;

    /** bpf(4): what the filter's instructions are called there. */
    private static final int LOAD_OCTET = 0x30;

    private static final int LOAD_WORD = 0x28;
    private static final int LOAD_LONG = 0x20;
    private static final int LOAD_WORD_BEHIND_HEADER = 0x48;
    private static final int HEADER_LENGTH = 0xb1;
    private static final int IF_EQUAL = 0x15;
    private static final int IF_ANY_BIT = 0x45;
    private static final int RETURN = 0x06;

    /** packet(7): where the filter finds whom a frame was meant for, and that it was this host alone. */
    private static final int PACKET_TYPE_AT = 0xfffff004;

    private static final int TO_THIS_HOST = 0;

    private final int socket;
    private final int port;
    private final Memory incoming = new Memory(LARGEST_PACKET);
    private final Memory sender = new Memory(LibC.SOCKADDR_LL_SIZE);
    private final Memory senderLength = new Memory(Integer.BYTES);

    private SourcelessSocket(int socket, int port) {
        this.socket = socket;
        this.port = port;
    }

    /**
     * @param port that datagrams are sent to
     * @throws IOException when the system has no such sockets, or does not let us
     */
    public static SourcelessSocket open(int port) throws IOException {
        int socket = LibC.packetSocket(0, ETHERTYPE_IPV4);
        try {
            filter(socket, port);
            LibC.waitAtMost(socket, WAIT_MICROS);
            return new SourcelessSocket(socket, port);
        } catch (LastErrorException e) {
            LibC.close(socket);
            throw new IOException("no packet socket: " + e.getMessage(), e);
        }
    }

    /** From IP's header on. A jump is counted from the next instruction. */
    private static void filter(int socket, int port) {
        long[][] program = {
            {LOAD_LONG, 0, 0, PACKET_TYPE_AT},
            {IF_EQUAL, 0, 11, TO_THIS_HOST},
            {LOAD_OCTET, 0, 0, PROTOCOL_AT},
            {IF_EQUAL, 0, 9, UDP},
            {LOAD_LONG, 0, 0, SOURCE_AT},
            {IF_EQUAL, 0, 7, 0},
            {LOAD_LONG, 0, 0, DESTINATION_AT},
            {IF_EQUAL, 5, 0, Ipv4.BROADCAST.bits()},
            {LOAD_WORD, 0, 0, FRAGMENT_AT},
            {IF_ANY_BIT, 3, 0, FRAGMENT},
            {HEADER_LENGTH, 0, 0, 0},
            {LOAD_WORD_BEHIND_HEADER, 0, 0, 2},
            {IF_EQUAL, 1, 0, port},
            {RETURN, 0, 0, 0},
            {RETURN, 0, 0, LARGEST_PACKET},
        };
        try (Memory instructions = new Memory((long) INSTRUCTION_SIZE * program.length);
                Memory reference = new Memory(2L * Native.POINTER_SIZE)) {
            for (int i = 0; i < program.length; i++) {
                long at = (long) INSTRUCTION_SIZE * i;
                instructions.setShort(at, (short) program[i][0]);
                instructions.setByte(at + 2, (byte) program[i][1]);
                instructions.setByte(at + 3, (byte) program[i][2]);
                instructions.setInt(at + 4, (int) program[i][3]);
            }
            reference.clear();
            reference.setShort(0, (short) program.length);
            reference.setPointer(Native.POINTER_SIZE, instructions);
            LibC.setsockopt(socket, LibC.SOL_SOCKET, SO_ATTACH_FILTER, reference, (int) reference.size());
        }
    }

    /** Waits a fifth of a second at most for the next datagram; empty when there is none in that time. */
    public Optional<Received> receive() {
        senderLength.setInt(0, LibC.SOCKADDR_LL_SIZE);
        try {
            long length = LibC.recvfrom(socket, incoming, LARGEST_PACKET, 0, sender, senderLength);
            byte[] packet = incoming.getByteArray(0, (int) Math.max(0, Math.min(length, LARGEST_PACKET)));
            return read(packet, sender.getInt(4), port);
        } catch (LastErrorException nothingYet) {
            return Optional.empty();
        }
    }

    /** What came before the filter was there is told apart here. The checksum was the link's to look after. */
    static Optional<Received> read(byte[] packet, int interfaceIndex, int port) {
        ByteBuffer fields = ByteBuffer.wrap(packet);
        if (packet.length < UdpFrame.IP_HEADER + UdpFrame.UDP_HEADER || packet[0] >> 4 != VERSION_4) {
            return Optional.empty();
        }
        int udp = (packet[0] & 0xf) * Integer.BYTES;
        boolean wanted = packet[PROTOCOL_AT] == UDP
                && (fields.getShort(FRAGMENT_AT) & FRAGMENT) == 0
                && fields.getInt(SOURCE_AT) == 0
                && udp >= UdpFrame.IP_HEADER
                && udp + UdpFrame.UDP_HEADER <= packet.length
                && (fields.getShort(udp + 2) & 0xffff) == port;
        int length = wanted ? fields.getShort(udp + 4) & 0xffff : 0;
        if (length < UdpFrame.UDP_HEADER || udp + length > packet.length) {
            return Optional.empty();
        }
        return Optional.of(new Received(
                interfaceIndex,
                fields.getShort(udp) & 0xffff,
                new Ipv4(fields.getInt(DESTINATION_AT)),
                Arrays.copyOfRange(packet, udp + UdpFrame.UDP_HEADER, udp + length)));
    }

    /** To be called when nobody receives any more. */
    @Override
    public void close() {
        LibC.close(socket);
        incoming.close();
        sender.close();
        senderLength.close();
    }
}

package org.jbootd.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/** What nobody should send: noise, lies about lengths, as many options as there may be, forgeries. For one thread. */
final class BadDatagrams implements SteadyStream.Shot, AutoCloseable {

    static final long SEED = 20260101L;

    /** The first three octets of MAC addresses that no machine has. */
    static final String FORGED = "02-00-09";

    /** So many pieces of options are read; with the six of a machine's firmware before them. */
    private static final int ROOM = 128 - 6;

    private static final int RELAY_INFORMATION = 82;
    private static final int HLEN_AT = 2;
    private static final int OPTIONS_AT = 240;
    private static final int LARGEST_PIECE = 255;
    private static final int END = 255;

    private final Random random = new Random(SEED);
    private final DatagramSocket socket;
    private final InetSocketAddress dhcp;
    private final InetSocketAddress tftp;
    private final Ipv4 server;
    private final Ipv4 victims;

    /**
     * @param server the daemon's address
     * @param victims the first of a thousand addresses of other machines
     */
    BadDatagrams(int dhcpPort, int tftpPort, Ipv4 server, Ipv4 victims) throws IOException {
        this.socket = new DatagramSocket(new InetSocketAddress(server.toString(), 0));
        socket.setBroadcast(true);
        this.dhcp = new InetSocketAddress(InetAddress.getByName("255.255.255.255"), dhcpPort);
        this.tftp = new InetSocketAddress(server.toString(), tftpPort);
        this.server = server;
        this.victims = victims;
    }

    @Override
    public void fire() throws IOException {
        int kind = random.nextInt(9);
        byte[] datagram = kind == 8 ? noise(random.nextInt(600)) : dhcp(kind);
        socket.send(new DatagramPacket(datagram, datagram.length, kind == 8 ? tftp : dhcp));
    }

    private byte[] dhcp(int kind) {
        byte[] discover = message(Firmware.DISCOVER, Ipv4.UNSPECIFIED);
        return switch (kind) {
            case 0 -> noise(random.nextInt(1_500));
            case 1 -> Arrays.copyOf(discover, random.nextInt(discover.length));
            case 2 -> withPieces(discover, ROOM, 224, noise(1));
            case 3 -> withPieces(discover, ROOM, RELAY_INFORMATION, noise(LARGEST_PIECE));
            case 4 -> changed(discover, HLEN_AT, 255);
            case 5 -> changed(discover, OPTIONS_AT + 1, 200 + random.nextInt(55));
            case 6 -> message(Firmware.RELEASE, victim());
            default -> message(Firmware.DECLINE, Ipv4.UNSPECIFIED);
        };
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    /** Of a machine that is not there, about an address that another one has. */
    private byte[] message(int type, Ipv4 ciaddr) {
        Map<Integer, Octets> about = type == Firmware.DISCOVER
                ? Map.of()
                : Map.of(
                        Firmware.REQUESTED_ADDRESS, Octets.of(victim().octets()),
                        Firmware.SERVER_IDENTIFIER, Octets.of(server.octets()));
        return Firmware.of(FORGED, random.nextInt(1 << 24))
                .message(random.nextInt(), type, ciaddr, about)
                .encode();
    }

    private Ipv4 victim() {
        return new Ipv4(victims.bits() + random.nextInt(1_000));
    }

    private static byte[] changed(byte[] datagram, int at, int value) {
        datagram[at] = (byte) value;
        return datagram;
    }

    /** With an option behind its own that comes in so many pieces. */
    static byte[] withPieces(byte[] datagram, int pieces, int code, byte[] piece) {
        int end = datagram.length - 1;
        while ((datagram[end] & 0xff) != END) {
            end--;
        }
        ByteArrayOutputStream longer = new ByteArrayOutputStream();
        longer.write(datagram, 0, end);
        for (int i = 0; i < pieces; i++) {
            longer.write(code);
            longer.write(piece.length);
            longer.writeBytes(piece);
        }
        longer.write(END);
        return longer.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}

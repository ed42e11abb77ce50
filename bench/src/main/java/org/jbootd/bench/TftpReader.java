package org.jbootd.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A well-behaved TFTP client that reads one file in lock-step again and again, in blocks of 1,428 octets. For one thread. */
final class TftpReader {

    private static final int BLOCK_SIZE = 1428;
    private static final short DATA = 3;
    private static final short ACK = 4;
    private static final short OPTIONS_ACK = 6;
    private static final int HEADER = 4;
    private static final int PATIENCE_MILLIS = 1_000;
    private static final int ATTEMPTS = 10;

    private final InetSocketAddress server;
    private final byte[] request;
    private final DatagramPacket heard = new DatagramPacket(new byte[2_000], 2_000);

    TftpReader(InetSocketAddress server, String file) {
        this.server = server;
        this.request = request(file, "");
    }

    /** @param mark makes it differ from others of the same port; an option that no server knows */
    static byte[] request(String file, String mark) {
        String options = "blksize\0" + BLOCK_SIZE + "\0" + (mark.isEmpty() ? "" : "mark\0" + mark + "\0");
        return ("\0\1" + file + "\0octet\0" + options).getBytes(US_ASCII);
    }

    /** @return octets a second */
    double read(Duration length) throws IOException {
        long begin = System.nanoTime();
        long octets = 0;
        do {
            octets += fetch();
        } while (System.nanoTime() - begin < length.toNanos());
        return octets * 1e9 / (System.nanoTime() - begin);
    }

    private long fetch() throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            byte[] said = request;
            InetSocketAddress peer = server;
            long octets = 0;
            for (int block = 0; ; block++) {
                hear(socket, said, peer, block);
                peer = (InetSocketAddress) heard.getSocketAddress();
                said = ByteBuffer.allocate(HEADER)
                        .putShort(ACK)
                        .putShort((short) block)
                        .array();
                int length = block == 0 ? BLOCK_SIZE : heard.getLength() - HEADER;
                octets += block == 0 ? 0 : length;
                if (length < BLOCK_SIZE) {
                    socket.send(new DatagramPacket(said, said.length, peer));
                    return octets;
                }
            }
        }
    }

    /** Says it until the block comes; block 0 is the server's word about options. */
    private void hear(DatagramSocket socket, byte[] said, InetSocketAddress peer, int block) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            socket.send(new DatagramPacket(said, said.length, peer));
            try {
                do {
                    socket.receive(heard);
                } while (!isBlock(block));
                return;
            } catch (SocketTimeoutException e) {
                // said again
            }
        }
        throw new IOException("no block " + block + " after " + ATTEMPTS + " attempts");
    }

    private boolean isBlock(int block) throws IOException {
        ByteBuffer packet = ByteBuffer.wrap(heard.getData(), 0, heard.getLength());
        short opcode = packet.getShort();
        if (opcode != DATA && opcode != OPTIONS_ACK) {
            throw new IOException(
                    "the server broke off: " + new String(heard.getData(), 0, heard.getLength(), US_ASCII));
        }
        return block == 0 ? opcode == OPTIONS_ACK : opcode == DATA && packet.getShort() == (short) block;
    }
}

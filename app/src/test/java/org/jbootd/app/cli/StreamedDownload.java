package org.jbootd.app.cli;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jbootd.domain.transfer.TransferOption;
import org.jbootd.udp.MalformedPacket;
import org.jbootd.udp.tftp.TftpPacket;

/** One file read by TFTP, of which only the checksum is kept, so that hundreds fit into one process. For one thread. */
final class StreamedDownload implements AutoCloseable {

    private static final int BLOCK_SIZE = 1428;
    private static final int WINDOW_SIZE = 32;
    private static final int TIMEOUT_MILLIS = 1_000;
    private static final int ATTEMPTS = 60;

    private final DatagramSocket socket;
    private final DatagramPacket datagram = new DatagramPacket(new byte[BLOCK_SIZE + 4], BLOCK_SIZE + 4);
    private final MessageDigest digest;
    private byte[] lastSent;
    private InetSocketAddress server;
    private int received;
    private int sinceLastAck;
    private boolean gapTold;

    /** @param own a loopback address */
    StreamedDownload(String own, int serverPort) throws IOException {
        socket = new DatagramSocket(new InetSocketAddress(own, 0));
        socket.setSoTimeout(TIMEOUT_MILLIS);
        server = new InetSocketAddress("127.0.0.1", serverPort);
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Its SHA-256, in hexadecimal digits. @throws IOException when the server says or does not say otherwise */
    String sha256(String name) throws IOException {
        send(new TftpPacket.ReadRequest(
                name,
                "octet",
                List.of(
                        new TransferOption("blksize", Integer.toString(BLOCK_SIZE)),
                        new TransferOption("windowsize", Integer.toString(WINDOW_SIZE)))));
        boolean complete = false;
        while (!complete) {
            complete = take(receive());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private TftpPacket receive() throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                datagram.setLength(BLOCK_SIZE + 4);
                socket.receive(datagram);
                server = (InetSocketAddress) datagram.getSocketAddress();
                return TftpPacket.decode(ByteBuffer.wrap(datagram.getData(), 0, datagram.getLength()));
            } catch (SocketTimeoutException late) {
                transmit();
            } catch (MalformedPacket e) {
                throw new IOException(e);
            }
        }
        throw new IOException("nothing came for " + ATTEMPTS + " s");
    }

    /** True when the file is complete. */
    private boolean take(TftpPacket packet) throws IOException {
        if (packet instanceof TftpPacket.OptionAck) {
            if (received == 0) {
                acknowledge();
            }
            return false;
        }
        if (!(packet instanceof TftpPacket.Data data)) {
            throw new IOException("the server said " + packet);
        }
        if (data.block() != (received + 1 & 0xffff)) {
            if (!gapTold) {
                gapTold = true;
                acknowledge();
            }
            return false;
        }
        gapTold = false;
        received++;
        sinceLastAck++;
        digest.update(data.content().toArray());
        boolean last = data.content().length() < BLOCK_SIZE;
        if (last || sinceLastAck == WINDOW_SIZE) {
            acknowledge();
        }
        return last;
    }

    private void acknowledge() throws IOException {
        sinceLastAck = 0;
        send(new TftpPacket.Ack(received & 0xffff));
    }

    private void send(TftpPacket packet) throws IOException {
        lastSent = packet.encode();
        transmit();
    }

    private void transmit() throws IOException {
        socket.send(new DatagramPacket(lastSent, lastSent.length, server));
    }

    @Override
    public void close() {
        socket.close();
    }
}

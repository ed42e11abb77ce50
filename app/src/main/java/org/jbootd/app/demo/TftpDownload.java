package org.jbootd.app.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.transfer.TransferOption;
import org.jbootd.udp.MalformedPacket;
import org.jbootd.udp.tftp.TftpPacket;

/**
 * One file read by TFTP, as the firmware of a machine does (RFC 1350, 2347, 2348, 2349, 7440): asks for larger blocks,
 * for the size, and for several blocks at a time, and takes what it is granted. For one thread.
 */
public final class TftpDownload implements AutoCloseable {

    private static final int USUAL_BLOCK_SIZE = 512;
    private static final int HEADER = TftpPacket.HEADER_OCTETS;
    private static final int LARGEST_FILE = 100_000_000;
    private static final Duration RETRANSMISSION = Duration.ofSeconds(1);

    /**
     * A file that arrived completely.
     *
     * @param granted the options the server agreed to
     * @param sentAgain how often something was asked for once more
     */
    public record Arrived(byte[] content, Map<String, Integer> granted, Duration took, int sentAgain) {}

    private final DatagramSocket socket;
    private final DatagramPacket datagram = new DatagramPacket(new byte[HEADER + 65_464], HEADER + 65_464);
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private final Map<String, Integer> granted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    /** Where the transfer comes from once the server has answered; where requests go before. */
    private SocketAddress server;

    private boolean answered;
    private byte[] lastSent;
    private int sentAgain;
    private int received;
    private int sinceLastAck;
    private boolean gapTold;

    /** @param own the address this machine was given */
    public TftpDownload(Ipv4 own, InetSocketAddress server) throws IOException {
        this.socket = new DatagramSocket(new InetSocketAddress(LoopbackWire.inet(own), 0));
        this.server = server;
    }

    /** Reads the file; to be called once. */
    public Arrived read(String name, int blockSize, int windowSize, Duration patience) throws IOException, StepFailed {
        Deadline deadline = new Deadline(patience);
        send(new TftpPacket.ReadRequest(
                name,
                "octet",
                List.of(
                        new TransferOption("tsize", "0"),
                        new TransferOption("blksize", Integer.toString(blockSize)),
                        new TransferOption("windowsize", Integer.toString(windowSize)))));
        while (!deadline.isOver()) {
            if (receive(deadline.orSooner(RETRANSMISSION)) && take()) {
                return new Arrived(content.toByteArray(), granted, deadline.elapsed(), sentAgain);
            }
        }
        throw new StepFailed("'" + name + "' had not arrived after " + patience.toSeconds() + " s; "
                + (answered ? content.size() + " octets had" : "the server never answered"));
    }

    private void send(TftpPacket packet) throws IOException {
        lastSent = packet.encode();
        transmit();
    }

    private void transmit() throws IOException {
        socket.send(new DatagramPacket(lastSent, lastSent.length, server));
    }

    /** True when a datagram of the transfer came; asks again when none did. */
    private boolean receive(Deadline deadline) throws IOException {
        while (!deadline.isOver()) {
            socket.setSoTimeout(deadline.millisLeft());
            datagram.setLength(datagram.getData().length);
            try {
                socket.receive(datagram);
            } catch (SocketTimeoutException e) {
                break;
            }
            if (!answered || datagram.getSocketAddress().equals(server)) {
                answered = true;
                server = datagram.getSocketAddress();
                return true;
            }
        }
        sentAgain++;
        transmit();
        return false;
    }

    /** True when the file is complete. */
    private boolean take() throws IOException, StepFailed {
        TftpPacket packet;
        try {
            packet = TftpPacket.decode(ByteBuffer.wrap(datagram.getData(), 0, datagram.getLength()));
        } catch (MalformedPacket e) {
            throw new StepFailed("the server sent what is no TFTP: " + e.getMessage(), e);
        }
        if (packet instanceof TftpPacket.OptionAck options) {
            agree(options);
            return false;
        }
        if (packet instanceof TftpPacket.Data data) {
            return take(data);
        }
        if (packet instanceof TftpPacket.Failure failure) {
            throw new StepFailed("the server refused the file: error " + failure.code() + ", " + failure.text());
        }
        throw new StepFailed("the server sent what no server sends: " + packet);
    }

    private void agree(TftpPacket.OptionAck options) throws IOException, StepFailed {
        if (received > 0) {
            return; // late
        }
        for (TransferOption option : options.options()) {
            if (!option.value().matches("\\d{1,9}")) {
                throw new StepFailed("the server granted " + option);
            }
            granted.put(option.name(), Integer.parseInt(option.value()));
        }
        send(new TftpPacket.Ack(0));
    }

    private boolean take(TftpPacket.Data data) throws IOException, StepFailed {
        if (data.block() != (received + 1 & 0xffff)) {
            tellGapOnce();
            return false;
        }
        received++;
        sinceLastAck++;
        gapTold = false;
        content.writeBytes(data.content().toArray());
        if (content.size() > LARGEST_FILE) {
            throw new StepFailed("the file does not end");
        }
        boolean last = data.content().length() < granted.getOrDefault("blksize", USUAL_BLOCK_SIZE);
        if (last || sinceLastAck >= granted.getOrDefault("windowsize", 1)) {
            acknowledge();
        }
        return last;
    }

    /** RFC 7440 §4: after a gap, the last block in order is acknowledged, and the server goes on from there. */
    private void tellGapOnce() throws IOException {
        if (!gapTold) {
            gapTold = true;
            sentAgain++;
            acknowledge();
        }
    }

    private void acknowledge() throws IOException {
        sinceLastAck = 0;
        send(new TftpPacket.Ack(received & 0xffff));
    }

    @Override
    public void close() {
        socket.close();
    }
}

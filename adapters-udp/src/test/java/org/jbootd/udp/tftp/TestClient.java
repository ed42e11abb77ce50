package org.jbootd.udp.tftp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jbootd.domain.transfer.TransferOption;
import org.jbootd.udp.MalformedPacket;

/** A TFTP client on one port of the loopback. */
final class TestClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;
    private static final int REPEAT_MILLIS = 2_000;

    final DatagramSocket socket;
    private final InetSocketAddress server;
    private InetSocketAddress peer;
    private byte[] lastSent;

    TestClient(InetSocketAddress server) throws IOException {
        this(server, "127.0.0.1");
    }

    TestClient(InetSocketAddress server, String address) throws IOException {
        this.server = server;
        this.socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByName(address), 0));
        socket.setReceiveBufferSize(4 << 20);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    void request(String name, String... options) throws IOException {
        toServer(new TftpPacket.ReadRequest(name, "octet", options(options)).encode());
    }

    static List<TransferOption> options(String... words) {
        List<TransferOption> options = new ArrayList<>();
        for (int i = 0; i < words.length; i += 2) {
            options.add(new TransferOption(words[i], words[i + 1]));
        }
        return options;
    }

    void toServer(byte[] datagram) throws IOException {
        peer = null;
        lastSent = datagram;
        socket.send(new DatagramPacket(datagram, datagram.length, server));
    }

    /** To wherever the last packet came from. */
    void reply(TftpPacket packet) throws IOException {
        lastSent = packet.encode();
        socket.send(new DatagramPacket(lastSent, lastSent.length, peer));
    }

    void sendTo(InetSocketAddress port, TftpPacket packet) throws IOException {
        byte[] datagram = packet.encode();
        socket.send(new DatagramPacket(datagram, datagram.length, port));
    }

    void ack(int block) throws IOException {
        reply(new TftpPacket.Ack(block & 0xffff));
    }

    InetSocketAddress peer() {
        return peer;
    }

    TftpPacket receive() throws IOException {
        return receive(PATIENCE_MILLIS).orElseThrow(() -> new AssertionError("the server did not answer"));
    }

    Optional<TftpPacket> receive(int millis) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_507], 65_507);
        socket.setSoTimeout(millis);
        try {
            socket.receive(packet);
        } catch (SocketTimeoutException e) {
            return Optional.empty();
        }
        peer = (InetSocketAddress) packet.getSocketAddress();
        try {
            return Optional.of(TftpPacket.decode(ByteBuffer.wrap(packet.getData(), 0, packet.getLength())));
        } catch (MalformedPacket e) {
            throw new AssertionError("the server sent rubbish", e);
        }
    }

    /** Fetches a whole file as a good client does. */
    byte[] fetchAs(String mode, String name, String... options) throws IOException {
        toServer(new TftpPacket.ReadRequest(name, mode, options(options)).encode());
        return follow();
    }

    byte[] fetch(String name, String... options) throws IOException {
        return fetchAs("octet", name, options);
    }

    /** Receives what was requested. */
    byte[] follow() throws IOException {
        return followFrom(512, 1);
    }

    /** The same, when the OACK was received already. */
    byte[] followFrom(int agreedBlockSize, int agreedWindow) throws IOException {
        int blockSize = agreedBlockSize;
        int window = agreedWindow;
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        long next = 1;
        int inWindow = 0;
        while (true) {
            TftpPacket packet = receiveRepeating();
            if (packet instanceof TftpPacket.OptionAck oack) {
                blockSize = value(oack, "blksize", blockSize);
                window = value(oack, "windowsize", window);
                ack(0);
            } else if (packet instanceof TftpPacket.Data data && data.block() == (next & 0xffff)) {
                content.writeBytes(data.content().toArray());
                inWindow++;
                boolean last = data.content().length() < blockSize;
                if (last || inWindow == window) {
                    ack((int) next);
                    inWindow = 0;
                }
                if (last) {
                    return content.toByteArray();
                }
                next++;
            } else if (packet instanceof TftpPacket.Failure failure) {
                throw new AssertionError("the server said " + failure);
            } else if (inWindow > 0) {
                ack((int) next - 1);
                inWindow = 0;
            }
        }
    }

    /** A datagram can be lost even here, when a socket's buffer is full: then the last one is sent again. */
    private TftpPacket receiveRepeating() throws IOException {
        for (int repetition = 0; repetition < PATIENCE_MILLIS / REPEAT_MILLIS; repetition++) {
            Optional<TftpPacket> packet = receive(REPEAT_MILLIS);
            if (packet.isPresent()) {
                return packet.get();
            }
            socket.send(new DatagramPacket(lastSent, lastSent.length, peer == null ? server : peer));
        }
        throw new AssertionError("the server did not answer");
    }

    private static int value(TftpPacket.OptionAck oack, String name, int otherwise) {
        return oack.options().stream()
                .filter(option -> option.name().equalsIgnoreCase(name))
                .mapToInt(option -> Integer.parseInt(option.value()))
                .findFirst()
                .orElse(otherwise);
    }

    @Override
    public void close() {
        socket.close();
    }

    @Override
    public String toString() {
        return "client " + socket.getLocalSocketAddress() + Arrays.asList(peer);
    }
}

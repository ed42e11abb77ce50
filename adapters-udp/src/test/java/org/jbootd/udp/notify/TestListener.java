package org.jbootd.udp.notify;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A program that listens on the loopback interface. */
final class TestListener implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;

    private final DatagramSocket socket;

    TestListener() throws IOException {
        this(0);
    }

    TestListener(int port) throws IOException {
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    int port() {
        return socket.getLocalPort();
    }

    ListenerAddress address() {
        return new ListenerAddress("127.0.0.1", port());
    }

    /** The next datagram. */
    String hear() throws IOException {
        DatagramPacket datagram = new DatagramPacket(new byte[500], 500);
        socket.receive(datagram);
        return new String(datagram.getData(), 0, datagram.getLength(), StandardCharsets.US_ASCII);
    }

    /** A port that nobody listens at. */
    static int deafPort() throws IOException {
        try (TestListener listener = new TestListener()) {
            return listener.port();
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}

package org.jbootd.bench;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Clients that ask for files by TFTP and never say anything again. For one thread. */
final class AbandonedReads implements SteadyStream.Shot, AutoCloseable {

    /** A server lets one address have only so many transfers. */
    private static final int ADDRESSES = 40;

    private static final int SOCKETS = 400;

    private final List<DatagramSocket> sockets = new ArrayList<>();
    private final InetSocketAddress server;
    private final int files;
    private int next;

    /** @param files how many there are, called {@code 0}, {@code 1} and so on */
    AbandonedReads(InetSocketAddress server, int files) throws IOException {
        this.server = server;
        this.files = files;
        for (int i = 0; i < SOCKETS; i++) {
            sockets.add(new DatagramSocket(new InetSocketAddress("127.0.2." + (1 + i % ADDRESSES), 0)));
        }
    }

    @Override
    public void fire() throws IOException {
        byte[] request = TftpReader.request(Integer.toString(next % files), Integer.toString(next));
        sockets.get(next++ % SOCKETS).send(new DatagramPacket(request, request.length, server));
    }

    @Override
    public void close() {
        sockets.forEach(DatagramSocket::close);
    }
}

package org.jbootd.bench;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A DISCOVER of another machine each time, none of which is there. For one thread. */
final class ForgedDiscovers implements SteadyStream.Shot, AutoCloseable {

    /** Transaction numbers of machines that are there count from 1. */
    private static final int FIRST_XID = 1 << 30;

    private final DatagramSocket socket;
    private final InetSocketAddress server;
    private int next;

    ForgedDiscovers(int port) throws IOException {
        socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
        socket.setBroadcast(true);
        server = new InetSocketAddress(InetAddress.getByName("255.255.255.255"), port);
    }

    @Override
    public void fire() throws IOException {
        byte[] discover = Firmware.of(BadDatagrams.FORGED, next)
                .discover(FIRST_XID + next)
                .encode();
        next++;
        socket.send(new DatagramPacket(discover, discover.length, server));
    }

    @Override
    public void close() {
        socket.close();
    }
}

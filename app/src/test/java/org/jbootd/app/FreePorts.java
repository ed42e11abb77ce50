package org.jbootd.app;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;

/**
 * Ports for daemons that a test starts, and starts again. They lie below those that the kernel gives to sockets without a wish
 * ({@code ip_local_port_range}, 32768 and up), so that none is taken while its daemon is away; and test runs that go on at the same
 * time have different ones.
 */
public final class FreePorts {

    private static final int FIRST = 12_000;
    private static final int END = 32_000;

    /** Of each fork of a test run. */
    private static final int SHARE = 2_500;

    private static final int FORKS = (END - FIRST) / SHARE;
    private static final int MINE = FIRST + Integer.getInteger("surefire.forkNumber", 0) % FORKS * SHARE;

    /** Runs of tests that follow each other begin at different ports. */
    private static int next = (int) (ProcessHandle.current().pid() * 50 % SHARE);

    private FreePorts() {}

    /** @return a port that is free on every address, UDP and TCP, and was not given before */
    public static synchronized int free() throws IOException {
        for (int tries = 0; tries < SHARE; tries++) {
            int port = MINE + next;
            next = (next + 1) % SHARE;
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("no port is free from " + MINE + " to " + (MINE + SHARE - 1));
    }

    private static boolean isFree(int port) {
        try (DatagramSocket udp = new DatagramSocket(port);
                ServerSocket tcp = new ServerSocket(port)) {
            return udp.isBound() && tcp.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}

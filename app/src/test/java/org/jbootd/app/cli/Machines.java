package org.jbootd.app.cli;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.udp.MalformedPacket;
import org.jbootd.udp.dhcp.DhcpPacket;
import org.jbootd.udp.dhcp.Options;

/**
 * Many machines on the loopback interface that ask for addresses, {@value #AT_ONCE} at once. They remember what they were
 * given, and complain of whatever no correct server does. For one thread.
 */
final class Machines implements AutoCloseable {

    private static final int AT_ONCE = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long RETRY_NANOS = Duration.ofMillis(300).toNanos();

    private static final int REQUESTED_ADDRESS = 50;
    private static final int MESSAGE_TYPE = 53;
    private static final int SERVER = 54;
    private static final int HOST_NAME = 12;
    private static final int LEASE_TIME = 51;
    private static final int DISCOVER = 1;
    private static final int OFFER = 2;
    private static final int REQUEST = 3;
    private static final int ACK = 5;
    private static final int NAK = 6;

    /** What a machine was told. @param until counted from when it asked first (RFC 2131 §4.4.1) */
    record Given(Ipv4 address, Instant until) {}

    /** A message that waits for its answer. @param nanoTime when it was sent last */
    private record Asked(int machine, DhcpPacket message, Instant at, long nanoTime) {

        Asked again() {
            return new Asked(machine, message, at, System.nanoTime());
        }
    }

    private final DatagramSocket in;
    private final DatagramSocket out;
    private final int count;
    private final Random random;
    private final String hostName;
    private final Map<Integer, Asked> asked = new HashMap<>();
    private final Map<Integer, Given> held = new LinkedHashMap<>();
    private final Map<Ipv4, Integer> holders = new HashMap<>();
    private final List<String> complaints = new ArrayList<>();
    private List<Integer> serverPorts = List.of();
    private long acknowledged;

    /** @param hostName what each calls itself, which goes into its lease */
    Machines(int count, Random random, String hostName) throws IOException {
        this.in = bind("0.0.0.0", 0);
        this.out = bind("127.0.0.1", in.getLocalPort());
        this.count = count;
        this.random = random;
        this.hostName = hostName;
        in.setSoTimeout(20);
    }

    private static DatagramSocket bind(String address, int port) throws IOException {
        DatagramSocket socket = new DatagramSocket(null);
        socket.setReuseAddress(true);
        socket.setBroadcast(true);
        socket.setReceiveBufferSize(1 << 20);
        socket.bind(new InetSocketAddress(address, port));
        return socket;
    }

    /** Where they take what servers say. */
    int replyPort() {
        return in.getLocalPort();
    }

    /** @param ports of the servers that hear all that they say from now on, as servers on one wire do */
    void face(List<Integer> ports) {
        serverPorts = List.copyOf(ports);
    }

    /** How often they were given an address that they asked for, again or for the first time; a second answer does not count. */
    long acknowledged() {
        return acknowledged;
    }

    static HardwareAddress hardware(int machine) {
        return HardwareAddress.ethernet(Octets.of(
                ByteBuffer.allocate(6).putShort((short) 0x0200).putInt(machine).array()));
    }

    /** What each machine that has an address was given last. */
    Map<Integer, Given> held() {
        return Map.copyOf(held);
    }

    List<String> complaints() {
        return complaints;
    }

    /** Waits until somebody answers. A machine that is not one of them asks, and takes nothing. */
    void awaitAnswer() throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        ask(count, message(count, DISCOVER, Map.of()));
        while (asked.containsKey(count)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("nobody answered");
            }
            receive();
            retry();
        }
    }

    /** Keeps asking, whoever it is, until they were given so many more addresses. Then many still wait for an answer. */
    void load(int acks) throws IOException {
        long end = acknowledged + acks;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (acknowledged < end) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(end - acknowledged + " of " + acks + " acknowledgements never came");
            }
            while (asked.size() < AT_ONCE) {
                begin(random.nextInt(count));
            }
            receive();
            retry();
        }
    }

    /** Asks for something that wants an ACK, and counts those that come within {@code time}. */
    long acknowledgedWithin(Duration time) throws IOException {
        long before = acknowledged;
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            while (asked.size() < AT_ONCE) {
                begin(random.nextInt(count));
            }
            receive();
            retry();
        }
        return acknowledged - before;
    }

    /** The server is gone: takes what it had sent before, and waits for nothing more. */
    void giveUp() throws IOException {
        while (receive()) {
            // what was sent counts
        }
        asked.clear();
    }

    /** Every machine that has an address asks whether it is still its own, until all have had their answer. */
    void confirmAll() throws IOException {
        List<Integer> left = new ArrayList<>(held.keySet());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!left.isEmpty() || !asked.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(asked.size() + " machines had no answer");
            }
            while (asked.size() < AT_ONCE && !left.isEmpty()) {
                int machine = left.remove(left.size() - 1);
                ask(
                        machine,
                        message(
                                machine,
                                REQUEST,
                                Map.of(
                                        REQUESTED_ADDRESS,
                                        octets(held.get(machine).address()))));
            }
            receive();
            retry();
        }
    }

    private void begin(int machine) throws IOException {
        boolean reboots = held.containsKey(machine) && random.nextBoolean();
        ask(
                machine,
                reboots
                        ? message(
                                machine,
                                REQUEST,
                                Map.of(
                                        REQUESTED_ADDRESS,
                                        octets(held.get(machine).address())))
                        : message(machine, DISCOVER, Map.of()));
    }

    private void ask(int machine, DhcpPacket message) throws IOException {
        asked.put(machine, new Asked(machine, message, Instant.now(), System.nanoTime()));
        send(message);
    }

    private void send(DhcpPacket message) throws IOException {
        byte[] datagram = message.encode();
        InetAddress everybody = InetAddress.getByName("255.255.255.255");
        for (int port : serverPorts) {
            out.send(new DatagramPacket(datagram, datagram.length, everybody, port));
        }
    }

    private void retry() throws IOException {
        long now = System.nanoTime();
        for (Asked waiting : List.copyOf(asked.values())) {
            if (now - waiting.nanoTime() > RETRY_NANOS) {
                asked.put(waiting.machine(), waiting.again());
                send(waiting.message());
            }
        }
    }

    /** @return false when nothing came for a moment */
    private boolean receive() throws IOException {
        DatagramPacket datagram = new DatagramPacket(new byte[2048], 2048);
        try {
            in.receive(datagram);
            take(DhcpPacket.decode(Arrays.copyOf(datagram.getData(), datagram.getLength())));
        } catch (SocketTimeoutException e) {
            return false;
        } catch (MalformedPacket e) {
            complaints.add("a malformed reply: " + e.getMessage());
        }
        return true;
    }

    private void take(DhcpPacket reply) throws IOException {
        int machine =
                ByteBuffer.wrap(reply.hardwareAddress().octets().toArray()).getInt(2);
        int type = reply.options().octet(MESSAGE_TYPE).orElse(0);
        Asked waiting = asked.get(machine);
        if (type == ACK) {
            given(machine, reply, waiting);
        }
        if (reply.op() != DhcpPacket.BOOTREPLY
                || waiting == null
                || waiting.message().xid() != reply.xid()) {
            return;
        }
        asked.remove(machine);
        if (type == OFFER && machine < count) {
            ask(
                    machine,
                    message(
                            machine,
                            REQUEST,
                            Map.of(
                                    REQUESTED_ADDRESS,
                                    octets(reply.yiaddr()),
                                    SERVER,
                                    octets(Ipv4.parse("127.0.0.1")))));
        } else if (type == NAK) {
            complaints.add("machine " + machine + " got a NAK and holds " + held.get(machine));
        }
    }

    /** @param waiting null when the machine waits for nothing any more: then this says nothing of its time */
    private void given(int machine, DhcpPacket ack, Asked waiting) {
        Ipv4 address = ack.yiaddr();
        Given before = held.get(machine);
        if (before != null && !before.address().equals(address)) {
            complaints.add("machine " + machine + " was moved from " + before.address() + " to " + address);
        }
        if (waiting != null && waiting.message().xid() == ack.xid()) {
            acknowledged++;
            held.put(machine, new Given(address, end(waiting, ack)));
        } else {
            held.put(machine, new Given(address, before == null ? Instant.EPOCH : before.until()));
        }
        Integer other = holders.put(address, machine);
        if (other != null && other != machine) {
            complaints.add(address + " was given to machines " + other + " and " + machine);
        }
    }

    private static Instant end(Asked asked, DhcpPacket ack) {
        Octets seconds = ack.options().get(LEASE_TIME).orElseThrow();
        return asked.at().plusSeconds(ByteBuffer.wrap(seconds.toArray()).getInt());
    }

    private static Octets octets(Ipv4 address) {
        return Octets.of(address.octets());
    }

    private DhcpPacket message(int machine, int type, Map<Integer, Octets> more) {
        Map<Integer, Octets> options = new LinkedHashMap<>(more);
        options.put(MESSAGE_TYPE, Octets.of((byte) type));
        options.put(HOST_NAME, Octets.of(hostName.getBytes(StandardCharsets.US_ASCII)));
        byte[] chaddr = Arrays.copyOf(hardware(machine).octets().toArray(), 16);
        return new DhcpPacket(
                DhcpPacket.BOOTREQUEST,
                1,
                6,
                0,
                random.nextInt(),
                0,
                0,
                Ipv4.UNSPECIFIED,
                Ipv4.UNSPECIFIED,
                Ipv4.UNSPECIFIED,
                Ipv4.UNSPECIFIED,
                Octets.of(chaddr),
                Octets.EMPTY,
                Octets.EMPTY,
                true,
                Options.of(options));
    }

    @Override
    public void close() {
        in.close();
        out.close();
    }
}

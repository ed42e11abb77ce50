package org.jbootd.app.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.udp.MalformedPacket;
import org.jbootd.udp.dhcp.DhcpPacket;

/**
 * All machines and their relay, which passes what they say to all nodes. What a node sends to a machine that has an address comes
 * past no relay. For one thread.
 */
final class Machines implements BootingMachine.World, AutoCloseable {

    private static final int SERVER_PORT = 67;
    private static final int CLIENT_PORT = 68;
    private static final int RECEIVE_BUFFER = 1 << 20;
    private static final long LONGEST_WAIT_MILLIS = 50;

    private record Alarm(BootingMachine machine, int turn, long at) {}

    private final long began = System.nanoTime();
    private final Selector selector = Selector.open();
    private final DatagramChannel relay;
    private final DatagramChannel clients;
    private final List<InetSocketAddress> nodes = new ArrayList<>();
    private final Random random;
    private final Holdings holdings = new Holdings();
    private final List<BootingMachine.Acknowledgement> acknowledgements = new ArrayList<>();
    private final PriorityQueue<Alarm> alarms =
            new PriorityQueue<>(Comparator.comparingLong(alarm -> alarm.at() - began));
    private final List<BootingMachine> places = new ArrayList<>();
    private final Map<Integer, BootingMachine> present = new HashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(2048);
    private int lastMachine;
    private boolean calm;

    /** @param begin all start within this time */
    Machines(int count, int nodeCount, Random random, Duration begin) throws IOException {
        this.random = random;
        relay = open(SERVER_PORT);
        clients = open(CLIENT_PORT);
        for (int node = 1; node <= nodeCount; node++) {
            nodes.add(new InetSocketAddress(Place.address(node).toString(), SERVER_PORT));
        }
        for (int i = 0; i < count; i++) {
            BootingMachine machine = new BootingMachine(this);
            places.add(machine);
            machine.start(began + random.nextLong(begin.toNanos()));
        }
    }

    private DatagramChannel open(int port) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
        channel.bind(new InetSocketAddress(port));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
        return channel;
    }

    /** Lets them live until {@code over}. */
    void live(BooleanSupplier over) throws IOException {
        while (!over.getAsBoolean()) {
            selector.select(key -> {}, waitMillis());
            hear(relay);
            hear(clients);
            ring();
        }
    }

    private long waitMillis() {
        long left = alarms.isEmpty() ? LONGEST_WAIT_MILLIS : (alarms.peek().at() - System.nanoTime()) / 1_000_000;
        return Math.max(1, Math.min(LONGEST_WAIT_MILLIS, left));
    }

    private void hear(DatagramChannel channel) throws IOException {
        while (channel.receive(buffer.clear()) != null) {
            try {
                DhcpPacket reply = DhcpPacket.decode(Arrays.copyOf(buffer.array(), buffer.position()));
                int number = ByteBuffer.wrap(reply.hardwareAddress().octets().toArray())
                        .getInt(2);
                BootingMachine machine = present.get(number);
                if (machine != null && machine.number() == number) {
                    machine.hear(reply, System.nanoTime());
                }
            } catch (MalformedPacket e) {
                holdings.complain("a malformed reply: " + e.getMessage());
            }
        }
    }

    private void ring() {
        long now = System.nanoTime();
        while (!alarms.isEmpty() && now - alarms.peek().at() >= 0) {
            Alarm alarm = alarms.remove();
            alarm.machine().wake(alarm.turn(), now);
        }
    }

    /** From now on none goes, and none boots of its own accord. */
    void calm() {
        calm = true;
    }

    /** How many have an address at present that they need not ask for. */
    long served() {
        return places.stream().filter(BootingMachine::isServed).count();
    }

    /** How many there have been. */
    int born() {
        return lastMachine;
    }

    List<BootingMachine.Acknowledgement> acknowledgements() {
        return acknowledgements;
    }

    @Override
    public void relay(DhcpPacket message) {
        nodes.forEach(node -> send(relay, relayed(message), node));
    }

    /** RFC 1542 §4.1.1. */
    private static DhcpPacket relayed(DhcpPacket message) {
        return new DhcpPacket(
                message.op(),
                message.htype(),
                message.hlen(),
                1,
                message.xid(),
                message.secs(),
                message.flags(),
                message.ciaddr(),
                message.yiaddr(),
                message.siaddr(),
                Place.RELAY,
                message.chaddr(),
                message.sname(),
                message.file(),
                message.cookie(),
                message.options());
    }

    @Override
    public void send(DhcpPacket message, Ipv4 server) {
        send(clients, message, new InetSocketAddress(server.toString(), SERVER_PORT));
    }

    private static void send(DatagramChannel from, DhcpPacket message, InetSocketAddress to) {
        try {
            from.send(ByteBuffer.wrap(message.encode()), to);
        } catch (IOException e) {
            // as lost on the wire
        }
    }

    @Override
    public void wake(BootingMachine machine, int turn, long at) {
        present.put(machine.number(), machine);
        alarms.add(new Alarm(machine, turn, at));
    }

    @Override
    public Holdings holdings() {
        return holdings;
    }

    @Override
    public void acknowledged(BootingMachine.Acknowledgement ack) {
        acknowledgements.add(ack);
    }

    @Override
    public int nextMachine() {
        return ++lastMachine;
    }

    /** Many have patience, as firmware has it; a few are not to keep a short test waiting. */
    @Override
    public Duration firstWait() {
        return Duration.ofSeconds(places.size() > 5000 ? 4 : 1);
    }

    @Override
    public boolean isCalm() {
        return calm;
    }

    @Override
    public Random random() {
        return random;
    }

    @Override
    public void close() throws IOException {
        relay.close();
        clients.close();
        selector.close();
    }
}

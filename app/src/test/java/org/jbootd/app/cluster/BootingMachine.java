package org.jbootd.app.cluster;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.udp.dhcp.DhcpPacket;
import org.jbootd.udp.dhcp.Options;

/**
 * A machine behind a relay, from its first DISCOVER through its renewals to its end, when another one takes its place. It says
 * again what is not answered, as firmware does, and uses an address as long as RFC 2131 lets it. Instants are
 * {@link System#nanoTime}'s. For one thread.
 */
final class BootingMachine {

    /** Where it is, and what it hears of. */
    interface World {

        /** To all servers, past the relay. */
        void relay(DhcpPacket message);

        /** To one server. */
        void send(DhcpPacket message, Ipv4 server);

        /** Has {@link #wake} called. */
        void wake(BootingMachine machine, int turn, long at);

        Holdings holdings();

        void acknowledged(Acknowledgement ack);

        /** A number that no machine had before. */
        int nextMachine();

        /** How long a machine waits before it says the same again; then twice as long, and so on. */
        Duration firstWait();

        /** Whether machines only keep what they have. */
        boolean isCalm();

        Random random();
    }

    /** What a machine was told, and when by the wall clock. */
    record Acknowledgement(int machine, Ipv4 address, Duration lease, Instant asked, Instant heard) {}

    private enum State {
        OFF,
        SELECTING,
        REQUESTING,
        REBOOTING,
        BOUND,
        RENEWING,
        REBINDING
    }

    private static final int REQUESTED_ADDRESS = 50;
    private static final int LEASE_TIME = 51;
    private static final int MESSAGE_TYPE = 53;
    private static final int SERVER = 54;
    private static final int DISCOVER = 1;
    private static final int OFFER = 2;
    private static final int REQUEST = 3;
    private static final int ACK = 5;
    private static final int NAK = 6;
    private static final int RELEASE = 7;

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** How often it says the same before it begins anew. */
    private static final int MOST_TRANSMISSIONS = 4;

    private final World world;
    private int number;
    private State state = State.OFF;
    private int turn;
    private int xid;
    private int transmissions;
    private DhcpPacket message;
    private long askedAt;
    private Instant asked;
    private Ipv4 server = Ipv4.UNSPECIFIED;

    /** What it has, until {@link #until}; unspecified for nothing. */
    private Ipv4 address = Ipv4.UNSPECIFIED;

    private long renewAt;
    private long rebindAt;
    private long until;

    BootingMachine(World world) {
        this.world = world;
        this.number = world.nextMachine();
    }

    /** The number in its messages, that of the machine here at present. */
    int number() {
        return number;
    }

    boolean isServed() {
        return state == State.BOUND;
    }

    static HardwareAddress hardware(int machine) {
        return HardwareAddress.ethernet(Octets.of(
                ByteBuffer.allocate(6).putShort((short) 0x0200).putInt(machine).array()));
    }

    /** Begins at {@code at}. */
    void start(long at) {
        enter(State.OFF, at);
    }

    private void enter(State next, long wakeAt) {
        state = next;
        turn++;
        transmissions = 0;
        world.wake(this, turn, wakeAt);
    }

    /** @param of the turn in which it asked to be woken */
    void wake(int of, long now) {
        if (of != turn) {
            return;
        }
        switch (state) {
            case OFF -> discover(now);
            case SELECTING, REQUESTING, REBOOTING -> repeatOrBeginAnew(now);
            case BOUND -> whatNext(now);
            case RENEWING -> renew(now);
            case REBINDING -> rebind(now);
            default -> throw new AssertionError(state);
        }
    }

    /** It boots: what it had it does not use any more. */
    private void discover(long now) {
        giveUp(now);
        ask(State.SELECTING, Ipv4.UNSPECIFIED, Map.of(MESSAGE_TYPE, octet(DISCOVER)), now);
    }

    private void giveUp(long now) {
        if (!address.isUnspecified()) {
            world.holdings().givenUp(number, address, now);
            address = Ipv4.UNSPECIFIED;
        }
    }

    private void ask(State next, Ipv4 ciaddr, Map<Integer, Octets> options, long now) {
        state = next;
        turn++;
        transmissions = 0;
        askedAt = now;
        asked = Instant.now();
        xid = world.random().nextInt();
        message = message(ciaddr, options);
        transmit(now);
    }

    private void transmit(long now) {
        transmissions++;
        if (state == State.RENEWING) {
            world.send(message, server);
        } else {
            world.relay(message);
        }
        long wait = world.firstWait().toNanos() << (transmissions - 1);
        world.wake(this, turn, now + wait * (90 + world.random().nextInt(20)) / 100);
    }

    private void repeatOrBeginAnew(long now) {
        if (transmissions < MOST_TRANSMISSIONS) {
            transmit(now);
        } else {
            discover(now);
        }
    }

    private void whatNext(long now) {
        int lot = world.isCalm() ? 100 : world.random().nextInt(100);
        if (lot < 8) {
            discover(now);
        } else if (lot < 16) {
            ask(State.REBOOTING, Ipv4.UNSPECIFIED, request(REQUESTED_ADDRESS, address), now);
        } else if (lot < 24) {
            release(now);
            start(now + 2 * SECOND + world.random().nextLong(2 * SECOND)); // the same machine starts again soon
        } else if (lot < 32) {
            release(now);
            replace(now);
        } else if (lot < 37) {
            address = Ipv4.UNSPECIFIED; // falls silent: its lease goes on
            replace(now);
        } else {
            ask(State.RENEWING, address, Map.of(MESSAGE_TYPE, octet(REQUEST)), now);
        }
    }

    private void release(long now) {
        xid = world.random().nextInt();
        DhcpPacket release = message(address, Map.of(MESSAGE_TYPE, octet(RELEASE), SERVER, Octets.of(server.octets())));
        giveUp(now);
        world.send(release, server);
    }

    private void replace(long now) {
        number = world.nextMachine();
        start(now);
    }

    private void renew(long now) {
        if (now - rebindAt < 0) {
            transmit(now);
        } else {
            ask(State.REBINDING, address, Map.of(MESSAGE_TYPE, octet(REQUEST)), now);
        }
    }

    private void rebind(long now) {
        if (now - until < 0) {
            transmit(now);
        } else {
            discover(now);
        }
    }

    void hear(DhcpPacket reply, long now) {
        int type = reply.options().octet(MESSAGE_TYPE).orElse(0);
        if (reply.op() != DhcpPacket.BOOTREPLY || reply.xid() != xid || state == State.OFF || state == State.BOUND) {
            return;
        }
        if (state == State.SELECTING) {
            if (type == OFFER) {
                select(reply, now);
            }
        } else if (type == ACK) {
            take(reply, now);
        } else if (type == NAK) {
            refused(reply, now);
        }
    }

    private void select(DhcpPacket offer, long now) {
        Map<Integer, Octets> options = new LinkedHashMap<>(request(REQUESTED_ADDRESS, offer.yiaddr()));
        options.put(SERVER, offer.options().get(SERVER).orElseThrow());
        ask(State.REQUESTING, Ipv4.UNSPECIFIED, options, now);
    }

    private void take(DhcpPacket ack, long now) {
        if (!address.isUnspecified() && !address.equals(ack.yiaddr())) {
            world.holdings()
                    .complain("machine %d asked for %s and was given %s".formatted(number, address, ack.yiaddr()));
        }
        address = ack.yiaddr();
        server = ack.options().address(SERVER).orElseThrow();
        Duration lease = Duration.ofSeconds(
                ack.options().get(LEASE_TIME).map(BootingMachine::number).orElseThrow());
        until = askedAt + lease.toNanos();
        rebindAt = askedAt + lease.toNanos() * 7 / 8;
        renewAt = askedAt + lease.toNanos() * (40 + world.random().nextInt(15)) / 100;
        if (now - until >= 0) {
            discover(now); // heard when it is over
            return;
        }
        world.holdings().given(number, address, now, until);
        world.acknowledged(new Acknowledgement(number, address, lease, asked, Instant.now()));
        enter(State.BOUND, renewAt);
    }

    /** Only of one that has nothing a server may change its mind: another was faster. */
    private void refused(DhcpPacket nak, long now) {
        if (!address.isUnspecified() && now - until < 0) {
            world.holdings()
                    .complain("machine %d holds %s for %d ms more, and %s refused it when %s"
                            .formatted(
                                    number,
                                    address,
                                    (until - now) / 1_000_000,
                                    nak.options().address(SERVER),
                                    state));
        }
        giveUp(now);
        start(now + world.random().nextLong(SECOND));
    }

    private static long number(Octets octets) {
        return Integer.toUnsignedLong(ByteBuffer.wrap(octets.toArray()).getInt());
    }

    private static Octets octet(int value) {
        return Octets.of((byte) value);
    }

    private static Map<Integer, Octets> request(int option, Ipv4 value) {
        return Map.of(MESSAGE_TYPE, octet(REQUEST), option, Octets.of(value.octets()));
    }

    private DhcpPacket message(Ipv4 ciaddr, Map<Integer, Octets> options) {
        byte[] chaddr = Arrays.copyOf(hardware(number).octets().toArray(), 16);
        return new DhcpPacket(
                DhcpPacket.BOOTREQUEST,
                1,
                6,
                0,
                xid,
                0,
                0,
                ciaddr,
                Ipv4.UNSPECIFIED,
                Ipv4.UNSPECIFIED,
                Ipv4.UNSPECIFIED,
                Octets.of(chaddr),
                Octets.EMPTY,
                Octets.EMPTY,
                true,
                Options.of(options));
    }
}

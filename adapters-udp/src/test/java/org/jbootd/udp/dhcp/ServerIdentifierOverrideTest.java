package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.exchange.Desk;
import org.jbootd.domain.exchange.Reason;
import org.jbootd.domain.lease.AddressPool;
import org.jbootd.domain.lease.InMemoryLeaseStore;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;
import org.jbootd.udp.EventLoops;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * RFC 5107, from a machine's first word to its last, through sockets: its relay (10.78.0.2) has it know the server by the
 * relay's address. The machine's messages come through the relay, or past it as routed unicasts.
 */
class ServerIdentifierOverrideTest {

    private static final String RELAY = "10.78.0.2";
    private static final String CLIENT = "10.78.0.100";
    private static final String OVERRIDE = "0b040a4e0002";

    /** As {@code [subnet]} has it behind relays: the server's address is on another network. */
    private static final Subnet REMOTE = Subnet.named(
                    "remote", new Ipv4Network(Ipv4.parse("10.78.0.0"), 24), TestNetwork.SERVER)
            .pool(new AddressPool(Ipv4.parse(CLIENT), 10))
            .build();

    private final EventLoops loops = new EventLoops(1);
    private final DhcpCounters counters = new DhcpCounters();
    private final InMemoryLeaseStore store = InMemoryLeaseStore.of();
    private final DhcpSettings settings = new DhcpSettings(
            List.of(TestNetwork.LAN0),
            List.of(TestNetwork.LAN, REMOTE),
            67,
            68,
            Optional.empty(),
            Optional.empty(),
            100,
            Identification.HARDWARE);
    private final Desk desk = new Desk(
            new LeaseBook(settings.subnets(), List.of()),
            AccessControl.EVERYBODY,
            request -> BootPlan.NOTHING,
            store,
            InstantSource.system(),
            loops.decisions(),
            Desk.Settings.of(true));
    private final DhcpServer server = new DhcpServer(settings, loops, desk, counters);
    private Lans lans;
    private DatagramSocket relay;
    private DatagramSocket client;

    @BeforeEach
    void start() throws Exception {
        lans = new Lans(1);
        lans.clients().ip("address", "add", "10.77.0.2/24", "dev", "c0");
        lans.clients().ip("address", "add", RELAY + "/24", "dev", "c0");
        lans.clients().ip("address", "add", CLIENT + "/24", "dev", "c0");
        lans.server().ip("route", "add", "10.78.0.0/24", "via", "10.77.0.2");
        lans.clients().ip("route", "add", "10.77.0.1/32", "dev", "c0", "src", RELAY);
        lans.onServer(server::start);
        relay = socket(RELAY, 67);
        client = socket(CLIENT, 68);
    }

    private DatagramSocket socket(String address, int port) throws Exception {
        DatagramSocket socket = lans.clients().within(() -> new DatagramSocket(new InetSocketAddress(address, port)));
        socket.setSoTimeout(10_000);
        return socket;
    }

    @AfterEach
    void stop() {
        if (lans != null) {
            server.stop();
            relay.close();
            client.close();
            lans.close();
        }
        loops.close();
    }

    private static RequestBuilder relayed(int type) {
        return RequestBuilder.dhcp(type).relay(RELAY).hex(OptionCode.RELAY_INFORMATION, OVERRIDE);
    }

    private static void send(DatagramSocket from, RequestBuilder request) throws Exception {
        byte[] datagram = request.build().encode();
        from.send(new DatagramPacket(datagram, datagram.length, InetAddress.getByName("10.77.0.1"), 67));
    }

    private static DhcpPacket receive(DatagramSocket socket) throws Exception {
        DatagramPacket datagram = new DatagramPacket(new byte[2_000], 2_000);
        socket.receive(datagram);
        return DhcpPacket.decode(Arrays.copyOf(datagram.getData(), datagram.getLength()));
    }

    private static void assertReply(DhcpPacket reply, int type, Ipv4 server) {
        assertThat(reply.options().octet(OptionCode.MESSAGE_TYPE)).hasValue(type);
        assertThat(reply.yiaddr()).isEqualTo(Ipv4.parse(CLIENT));
        assertThat(reply.options().address(OptionCode.SERVER_IDENTIFIER)).contains(server);
    }

    private void bind() throws Exception {
        send(relay, relayed(MessageType.DISCOVER));
        assertReply(receive(relay), MessageType.OFFER, Ipv4.parse(RELAY));
        send(
                relay,
                relayed(MessageType.REQUEST)
                        .address(OptionCode.REQUESTED_ADDRESS, CLIENT)
                        .address(OptionCode.SERVER_IDENTIFIER, RELAY));
        assertReply(receive(relay), MessageType.ACK, Ipv4.parse(RELAY));
        assertThat(state()).isEqualTo(Lease.State.BOUND);
    }

    /** What is on disk, seen from the thread that writes it. */
    private Lease.State state() {
        try {
            return loops.decisions().submit(() -> store.load().get(0).state()).get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void assertReleased() {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(counters.silences(Reason.DONE)).isOne());
        assertThat(state()).isEqualTo(Lease.State.RELEASED);
    }

    @Test
    void aMachineRenewsAndReleasesThroughItsRelay() throws Exception {
        bind();
        send(relay, relayed(MessageType.REQUEST).ciaddr(CLIENT));
        assertReply(receive(relay), MessageType.ACK, Ipv4.parse(RELAY));
        send(relay, relayed(MessageType.RELEASE).ciaddr(CLIENT).address(OptionCode.SERVER_IDENTIFIER, RELAY));
        assertReleased();
    }

    @Test
    void aMachineRenewsAndReleasesPastItsRelay() throws Exception {
        bind();
        send(client, RequestBuilder.dhcp(MessageType.REQUEST).ciaddr(CLIENT));
        assertReply(receive(client), MessageType.ACK, TestNetwork.SERVER);
        send(
                client,
                RequestBuilder.dhcp(MessageType.RELEASE).ciaddr(CLIENT).address(OptionCode.SERVER_IDENTIFIER, RELAY));
        assertReleased();
    }

    @Test
    void whatIsMeantForAnotherServerIsNotOurs() throws Exception {
        bind();
        send(relay, relayed(MessageType.RELEASE).ciaddr(CLIENT).address(OptionCode.SERVER_IDENTIFIER, "10.78.0.9"));
        send(
                client,
                RequestBuilder.dhcp(MessageType.RELEASE)
                        .ciaddr(CLIENT)
                        .address(OptionCode.SERVER_IDENTIFIER, "192.0.2.1"));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(counters.silences(Reason.NOT_OUR_SERVER)).isEqualTo(2));
        assertThat(state()).isEqualTo(Lease.State.BOUND);
    }
}

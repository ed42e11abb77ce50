package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.exchange.Desk;
import org.jbootd.domain.lease.AddressPool;
import org.jbootd.domain.lease.InMemoryLeaseStore;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.udp.EventLoops;
import org.jbootd.udp.MalformedPacket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hundred thousand machines that do not exist ask for an address, and one that does goes on meanwhile. */
class DiscoverFloodTest {

    private static final int FORGED = 100_000;

    /** As much as a socket's buffer holds for certain: what the kernel drops is no matter of ours. */
    private static final int BURST = 100;

    private static final Ipv4 HOME = Ipv4.parse("127.0.0.1");
    private static final long PATIENCE_SECONDS = 30;

    private final EventLoops loops = new EventLoops(1);
    private final InMemoryLeaseStore store = InMemoryLeaseStore.of();
    private final DhcpCounters counters = new DhcpCounters();
    private final BlockingQueue<DhcpPacket> answers = new LinkedBlockingQueue<>();
    private DatagramSocket client;
    private DhcpServer server;
    private int port;

    @BeforeEach
    void open() throws IOException {
        client = new DatagramSocket(0, InetAddress.getByName("0.0.0.0"));
        new Thread(this::listen, "flood-client").start();
        try (DatagramSocket free = new DatagramSocket(0)) {
            port = free.getLocalPort();
        }
    }

    private void start(int addresses) {
        Subnet subnet = TestNetwork.subnet("lo", HOME, 8, Ipv4.parse("127.1.0.0"), 1)
                .but()
                .pool(new AddressPool(Ipv4.parse("127.1.0.0"), addresses))
                .excluded(Set.of())
                .build();
        DhcpSettings settings = new DhcpSettings(
                List.of(new ServedInterface("lo", HOME, Optional.of("lo"))),
                List.of(subnet),
                port,
                client.getLocalPort(),
                Optional.empty(),
                Optional.empty(),
                DhcpSettings.IN_FLIGHT,
                Identification.HARDWARE);
        Desk desk = new Desk(
                new LeaseBook(settings.subnets(), List.of()),
                AccessControl.EVERYBODY,
                request -> new BootPlan(Optional.of("pxelinux.0"), Optional.empty()),
                store,
                InstantSource.system(),
                loops.decisions(),
                Desk.Settings.of(true));
        server = new DhcpServer(settings, loops, desk, counters);
        server.start();
    }

    @AfterEach
    void close() {
        server.stop();
        client.close();
        loops.close();
    }

    /** Only what the one machine that exists is told; the rest would be read by nobody. */
    private void listen() {
        byte[] buffer = new byte[2_000];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                client.receive(packet);
                DhcpPacket answer = DhcpPacket.decode(Arrays.copyOf(buffer, packet.getLength()));
                if (answer.hardwareAddress().octets().equals(RequestBuilder.MAC)) {
                    answers.add(answer);
                }
            }
        } catch (SocketException closed) {
            return;
        } catch (IOException | MalformedPacket e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest(name = "a pool of {0}")
    @ValueSource(ints = {50, 200_000})
    void whoHasALeaseKeepsItAndNothingIsWritten(int addresses) throws Exception {
        start(addresses);
        Ipv4 address = boot();
        for (int sent = 0; sent < FORGED; sent += BURST) {
            for (int i = 0; i < BURST; i++) {
                send(RequestBuilder.dhcp(MessageType.DISCOVER).mac(String.format("020000%06x", sent + i)));
            }
            assertThat(boot()).as("after %d", sent + BURST).isEqualTo(address);
        }

        assertThat(counters.received()).isGreaterThan(FORGED);
        assertThat(store.load())
                .singleElement()
                .satisfies(lease -> assertThat(lease.address()).isEqualTo(address));
        assertThat(store.history())
                .allMatch(change -> change.lease().client().hardware().octets().equals(RequestBuilder.MAC))
                .first()
                .extracting(LeaseChange::kind)
                .isEqualTo(LeaseChange.Kind.BOUND);
    }

    private Ipv4 boot() throws Exception {
        DhcpPacket offer = ask(RequestBuilder.dhcp(MessageType.DISCOVER), MessageType.OFFER);
        RequestBuilder request = RequestBuilder.dhcp(MessageType.REQUEST)
                .address(OptionCode.SERVER_IDENTIFIER, HOME.toString())
                .address(OptionCode.REQUESTED_ADDRESS, offer.yiaddr().toString());
        return ask(request, MessageType.ACK).yiaddr();
    }

    private DhcpPacket ask(RequestBuilder request, int type) throws Exception {
        send(request);
        DhcpPacket answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(answer).as("an answer").isNotNull();
        assertThat(answer.options().octet(OptionCode.MESSAGE_TYPE)).hasValue(type);
        return answer;
    }

    private void send(RequestBuilder request) throws IOException {
        byte[] datagram = request.build().encode();
        client.send(new DatagramPacket(datagram, datagram.length, new InetSocketAddress("127.0.0.1", port)));
    }
}

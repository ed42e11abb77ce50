package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.exchange.BootService;
import org.jbootd.domain.exchange.Reason;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.udp.BindFailure;
import org.jbootd.udp.EventLoops;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server on real sockets: loopback, free ports. */
class DhcpServerTest {

    private static final Ipv4 HOME = Ipv4.parse("127.0.0.1");
    private static final Subnet LOOPBACK = TestNetwork.subnet("lo", HOME, 8, Ipv4.parse("127.0.1.1"), 100);

    private static final int IN_FLIGHT = 20;

    private final EventLoops loops = new EventLoops(1);
    private final DhcpCounters counters = new DhcpCounters();
    private DatagramSocket client;
    private DhcpServer server;
    private int port;

    @BeforeEach
    void start() throws IOException {
        client = new DatagramSocket(0, InetAddress.getByName("0.0.0.0"));
        client.setSoTimeout(5_000);
        port = freePort();
        server = server(port, DhcpServerTest::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
        client.close();
        loops.close();
    }

    private DhcpServer server(int onPort, BootService service) {
        return new DhcpServer(settings(onPort), loops, service, counters);
    }

    private DhcpSettings settings(int onPort) {
        return new DhcpSettings(
                List.of(new ServedInterface("lo", HOME, Optional.of("lo"))),
                List.of(LOOPBACK),
                onPort,
                client.getLocalPort(),
                Optional.empty(),
                Optional.empty(),
                IN_FLIGHT,
                Identification.HARDWARE);
    }

    private static int freePort() throws IOException {
        try (DatagramSocket probe = new DatagramSocket(0)) {
            return probe.getLocalPort();
        }
    }

    private static CompletableFuture<Answer> answer(ClientMessage message) {
        Answer.Terms terms = new Answer.Terms(
                LOOPBACK.pool().first(), LOOPBACK.leaseTime(), LOOPBACK, BootPlan.NOTHING, Optional.empty());
        return CompletableFuture.completedFuture(
                message instanceof ClientMessage.Discover ? new Answer.Offer(terms) : new Answer.Ack(terms));
    }

    private void send(byte[] datagram, String destination) throws IOException {
        client.send(new DatagramPacket(datagram, datagram.length, new InetSocketAddress(destination, port)));
    }

    private DhcpPacket receive() throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
        client.receive(packet);
        assertThat(packet.getPort()).isEqualTo(port);
        return DhcpPacket.decode(Arrays.copyOf(packet.getData(), packet.getLength()));
    }

    @Test
    void aNewClientIsReachedAtItsAddress() throws Exception {
        send(CapturedPackets.named("ipxe-bios-discover"), "127.0.0.1");
        DhcpPacket offer = receive();
        assertThat(offer.options().octet(OptionCode.MESSAGE_TYPE)).hasValue(MessageType.OFFER);
        assertThat(offer.yiaddr()).isEqualTo(LOOPBACK.pool().first());
        assertThat(offer.siaddr()).isEqualTo(HOME);
    }

    @Test
    void aClientThatWantsABroadcastGetsOne() throws Exception {
        send(CapturedPackets.named("uefi-x64-pxe-discover"), "127.0.0.1");
        assertThat(receive().options().octet(OptionCode.MESSAGE_TYPE)).hasValue(MessageType.OFFER);
    }

    @Test
    void rubbishIsCountedAndTheNextClientIsServedAtOnce() throws Exception {
        send(new byte[0], "127.0.0.1");
        send(new byte[100], "127.0.0.1");
        send(new byte[60_000], "127.0.0.1");
        send(CapturedPackets.named("networkd-discover"), "127.0.0.1");
        assertThat(receive().yiaddr()).isEqualTo(LOOPBACK.pool().first());
        assertThat(counters.silences(Reason.MALFORMED)).isEqualTo(3);
        assertThat(counters.received()).isEqualTo(4);
    }

    @Test
    void aPortInUseIsAFailureThatNamesItsOwner() {
        DhcpServer second = server(port, DhcpServerTest::answer);
        assertThatThrownBy(second::start)
                .isInstanceOf(BindFailure.class)
                .hasMessageContaining("UDP port " + port)
                .hasMessageContaining("(pid " + ProcessHandle.current().pid() + ")");
    }

    @Test
    void anotherProgramThatSharesPortsIsFoundToo() throws Exception {
        try (DatagramSocket other = new DatagramSocket(null)) {
            other.setReuseAddress(true);
            other.bind(new InetSocketAddress(0));
            DhcpServer second = server(other.getLocalPort(), DhcpServerTest::answer);
            assertThatThrownBy(second::start).isInstanceOf(BindFailure.class);
        }
    }

    @Test
    void anAnswerUnderWayIsSentBeforeTheSocketsClose() throws Exception {
        CompletableFuture<Answer> slow = new CompletableFuture<>();
        CompletableFuture<ClientMessage> asked = new CompletableFuture<>();
        server.stop();
        server = server(port, message -> {
            asked.complete(message);
            return slow;
        });
        server.start();
        send(CapturedPackets.named("ipxe-bios-discover"), "127.0.0.1");
        ClientMessage message = asked.get(5, TimeUnit.SECONDS);
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::stop);
        await().until(() -> {
            send(CapturedPackets.named("ipxe-bios-discover"), "127.0.0.1");
            return counters.silences(Reason.STOPPING) > 0;
        });
        loops.decisions().execute(() -> slow.complete(answer(message).join()));
        assertThat(receive().yiaddr()).isEqualTo(LOOPBACK.pool().first());
        stopped.get(5, TimeUnit.SECONDS);
    }

    @Test
    void moreRequestsThanMayWaitAreDropped() throws Exception {
        server.stop();
        CompletableFuture<Answer> never = new CompletableFuture<>();
        int[] asked = new int[1];
        server = server(port, message -> {
            asked[0]++;
            return never;
        });
        server.start();
        for (int i = 0; i < IN_FLIGHT + 5; i++) {
            send(CapturedPackets.named("ipxe-bios-discover"), "127.0.0.1");
        }
        await().until(() -> counters.received() == IN_FLIGHT + 5);
        loops.decisions()
                .submit(() -> assertThat(asked[0]).isEqualTo(IN_FLIGHT))
                .get();
        assertThat(counters.silences(Reason.OVERLOADED)).isEqualTo(5);
        loops.decisions().execute(() -> never.complete(new Answer.Silence(Reason.DONE, "")));
    }

    @Test
    void aServiceThatThrowsCostsOneRequest() throws Exception {
        server.stop();
        boolean[] thrown = new boolean[1];
        server = server(port, message -> {
            if (!thrown[0]) {
                thrown[0] = true;
                throw new IllegalStateException("on purpose, by a test");
            }
            return answer(message);
        });
        server.start();
        send(CapturedPackets.named("ipxe-bios-discover"), "127.0.0.1");
        send(CapturedPackets.named("ipxe-bios-discover"), "127.0.0.1");
        assertThat(receive().yiaddr()).isEqualTo(LOOPBACK.pool().first());
        assertThat(counters.failures()).isEqualTo(1);
    }

    @Test
    void itRunsWithoutLinuxToo() throws Exception {
        server.stop();
        try (EventLoops portable = new EventLoops(1, false)) {
            server = new DhcpServer(settings(port), portable, DhcpServerTest::answer, counters);
            server.start();
            send(CapturedPackets.named("ipxe-bios-discover"), "127.0.0.1");
            assertThat(receive().yiaddr()).isEqualTo(LOOPBACK.pool().first());
            server.stop();
        }
        server = server(port, DhcpServerTest::answer);
        server.start();
    }

    @Test
    void anInterfaceThatIsNotThereIsNamed() {
        DhcpSettings missing = new DhcpSettings(
                List.of(new ServedInterface("nic9", HOME, Optional.of("lo"))),
                List.of(LOOPBACK),
                port,
                port,
                Optional.empty(),
                Optional.empty(),
                1,
                Identification.HARDWARE);
        DhcpServer lost = new DhcpServer(missing, loops, DhcpServerTest::answer, counters);
        assertThatThrownBy(lost::start)
                .isInstanceOf(BindFailure.class)
                .hasMessageContaining("nic9")
                .hasMessageContaining("ip link");
    }
}

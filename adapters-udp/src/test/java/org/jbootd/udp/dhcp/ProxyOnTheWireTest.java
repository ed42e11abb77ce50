package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.exchange.ProxyDesk;
import org.jbootd.domain.exchange.Reason;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.udp.EthernetTap;
import org.jbootd.udp.EventLoops;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A proxyDHCP server on a LAN of virtual cable: firmware without an IP stack, and with the address of another server. */
class ProxyOnTheWireTest {

    private static final long SOON = 5_000;

    private final EventLoops loops = new EventLoops(1);
    private final DhcpCounters counters = new DhcpCounters();
    private final DhcpSettings settings = new DhcpSettings(
            List.of(TestNetwork.LAN0),
            List.of(TestNetwork.LAN, TestNetwork.REMOTE),
            67,
            68,
            Optional.empty(),
            Optional.empty(),
            100,
            OptionalInt.of(DhcpSettings.BOOT_SERVER_PORT),
            Identification.HARDWARE);
    private final Executor decisions = task -> loops.decisions().execute(task);
    private final DhcpServer server = new DhcpServer(
            settings,
            loops,
            new ProxyDesk(
                    settings.subnets(),
                    AccessControl.EVERYBODY,
                    request -> new BootPlan(Optional.of("pxelinux.0"), Optional.empty()),
                    Optional.empty(),
                    decisions,
                    100),
            counters);
    private Lans lans;
    private EthernetTap tap;

    @BeforeEach
    void start() throws Exception {
        lans = new Lans(1);
        lans.server().ip("address", "add", "10.77.0.3/24", "dev", "lan0");
        lans.server().ip("address", "add", "10.78.0.1/24", "dev", "lan0");
        lans.clients().ip("address", "add", "10.77.0.200/24", "dev", "c0");
        lans.clients().ip("address", "add", "10.78.0.200/24", "dev", "c0");
        tap = lans.tap(0);
        lans.onServer(server::start);
    }

    @AfterEach
    void stop() {
        if (lans != null) {
            server.stop();
            lans.close();
        }
        loops.close();
    }

    @Test
    void everybodyHearsTheOfferWhetherTheClientWantsABroadcastOrNot() throws Exception {
        for (String client : List.of("ipxe-bios-discover", "uefi-x64-pxe-discover")) {
            byte[] discover = CapturedPackets.named(client);
            tap.send(Frame.broadcast(discover));
            Frame frame = Frame.nextOfIpv4(tap);
            assertThat(frame.destinationMac()).as(client).isEqualTo(Frame.EVERYBODY);
            assertThat(frame.source()).isEqualTo(TestNetwork.SERVER);
            assertThat(frame.destination()).isEqualTo(Ipv4.BROADCAST);
            assertThat(frame.sourcePort()).isEqualTo(67);
            assertThat(frame.destinationPort()).isEqualTo(68);
            StrictReply.checkProxy(DhcpPacket.decode(discover), frame.payload());
        }
        assertThat(counters.unsent()).isZero();
    }

    @Test
    void theBootServerAnswersFromItsPortToTheOneThatAsked() throws Exception {
        byte[] request = CapturedPackets.named("uefi-x64-boot-server-request");
        for (int port : new int[] {68, 4011}) {
            try (DatagramSocket client =
                    lans.clients().within(() -> new DatagramSocket(new InetSocketAddress("10.77.0.200", port)))) {
                client.setSoTimeout((int) SOON);
                client.send(new DatagramPacket(request, request.length, InetAddress.getByName("10.77.0.1"), 4011));
                DatagramPacket reply = new DatagramPacket(new byte[2_000], 2_000);
                client.receive(reply);
                assertThat(reply.getSocketAddress()).isEqualTo(new InetSocketAddress("10.77.0.1", 4011));
                StrictReply.checkProxy(DhcpPacket.decode(request), Arrays.copyOf(reply.getData(), reply.getLength()));
            }
        }
        // counted once it is sent, and heard sooner than that
        await().untilAsserted(() ->
                assertThat(counters.replies(DhcpCounters.Reply.PROXY_ACK)).isEqualTo(2));
    }

    /** Firmware takes an answer only from the server that it asked, and the route leads back from another address. */
    @Test
    void theBootServerAnswersFromTheAddressThatWasAskedOfSeveral() throws Exception {
        byte[] request = CapturedPackets.named("uefi-x64-boot-server-request");
        try (DatagramSocket client =
                lans.clients().within(() -> new DatagramSocket(new InetSocketAddress("10.77.0.200", 68)))) {
            client.setSoTimeout((int) SOON);
            for (String asked : List.of("10.77.0.3", "10.78.0.1", "10.77.0.1")) {
                client.send(new DatagramPacket(request, request.length, InetAddress.getByName(asked), 4011));
                DatagramPacket reply = new DatagramPacket(new byte[2_000], 2_000);
                client.receive(reply);
                assertThat(reply.getSocketAddress()).isEqualTo(new InetSocketAddress(asked, 4011));
            }
        }
        assertThat(counters.unsent()).isZero();
    }

    @Test
    void aBootServerThatEverybodyIsAskedForAnswersFromItsAddressOnThatNetwork() throws Exception {
        byte[] request = CapturedPackets.named("uefi-x64-boot-server-request");
        tap.send(Frame.of(Octets.of(Frame.EVERYBODY), Ipv4.parse("10.78.0.200"), Ipv4.BROADCAST, 4011, request));
        Frame answer = Frame.nextOfIpv4(tap);
        assertThat(answer.source()).isEqualTo(TestNetwork.REMOTE.server());
        assertThat(answer.destination()).isEqualTo(Ipv4.parse("10.78.0.200"));
        assertThat(answer.sourcePort()).isEqualTo(4011);
    }

    @Test
    void nothingIsSaidToAPlainClient() throws Exception {
        tap.send(Frame.broadcast(CapturedPackets.named("dhclient-discover")));
        tap.send(Frame.broadcast(CapturedPackets.named("uefi-x64-pxe-request")));
        tap.send(Frame.broadcast(CapturedPackets.named("klibc-bootp")));
        // one after the other: whatever was said to those before came before the answer to this one
        tap.send(Frame.broadcast(CapturedPackets.named("ipxe-bios-discover")));
        assertThat(Frame.nextOfIpv4(tap).packet().xid())
                .isEqualTo(DhcpPacket.decode(CapturedPackets.named("ipxe-bios-discover"))
                        .xid());
        assertThat(counters.silences(Reason.LEFT_TO_DHCP)).isEqualTo(2);
        assertThat(counters.silences(Reason.NOT_OUR_SERVER)).isOne();
        assertThat(counters.received()).isEqualTo(4);
    }
}

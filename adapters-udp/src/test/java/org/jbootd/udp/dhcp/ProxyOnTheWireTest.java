package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
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
import org.jbootd.udp.EthernetTap;
import org.jbootd.udp.EventLoops;
import org.jbootd.udp.Namespace;
import org.jbootd.udp.UdpFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A proxyDHCP server on a LAN of virtual cable: firmware without an IP stack, and with the address of another server. */
class ProxyOnTheWireTest {

    private static final byte[] EVERYBODY = HexFormat.of().parseHex("ffffffffffff");
    private static final long SOON = 5_000;
    private static final int ETHERNET_HEADER = 14;
    private static final int IPV4 = 0x0800;

    private final EventLoops loops = new EventLoops(1);
    private final DhcpCounters counters = new DhcpCounters();
    private final DhcpSettings settings = new DhcpSettings(
            List.of(TestNetwork.LAN0),
            List.of(TestNetwork.LAN),
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
    private Namespace serverSide;
    private Namespace clientSide;
    private EthernetTap tap;

    @BeforeEach
    void start() throws Exception {
        serverSide = Namespace.create("proxy");
        clientSide = Namespace.create("firmware");
        Namespace.cable(serverSide, "lan0", clientSide, "c0");
        serverSide.ip("address", "add", "10.77.0.1/24", "dev", "lan0");
        clientSide.ip("address", "add", "10.77.0.200/24", "dev", "c0");
        tap = clientSide.within(() -> EthernetTap.on("c0"));
        serverSide.within(() -> {
            server.start();
            return null;
        });
    }

    @AfterEach
    void stop() {
        if (tap != null) {
            server.stop();
            tap.close();
        }
        loops.close();
        if (clientSide != null) {
            clientSide.close();
        }
        if (serverSide != null) {
            serverSide.close();
        }
    }

    @Test
    void everybodyHearsTheOfferWhetherTheClientWantsABroadcastOrNot() throws Exception {
        for (String client : List.of("ipxe-bios-discover", "uefi-x64-pxe-discover")) {
            byte[] discover = CapturedPackets.named(client);
            tap.send(broadcast(discover));
            byte[] frame = nextFromServer();
            assertThat(Arrays.copyOf(frame, 6)).as(client).isEqualTo(EVERYBODY);
            ByteBuffer ip = ByteBuffer.wrap(frame);
            assertThat(new Ipv4(ip.getInt(ETHERNET_HEADER + 12))).isEqualTo(TestNetwork.SERVER);
            assertThat(new Ipv4(ip.getInt(ETHERNET_HEADER + 16))).isEqualTo(Ipv4.BROADCAST);
            assertThat(ip.getShort(ETHERNET_HEADER + 20) & 0xffff).isEqualTo(67);
            assertThat(ip.getShort(ETHERNET_HEADER + 22) & 0xffff).isEqualTo(68);
            byte[] reply = Arrays.copyOfRange(frame, ETHERNET_HEADER + 28, frame.length);
            StrictReply.checkProxy(DhcpPacket.decode(discover), reply);
        }
        assertThat(counters.unsent()).isZero();
    }

    private static byte[] broadcast(byte[] request) {
        byte[] packet = UdpFrame.of(Ipv4.UNSPECIFIED, 68, Ipv4.BROADCAST, 67, request);
        return ByteBuffer.allocate(ETHERNET_HEADER + packet.length)
                .put(EVERYBODY)
                .put(request, 28, 6)
                .putShort((short) IPV4)
                .put(packet)
                .array();
    }

    private byte[] nextFromServer() {
        byte[] frame;
        do {
            frame = tap.receive(SOON).orElseThrow(() -> new AssertionError("no frame"));
        } while ((ByteBuffer.wrap(frame).getShort(12) & 0xffff) != IPV4);
        return frame;
    }

    @Test
    void theBootServerAnswersFromItsPortToTheOneThatAsked() throws Exception {
        byte[] request = CapturedPackets.named("uefi-x64-boot-server-request");
        for (int port : new int[] {68, 4011}) {
            try (DatagramSocket client =
                    clientSide.within(() -> new DatagramSocket(new InetSocketAddress("10.77.0.200", port)))) {
                client.setSoTimeout((int) SOON);
                client.send(new DatagramPacket(request, request.length, InetAddress.getByName("10.77.0.1"), 4011));
                DatagramPacket reply = new DatagramPacket(new byte[2_000], 2_000);
                client.receive(reply);
                assertThat(reply.getSocketAddress()).isEqualTo(new InetSocketAddress("10.77.0.1", 4011));
                StrictReply.checkProxy(DhcpPacket.decode(request), Arrays.copyOf(reply.getData(), reply.getLength()));
            }
        }
        assertThat(counters.replies(DhcpCounters.Reply.PROXY_ACK)).isEqualTo(2);
    }

    @Test
    void nothingIsSaidToAPlainClient() throws Exception {
        tap.send(broadcast(CapturedPackets.named("dhclient-discover")));
        tap.send(broadcast(CapturedPackets.named("uefi-x64-pxe-request")));
        tap.send(broadcast(CapturedPackets.named("klibc-bootp")));
        // one after the other: whatever was said to those before came before the answer to this one
        tap.send(broadcast(CapturedPackets.named("ipxe-bios-discover")));
        byte[] frame = nextFromServer();
        assertThat(DhcpPacket.decode(Arrays.copyOfRange(frame, ETHERNET_HEADER + 28, frame.length))
                        .xid())
                .isEqualTo(DhcpPacket.decode(CapturedPackets.named("ipxe-bios-discover"))
                        .xid());
        assertThat(counters.silences(Reason.LEFT_TO_DHCP)).isEqualTo(2);
        assertThat(counters.silences(Reason.NOT_OUR_SERVER)).isOne();
        assertThat(counters.received()).isEqualTo(4);
    }
}

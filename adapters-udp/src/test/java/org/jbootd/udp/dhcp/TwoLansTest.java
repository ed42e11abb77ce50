package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.udp.EthernetTap;
import org.jbootd.udp.EventLoops;
import org.jbootd.udp.Namespace;
import org.jbootd.udp.UdpFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server on two LANs, made of virtual cables, and clients that do not even have an IP stack. Needs root. */
class TwoLansTest {

    private static final byte[] EVERYBODY = HexFormat.of().parseHex("ffffffffffff");
    private static final long SOON = 5_000;
    private static final long QUIET = 200;
    private static final int ETHERNET_HEADER = 14;
    private static final int IPV4 = 0x0800;

    private final EventLoops loops = new EventLoops(1);
    private final DhcpCounters counters = new DhcpCounters();
    private final DhcpSettings settings = new DhcpSettings(
            List.of(TestNetwork.LAN0, TestNetwork.LAN1),
            List.of(TestNetwork.LAN, TestNetwork.REMOTE),
            67,
            68,
            Optional.empty(),
            Optional.empty(),
            100,
            Identification.HARDWARE);
    private final DhcpServer server = new DhcpServer(settings, loops, new AnyAnswers(settings), counters);
    private Namespace serverSide;
    private Namespace clientSide;
    private EthernetTap lan0;
    private EthernetTap lan1;

    @BeforeEach
    void start() throws Exception {
        serverSide = Namespace.create("server");
        clientSide = Namespace.create("clients");
        Namespace.cable(serverSide, "lan0", clientSide, "c0");
        Namespace.cable(serverSide, "lan1", clientSide, "c1");
        serverSide.ip("address", "add", "10.77.0.1/24", "dev", "lan0");
        serverSide.ip("address", "add", "10.78.0.1/24", "dev", "lan1");
        lan0 = clientSide.within(() -> EthernetTap.on("c0"));
        lan1 = clientSide.within(() -> EthernetTap.on("c1"));
        serverSide.within(() -> {
            server.start();
            return null;
        });
    }

    @AfterEach
    void stop() {
        if (lan1 != null) {
            server.stop();
            lan0.close();
            lan1.close();
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
    void aClientWithoutAnAddressGetsAUnicastAndNobodyAsksArp() throws Exception {
        byte[] discover = CapturedPackets.named("ipxe-bios-discover");
        lan0.send(broadcast(discover));
        Frame offer = nextFromServer(lan0);
        assertThat(offer.destinationMac()).isEqualTo(Arrays.copyOfRange(discover, 28, 34));
        assertThat(offer.destination()).isEqualTo(TestNetwork.LAN.pool().first());
        assertThat(offer.source()).isEqualTo(TestNetwork.LAN.server());
        assertThat(offer.packet().yiaddr()).isEqualTo(TestNetwork.LAN.pool().first());
        assertThat(offer.rebuilt()).as("checksums and all").isEqualTo(offer.ip());
        assertThat(counters.unsent()).isZero();
    }

    @Test
    void aClientThatWantsABroadcastGetsOneFromTheAddressOfItsLan() throws Exception {
        lan1.send(broadcast(CapturedPackets.named("uefi-x64-pxe-discover")));
        Frame offer = nextFromServer(lan1);
        assertThat(offer.destinationMac()).isEqualTo(EVERYBODY);
        assertThat(offer.destination()).isEqualTo(Ipv4.BROADCAST);
        assertThat(offer.source()).isEqualTo(TestNetwork.REMOTE.server());
        assertThat(offer.packet().yiaddr()).isEqualTo(TestNetwork.REMOTE.pool().first());
    }

    @Test
    void anAnswerComesFromTheServersAddressThoughTheInterfaceHasAnotherBeforeIt() throws Exception {
        serverSide.ip("address", "delete", "10.78.0.1/24", "dev", "lan1");
        serverSide.ip("address", "add", "10.99.0.1/24", "dev", "lan1");
        serverSide.ip("address", "add", "10.78.0.1/24", "dev", "lan1");
        for (String client : List.of("uefi-x64-pxe-discover", "ipxe-bios-discover")) {
            lan1.send(broadcast(CapturedPackets.named(client)));
            Frame offer = nextFromServer(lan1);
            assertThat(offer.source()).as(client).isEqualTo(TestNetwork.REMOTE.server());
            assertThat(offer.rebuilt()).as("checksums and all").isEqualTo(offer.ip());
        }
    }

    @Test
    void eachLanIsServedByItselfOnly() throws Exception {
        lan0.send(broadcast(CapturedPackets.named("uefi-x64-pxe-discover")));
        assertThat(nextFromServer(lan0).packet().siaddr()).isEqualTo(TestNetwork.LAN.server());
        lan1.send(broadcast(CapturedPackets.named("ipxe-bios-discover")));
        assertThat(nextFromServer(lan1).packet().siaddr()).isEqualTo(TestNetwork.REMOTE.server());
        assertThat(counters.received()).isEqualTo(2);
        assertNothingMore(lan0);
        assertNothingMore(lan1);
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

    private static Frame nextFromServer(EthernetTap lan) {
        while (true) {
            Frame frame = new Frame(lan.receive(SOON).orElseThrow(() -> new AssertionError("no frame")));
            assertThat(frame.type()).as("an ARP request").isNotEqualTo(0x0806);
            if (frame.type() == IPV4) {
                return frame;
            }
        }
    }

    private static void assertNothingMore(EthernetTap lan) {
        Optional<byte[]> frame = lan.receive(QUIET);
        while (frame.isPresent()) {
            assertThat(new Frame(frame.get()).type()).isNotEqualTo(IPV4);
            frame = lan.receive(QUIET);
        }
    }

    private record Frame(byte[] octets) {

        byte[] destinationMac() {
            return Arrays.copyOf(octets, 6);
        }

        int type() {
            return ByteBuffer.wrap(octets).getShort(12) & 0xffff;
        }

        byte[] ip() {
            return Arrays.copyOfRange(octets, ETHERNET_HEADER, octets.length);
        }

        Ipv4 source() {
            return new Ipv4(ByteBuffer.wrap(octets).getInt(ETHERNET_HEADER + 12));
        }

        Ipv4 destination() {
            return new Ipv4(ByteBuffer.wrap(octets).getInt(ETHERNET_HEADER + 16));
        }

        byte[] payload() {
            return Arrays.copyOfRange(octets, ETHERNET_HEADER + 28, octets.length);
        }

        byte[] rebuilt() {
            return UdpFrame.of(source(), 67, destination(), 68, payload());
        }

        DhcpPacket packet() throws Exception {
            return DhcpPacket.decode(payload());
        }
    }
}

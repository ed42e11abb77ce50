package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.udp.EthernetTap;
import org.jbootd.udp.EventLoops;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server on two LANs, made of virtual cables, and clients that do not even have an IP stack. Needs root. */
class TwoLansTest {

    private static final long SOON = 5_000;
    private static final long QUIET = 200;

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
    private Lans lans;
    private EthernetTap lan0;
    private EthernetTap lan1;

    @BeforeEach
    void start() throws Exception {
        lans = new Lans(2);
        lan0 = lans.tap(0);
        lan1 = lans.tap(1);
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
    void aClientWithoutAnAddressGetsAUnicastAndNobodyAsksArp() throws Exception {
        byte[] discover = CapturedPackets.named("ipxe-bios-discover");
        lan0.send(Frame.broadcast(discover));
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
        lan1.send(Frame.broadcast(CapturedPackets.named("uefi-x64-pxe-discover")));
        Frame offer = nextFromServer(lan1);
        assertThat(offer.destinationMac()).isEqualTo(Frame.EVERYBODY);
        assertThat(offer.destination()).isEqualTo(Ipv4.BROADCAST);
        assertThat(offer.source()).isEqualTo(TestNetwork.REMOTE.server());
        assertThat(offer.packet().yiaddr()).isEqualTo(TestNetwork.REMOTE.pool().first());
    }

    @Test
    void anAnswerComesFromTheServersAddressThoughTheInterfaceHasAnotherBeforeIt() throws Exception {
        lans.server().ip("address", "delete", "10.78.0.1/24", "dev", "lan1");
        lans.server().ip("address", "add", "10.99.0.1/24", "dev", "lan1");
        lans.server().ip("address", "add", "10.78.0.1/24", "dev", "lan1");
        for (String client : List.of("uefi-x64-pxe-discover", "ipxe-bios-discover")) {
            lan1.send(Frame.broadcast(CapturedPackets.named(client)));
            Frame offer = nextFromServer(lan1);
            assertThat(offer.source()).as(client).isEqualTo(TestNetwork.REMOTE.server());
            assertThat(offer.rebuilt()).as("checksums and all").isEqualTo(offer.ip());
        }
    }

    @Test
    void eachLanIsServedByItselfOnly() throws Exception {
        lan0.send(Frame.broadcast(CapturedPackets.named("uefi-x64-pxe-discover")));
        assertThat(nextFromServer(lan0).packet().siaddr()).isEqualTo(TestNetwork.LAN.server());
        lan1.send(Frame.broadcast(CapturedPackets.named("ipxe-bios-discover")));
        assertThat(nextFromServer(lan1).packet().siaddr()).isEqualTo(TestNetwork.REMOTE.server());
        assertThat(counters.received()).isEqualTo(2);
        assertNothingMore(lan0);
        assertNothingMore(lan1);
    }

    /** RFC 2131 §4.4.4. The system drops such packets before any UDP socket sees them. */
    @Test
    void aClientWithoutAnAddressMayAskOneServerAlone() throws Exception {
        for (int lan = 0; lan < 2; lan++) {
            byte[] discover = CapturedPackets.named("ipxe-bios-discover");
            Ipv4 server = List.of(TestNetwork.LAN, TestNetwork.REMOTE).get(lan).server();
            lans.tap(lan).send(Frame.of(lans.serversMac(lan), Ipv4.UNSPECIFIED, server, 67, discover));
            Frame offer = nextFromServer(lans.tap(lan));
            assertThat(offer.destinationMac()).isEqualTo(Arrays.copyOfRange(discover, 28, 34));
            assertThat(offer.source()).isEqualTo(server);
            assertThat(offer.packet().options().address(OptionCode.SERVER_IDENTIFIER))
                    .contains(server);
        }
        assertThat(counters.received()).isEqualTo(2);
    }

    /** Each of these is for others, or comes by the UDP socket; one answer is due, to the last. */
    @Test
    void nobodyIsHeardTwiceOrForOthers() throws Exception {
        byte[] discover = CapturedPackets.named("ipxe-bios-discover");
        Octets mac = lans.serversMac(0);
        Octets another = Octets.parseHex("020000000009");
        lan0.send(Frame.of(mac, Ipv4.UNSPECIFIED, Ipv4.parse("10.99.0.1"), 67, discover));
        lan0.send(Frame.of(another, Ipv4.UNSPECIFIED, TestNetwork.SERVER, 67, discover));
        lan0.send(Frame.of(mac, Ipv4.UNSPECIFIED, TestNetwork.SERVER, 4011, discover));
        lan0.send(Frame.of(mac, Ipv4.UNSPECIFIED, Ipv4.BROADCAST, 67, discover));
        lan0.send(Frame.of(Octets.of(Frame.EVERYBODY), Ipv4.UNSPECIFIED, TestNetwork.SERVER, 67, discover));
        nextFromServer(lan0);
        lan0.send(Frame.of(mac, Ipv4.UNSPECIFIED, TestNetwork.SERVER, 67, CapturedPackets.named("dhclient-discover")));
        assertThat(nextFromServer(lan0).packet().xid())
                .isEqualTo(DhcpPacket.decode(CapturedPackets.named("dhclient-discover"))
                        .xid());
        assertThat(counters.received()).isEqualTo(2);
    }

    private static Frame nextFromServer(EthernetTap lan) {
        while (true) {
            Frame frame = new Frame(lan.receive(SOON).orElseThrow(() -> new AssertionError("no frame")));
            assertThat(frame.type()).as("an ARP request").isNotEqualTo(Frame.ARP);
            if (frame.type() == Frame.IPV4) {
                return frame;
            }
        }
    }

    private static void assertNothingMore(EthernetTap lan) {
        assertThat(Frame.straggler(lan, QUIET)).isEmpty();
    }
}

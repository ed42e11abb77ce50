package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.boot.BootFiles;
import org.jbootd.domain.boot.BootMenu;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.client.Hosts;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.exchange.ProxyDesk;
import org.jbootd.domain.exchange.Reason;
import org.jbootd.domain.history.History;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A proxyDHCP server from the datagram to the reply, without sockets. Every reply is read as the strictest client would.
 */
class ProxyReplyTest {

    private static final DhcpSettings SETTINGS = new DhcpSettings(
            List.of(TestNetwork.LAN0, TestNetwork.LAN1),
            List.of(TestNetwork.LAN, TestNetwork.REMOTE),
            67,
            68,
            Optional.of("boot.example.net"),
            Optional.empty(),
            100,
            OptionalInt.of(DhcpSettings.BOOT_SERVER_PORT),
            Identification.HARDWARE);

    private static final Ipv4 HERS = Ipv4.parse("10.77.0.200");
    private static final Arrival BROADCAST = TestNetwork.broadcastOn(TestNetwork.LAN0);
    private static final Arrival TO_BOOT_SERVER = toBootServer(HERS, 68);
    private static final String URL = "http://boot.example.net/grub.efi";
    private static final BootFiles FILES = new BootFiles(
            Map.of(
                    new ClientArchitecture(0), "pxelinux.0",
                    new ClientArchitecture(7), "grub.efi",
                    new ClientArchitecture(16), URL),
            Optional.empty(),
            Map.of(),
            Hosts.NONE,
            Optional.empty(),
            name -> Optional.of(1_000L));
    private static final BootMenu MENU = new BootMenu(
            "Press F8",
            3,
            List.of(
                    new BootMenu.Item(1, "Install", Optional.empty()),
                    new BootMenu.Item(300, "Rescue", Optional.of("rescue.0")),
                    new BootMenu.Item(0, "Local disk", Optional.empty())),
            true);
    private static final String UUID = "00b01a07b03412de4c8f005254000b0071";

    private final DhcpCounters counters = new DhcpCounters();
    private DhcpResponder responder = responder(Optional.empty());

    private record Sent(ReplyRoute route, DhcpPacket packet, Map<Integer, Octets> options) {

        String file() {
            return new String(packet.file().toArray(), StandardCharsets.US_ASCII);
        }

        PxeVendorInformation vendor() {
            return PxeVendorInformation.read(options.get(43));
        }
    }

    private DhcpResponder responder(Optional<BootMenu> menu) {
        return new DhcpResponder(
                SETTINGS,
                new ProxyDesk(SETTINGS.subnets(), AccessControl.EVERYBODY, FILES, menu, Runnable::run, 100),
                counters,
                new OutcomeLog(new LoggerContext().getLogger("proxy"), new EmbeddedChannel().eventLoop()),
                History.NONE);
    }

    private static Arrival toBootServer(Ipv4 source, int port) {
        return new Arrival(TestNetwork.LAN0, source, port, TestNetwork.SERVER, DhcpSettings.BOOT_SERVER_PORT);
    }

    private static RequestBuilder pxe(int type, int architecture) {
        return RequestBuilder.dhcp(type)
                .option(60, "PXEClient:Arch:%05d:UNDI:003000".formatted(architecture))
                .option(93, 0, architecture)
                .hex(94, "010300")
                .hex(97, UUID)
                .hex(61, "01525400000001");
    }

    private List<Sent> say(byte[] datagram, Arrival arrival) throws Exception {
        List<Sent> sent = new ArrayList<>();
        DhcpPacket request = DhcpPacket.decode(datagram);
        responder.receive(datagram, arrival, (own, route, reply) -> sent.add(read(request, route, reply)));
        assertThat(counters.failures()).isZero();
        return sent;
    }

    private static Sent read(DhcpPacket request, ReplyRoute route, byte[] reply) {
        try {
            return new Sent(route, DhcpPacket.decode(reply), StrictReply.checkProxy(request, reply));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Sent only(RequestBuilder request, Arrival arrival) throws Exception {
        List<Sent> sent = say(request.build().encode(), arrival);
        assertThat(sent).hasSize(1);
        return sent.get(0);
    }

    private void assertSilent(RequestBuilder request, Arrival arrival, Reason reason) throws Exception {
        long before = counters.silences(reason);
        assertThat(say(request.build().encode(), arrival)).isEmpty();
        assertThat(counters.silences(reason)).as(reason.toString()).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0x8000})
    void theOfferIsBroadcastAndHasNoAddress(int flags) throws Exception {
        Sent offer = only(pxe(1, 0).flags(flags), BROADCAST);
        assertThat(offer.route()).isEqualTo(new ReplyRoute.Broadcast());
        assertThat(offer.packet().wantsBroadcast()).isTrue();
        assertThat(offer.options().keySet()).containsExactly(53, 54, 97, 60, 43, 61);
        assertThat(offer.options().get(53).toHex()).isEqualTo("02");
        assertThat(offer.packet().options().address(54)).contains(TestNetwork.SERVER);
        assertThat(offer.packet().siaddr()).isEqualTo(TestNetwork.SERVER);
        assertThat(offer.packet().ciaddr()).isEqualTo(Ipv4.UNSPECIFIED);
        assertThat(offer.options().get(97).toHex()).isEqualTo(UUID);
        assertThat(offer.options().get(43).toHex()).isEqualTo("060108ff");
        assertThat(offer.file()).isEqualTo("pxelinux.0");
        assertThat(counters.replies(DhcpCounters.Reply.PROXY_OFFER)).isOne();
    }

    @Test
    void eachArchitectureHasItsFile() throws Exception {
        assertThat(only(pxe(1, 0), BROADCAST).file()).isEqualTo("pxelinux.0");
        assertThat(only(pxe(1, 7), BROADCAST).file()).isEqualTo("grub.efi");
        assertThat(only(pxe(3, 7), TO_BOOT_SERVER).file()).isEqualTo("grub.efi");
        assertSilent(pxe(1, 11), BROADCAST, Reason.NOTHING_TO_BOOT);
        assertSilent(pxe(3, 11), TO_BOOT_SERVER, Reason.NOTHING_TO_BOOT);
    }

    @Test
    void firmwareThatBootsByHttpHearsAUrlAndNothingOfPxe() throws Exception {
        responder = responder(Optional.of(MENU));
        Sent offer = only(
                RequestBuilder.dhcp(1)
                        .option(60, "HTTPClient:Arch:00016:UNDI:003000")
                        .option(93, 0, 16)
                        .hex(97, UUID),
                BROADCAST);
        assertThat(offer.packet().options().text(60)).contains("HTTPClient");
        assertThat(offer.packet().options().text(67)).contains(URL);
    }

    @Test
    void throughARelayTheOfferGoesToTheRelayWithTheBroadcastFlag() throws Exception {
        Sent offer = only(pxe(1, 0).relay("10.78.0.254").hex(82, "0104c0a80001"), BROADCAST);
        assertThat(offer.route()).isEqualTo(new ReplyRoute.Relay(Ipv4.parse("10.78.0.254")));
        assertThat(offer.packet().wantsBroadcast()).isTrue();
        assertThat(offer.options().get(82).toHex()).isEqualTo("0104c0a80001");
        assertThat(offer.packet().siaddr()).isEqualTo(TestNetwork.REMOTE.server());
        assertSilent(pxe(1, 0).relay("192.0.2.1"), BROADCAST, Reason.NO_SUBNET);
    }

    @Test
    void whatIsAnotherServersIsLeftToIt() throws Exception {
        assertSilent(RequestBuilder.dhcp(1), BROADCAST, Reason.LEFT_TO_DHCP);
        assertSilent(RequestBuilder.dhcp(1).option(60, "PXEClien"), BROADCAST, Reason.LEFT_TO_DHCP);
        assertSilent(RequestBuilder.dhcp(1).option(93, 0, 0).hex(97, UUID), BROADCAST, Reason.LEFT_TO_DHCP);
        assertSilent(pxe(3, 0).address(54, "10.77.0.4").address(50, "10.77.0.200"), BROADCAST, Reason.NOT_OUR_SERVER);
        assertSilent(RequestBuilder.dhcp(3).ciaddr("10.77.0.200"), BROADCAST, Reason.LEFT_TO_DHCP);
        assertSilent(RequestBuilder.dhcp(3).address(50, "10.99.0.200"), BROADCAST, Reason.LEFT_TO_DHCP);
        assertSilent(RequestBuilder.dhcp(7).ciaddr("10.77.0.200"), BROADCAST, Reason.LEFT_TO_DHCP);
        assertSilent(RequestBuilder.dhcp(8).ciaddr("10.77.0.200"), BROADCAST, Reason.LEFT_TO_DHCP);
        assertSilent(RequestBuilder.bootp(), BROADCAST, Reason.LEFT_TO_DHCP);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 8})
    void theBootServerAnswersWhereItWasAskedFrom(int type) throws Exception {
        for (int port : new int[] {68, 4011, 50_000}) {
            Sent ack = only(pxe(type, 0).ciaddr("10.77.0.200"), toBootServer(HERS, port));
            assertThat(ack.route()).isEqualTo(new ReplyRoute.Sender(HERS, port));
            assertThat(ack.options().get(53).toHex()).isEqualTo("05");
            assertThat(ack.packet().ciaddr()).isEqualTo(HERS);
            assertThat(ack.options().get(97).toHex()).isEqualTo(UUID);
            assertThat(ack.file()).isEqualTo("pxelinux.0");
        }
    }

    @Test
    void theBootServerIsForPxeAndForMachinesOfItsNetworks() throws Exception {
        assertSilent(RequestBuilder.dhcp(3), TO_BOOT_SERVER, Reason.LEFT_TO_DHCP);
        assertSilent(RequestBuilder.dhcp(3).option(60, "HTTPClient"), TO_BOOT_SERVER, Reason.LEFT_TO_DHCP);
        assertSilent(pxe(1, 0), TO_BOOT_SERVER, Reason.NOT_FOR_SERVERS);
        assertSilent(RequestBuilder.bootp(), TO_BOOT_SERVER, Reason.NOT_FOR_SERVERS);
        assertSilent(pxe(3, 0), toBootServer(Ipv4.parse("192.0.2.7"), 68), Reason.NO_SUBNET);
        assertSilent(pxe(3, 0), toBootServer(Ipv4.parse("10.77.0.255"), 68), Reason.NO_SUBNET);
        assertSilent(pxe(3, 0), toBootServer(Ipv4.UNSPECIFIED, 68), Reason.NO_SUBNET);
        assertSilent(pxe(3, 0), toBootServer(HERS, 0), Reason.NO_SUBNET);
    }

    @Test
    void theMenuIsInTheOfferAndAtTheBootServer() throws Exception {
        responder = responder(Optional.of(MENU));
        for (Sent reply : List.of(only(pxe(1, 0), BROADCAST), only(pxe(3, 0), TO_BOOT_SERVER))) {
            assertThat(reply.file())
                    .as("a file would keep firmware from showing the menu")
                    .isEmpty();
            assertThat(reply.options()).doesNotContainKey(67);
            PxeVendorInformation menu = reply.vendor();
            assertThat(menu.menu())
                    .containsExactly(Map.entry(1, "Install"), Map.entry(300, "Rescue"), Map.entry(0, "Local disk"));
            assertThat(menu.servers())
                    .containsOnly(
                            Map.entry(1, List.of(TestNetwork.SERVER)), Map.entry(300, List.of(TestNetwork.SERVER)));
            assertThat(menu.timeout()).contains(3);
            assertThat(menu.prompt()).contains("Press F8");
            assertThat(reply.options().get(43).length()).isEqualTo(PxeOptions.sizeOf(MENU));
        }
    }

    @Test
    void anItemSelectsTheFileAndIsRepeated() throws Exception {
        responder = responder(Optional.of(MENU));
        Sent install = only(pxe(3, 7).hex(43, "470400010000ff"), TO_BOOT_SERVER);
        assertThat(install.file()).isEqualTo("grub.efi");
        assertThat(install.vendor().item()).contains(List.of(1, 0));
        Sent rescue = only(pxe(3, 7).hex(43, "00060100" + "4704012c0000"), TO_BOOT_SERVER);
        assertThat(rescue.file()).isEqualTo("rescue.0");
        assertThat(rescue.vendor().item()).contains(List.of(300, 0));
        assertSilent(pxe(3, 7).hex(43, "470410920000ff"), TO_BOOT_SERVER, Reason.NO_SUCH_ITEM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff", "47", "4704", "47040001", "47050001000000ff", "06ff47", "4703000100ff", "0000000000"})
    void brokenVendorOptionsDoNoHarm(String hex) throws Exception {
        responder = responder(Optional.of(MENU));
        assertThat(only(pxe(3, 0).hex(43, hex), TO_BOOT_SERVER).vendor().item()).isEmpty();
        assertThat(only(pxe(1, 0).hex(43, hex), BROADCAST).vendor().menu()).hasSize(3);
    }

    record Captured(String packet, Arrival arrival, Optional<String> file) {
        @Override
        public String toString() {
            return packet;
        }
    }

    static Stream<Captured> captured() {
        return Stream.of(
                new Captured("ipxe-bios-discover", BROADCAST, Optional.of("pxelinux.0")),
                new Captured("ipxe-bios-request", BROADCAST, Optional.empty()),
                new Captured("ipxe-uefi-x64-discover", BROADCAST, Optional.of("grub.efi")),
                new Captured("uefi-x64-pxe-discover", BROADCAST, Optional.of("grub.efi")),
                new Captured("uefi-x64-pxe-request", BROADCAST, Optional.empty()),
                new Captured("uefi-x64-boot-server-request", toBootServer(HERS, 4011), Optional.of("grub.efi")),
                new Captured("dhclient-discover", BROADCAST, Optional.empty()),
                new Captured("udhcpc-renew", BROADCAST, Optional.empty()),
                new Captured("networkd-discover", BROADCAST, Optional.empty()),
                new Captured("networkmanager-discover", BROADCAST, Optional.empty()),
                new Captured("uboot-x86-discover", BROADCAST, Optional.empty()),
                new Captured("klibc-bootp", BROADCAST, Optional.empty()));
    }

    @ParameterizedTest
    @MethodSource("captured")
    void realClientsHearWhatIsTheirs(Captured row) throws Exception {
        List<Sent> sent = say(CapturedPackets.named(row.packet()), row.arrival());
        assertThat(sent.stream().map(Sent::file).toList())
                .isEqualTo(row.file().stream().toList());
    }

    /** iPXE chose item 0x8000 of another server's menu. */
    @Test
    void anItemOfAnotherServersMenuIsNotServed() throws Exception {
        assertThat(say(CapturedPackets.named("ipxe-bios-boot-server-request"), TO_BOOT_SERVER))
                .isEmpty();
        assertThat(counters.silences(Reason.NO_SUCH_ITEM)).isOne();
    }

    @Test
    void whateverArrivesHasOneOutcome() {
        responder = responder(Optional.of(MENU));
        Random random = new Random();
        long seed = random.nextLong();
        GeneratedDatagrams generated = new GeneratedDatagrams(
                new Random(seed), List.copyOf(CapturedPackets.all().values()));
        Arrival[] arrivals = {BROADCAST, TO_BOOT_SERVER, toBootServer(Ipv4.parse("192.0.2.1"), 1)};
        for (int i = 0; i < 30_000; i++) {
            byte[] datagram = generated.next();
            String what = "seed " + seed + ", datagram " + i;
            responder.receive(datagram, arrivals[i % arrivals.length], (own, route, reply) -> {
                try {
                    StrictReply.checkProxy(DhcpPacket.decode(datagram), reply);
                } catch (Exception | AssertionError e) {
                    throw new AssertionError(what, e);
                }
            });
            assertThat(counters.failures()).as(what).isZero();
        }
        long outcomes = Arrays.stream(DhcpCounters.Reply.values())
                        .mapToLong(counters::replies)
                        .sum()
                + Arrays.stream(Reason.values()).mapToLong(counters::silences).sum();
        assertThat(outcomes).isEqualTo(counters.received());
        assertThat(counters.replies(DhcpCounters.Reply.PROXY_OFFER)).isPositive();
        assertThat(counters.replies(DhcpCounters.Reply.PROXY_ACK)).isPositive();
    }
}

package org.jbootd.udp.dhcp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jbootd.domain.access.MacList;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.exchange.Desk;
import org.jbootd.domain.lease.AddressPool;
import org.jbootd.domain.lease.InMemoryLeaseStore;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.lease.Reservation;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The whole way from datagram to datagram, several of them one after the other, through a real lease book, several
 * subnets, options of the operator's and an access list. Every reply is read as the strictest client would.
 */
class DeskFuzz {

    private static final Octets DENIED = Octets.parseHex("525400000066");
    private static final Instant START = Instant.parse("2026-05-04T03:02:01Z");
    private static final DhcpSettings SETTINGS = settings();

    private static DhcpSettings settings() {
        Map<Integer, Octets> options = new LinkedHashMap<>();
        options.put(42, Octets.parseHex("0a4d0005"));
        options.put(17, Octets.of("/srv/root".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        options.put(121, Octets.parseHex("18c0a8050a4d0001".repeat(20)));
        Subnet lan = TestNetwork.LAN
                .but()
                .pool(new AddressPool(TestNetwork.FIRST, 4))
                .reservations(List.of(new Reservation(
                        HardwareAddress.ethernet(Octets.parseHex("525400000077")), Ipv4.parse("10.77.0.50"))))
                .sharedNetwork(Optional.of("wire"))
                .options(options)
                .build();
        Subnet annex = TestNetwork.subnet("annex", Ipv4.parse("10.80.0.1"), 24, Ipv4.parse("10.80.0.100"), 2)
                .but()
                .sharedNetwork(Optional.of("wire"))
                .leaseTime(Lease.FOREVER)
                .build();
        Subnet remote = TestNetwork.REMOTE
                .but()
                .reclaimAfter(Optional.of(Duration.ofHours(1)))
                .options(Map.of(42, Octets.parseHex("0a4e0005")))
                .build();
        return new DhcpSettings(
                TestNetwork.SETTINGS.interfaces(),
                List.of(lan, annex, remote),
                DhcpSettings.SERVER_PORT,
                DhcpSettings.CLIENT_PORT,
                Optional.of("boot.example.net"),
                Optional.empty(),
                DhcpSettings.IN_FLIGHT,
                Identification.HARDWARE);
    }

    /** What real clients send, and whole lives of a machine. */
    static List<byte[]> conversations() {
        List<byte[]> seeds = new ArrayList<>();
        CapturedPackets.all().values().forEach(capture -> {
            seeds.add(Conversation.octets(0, capture));
            seeds.add(Conversation.octets(2, capture, capture));
        });
        seeds.add(life(0, "10.77.0.100", "10.77.0.1", "0.0.0.0"));
        seeds.add(life(2, "10.78.0.100", "10.78.0.1", "10.78.0.7"));
        seeds.add(life(9, "10.78.0.100", "10.78.0.1", "0.0.0.0"));
        return seeds;
    }

    private static byte[] life(int how, String address, String server, String relay) {
        return Conversation.octets(
                how,
                encoded(request(MessageType.DISCOVER, relay)),
                encoded(request(MessageType.REQUEST, relay)
                        .address(OptionCode.REQUESTED_ADDRESS, address)
                        .address(OptionCode.SERVER_IDENTIFIER, server)),
                encoded(request(MessageType.REQUEST, relay).ciaddr(address)),
                encoded(request(MessageType.REQUEST, relay).address(OptionCode.REQUESTED_ADDRESS, "10.77.0.101")),
                encoded(request(8, relay).ciaddr(address)),
                encoded(request(MessageType.DECLINE, relay)
                        .address(OptionCode.REQUESTED_ADDRESS, address)
                        .address(OptionCode.SERVER_IDENTIFIER, server)),
                encoded(request(MessageType.RELEASE, relay)
                        .ciaddr(address)
                        .address(OptionCode.SERVER_IDENTIFIER, server)),
                encoded(RequestBuilder.bootp().relay(relay)));
    }

    private static RequestBuilder request(int type, String relay) {
        RequestBuilder request = RequestBuilder.dhcp(type)
                .relay(relay)
                .option(OptionCode.PARAMETER_LIST, 1, 3, 6, 12, 17, 42, 121, 66, 67, 28, 58, 59)
                .hex(OptionCode.CLIENT_IDENTIFIER, "01525400000001")
                .hex(OptionCode.MACHINE_IDENTIFIER, "00" + "0123456789abcdef".repeat(2))
                .option(OptionCode.VENDOR_CLASS, "PXEClient:Arch:00007:UNDI:003001");
        return relay.equals("0.0.0.0") ? request : request.hex(OptionCode.RELAY_INFORMATION, "0104abcd0001");
    }

    private static byte[] encoded(RequestBuilder request) {
        return request.build().encode();
    }

    @MethodSource("conversations")
    @FuzzTest
    void everyDatagramHasOneOutcomeAndEveryReplyIsSound(byte[] octets) {
        InMemoryLeaseStore store = InMemoryLeaseStore.of();
        Instant[] now = {START};
        Trial desk = new Trial(SETTINGS, desk(store, now));
        List<Conversation.Turn> turns = Conversation.of(octets).turns();
        for (Conversation.Turn turn : turns) {
            now[0] = now[0].plus(turn.pause());
            for (DhcpPacket reply :
                    desk.tryOut(() -> "conversation of " + turns.size(), turn.datagram(), turn.arrival())) {
                checkLease(reply, store, now[0]);
            }
        }
        if (!turns.isEmpty()) {
            desk.everyDatagramIsAccountedFor();
        }
    }

    private static Desk desk(InMemoryLeaseStore store, Instant[] now) {
        return new Desk(
                new LeaseBook(SETTINGS.subnets(), List.of()),
                new MacList(List.of(
                        new MacList.Entry(DENIED, 48, false),
                        new MacList.Entry(Octets.parseHex("000000000000"), 0, true))),
                request -> new BootPlan(Optional.of("pxelinux.0"), Optional.of(40_000L)),
                store,
                () -> now[0],
                Runnable::run,
                Desk.Settings.of(true));
    }

    private static void checkLease(DhcpPacket reply, InMemoryLeaseStore store, Instant now) {
        require(!reply.hardwareAddress().octets().equals(DENIED), "who is denied is told nothing");
        if (reply.yiaddr().isUnspecified()) {
            return;
        }
        require(SETTINGS.subnetOf(reply.yiaddr()).isPresent(), "an address of a served network");
        require(SETTINGS.subnets().stream().noneMatch(subnet -> subnet.server().equals(reply.yiaddr())), "not our own");
        boolean offer =
                reply.options().octet(OptionCode.MESSAGE_TYPE).equals(java.util.OptionalInt.of(MessageType.OFFER));
        List<Lease> live = store.load().stream()
                .filter(lease -> lease.address().equals(reply.yiaddr()) && lease.isLive(now))
                .toList();
        Set<HardwareAddress> holders = new java.util.HashSet<>();
        live.forEach(lease -> holders.add(lease.client().hardware()));
        require(
                holders.isEmpty() ? offer : holders.equals(Set.of(reply.hardwareAddress())),
                "the machine's own address");
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("violated: " + what);
        }
    }
}

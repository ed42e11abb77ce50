package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.udp.dhcp.ClassifierScene.BROADCAST;
import static org.jbootd.udp.dhcp.ClassifierScene.CLASSIFIER;
import static org.jbootd.udp.dhcp.ClassifierScene.RELAYED;
import static org.jbootd.udp.dhcp.ClassifierScene.SERVER;
import static org.jbootd.udp.dhcp.ClassifierScene.UNICAST;
import static org.jbootd.udp.dhcp.ClassifierScene.understood;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.client.ClientKey;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.ClientMessage.Bootp;
import org.jbootd.domain.client.ClientMessage.Decline;
import org.jbootd.domain.client.ClientMessage.Discover;
import org.jbootd.domain.client.ClientMessage.Inform;
import org.jbootd.domain.client.ClientMessage.Rebind;
import org.jbootd.domain.client.ClientMessage.Reboot;
import org.jbootd.domain.client.ClientMessage.Release;
import org.jbootd.domain.client.ClientMessage.Renew;
import org.jbootd.domain.client.ClientMessage.Select;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.exchange.Reason;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.udp.MalformedPacket;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a message says, and what is no message. */
class ClassifierTest {

    private static final Ipv4 FIRST = TestNetwork.FIRST;

    private record Row(
            String sentence, RequestBuilder packet, Arrival arrival, Function<Request, ClientMessage> message) {}

    private static final List<Row> MESSAGES = List.of(
            new Row("DISCOVER", RequestBuilder.dhcp(1), BROADCAST, request -> new Discover(request, Optional.empty())),
            new Row(
                    "DISCOVER by unicast, with a wish",
                    RequestBuilder.dhcp(1).address(50, "10.77.0.100"),
                    UNICAST,
                    request -> new Discover(request, Optional.of(FIRST))),
            new Row(
                    "a wish of the wrong length is none",
                    RequestBuilder.dhcp(1).option(50, 10, 77, 0),
                    BROADCAST,
                    request -> new Discover(request, Optional.empty())),
            new Row(
                    "REQUEST, selecting",
                    RequestBuilder.dhcp(3).address(50, "10.77.0.100").address(54, "10.77.0.1"),
                    BROADCAST,
                    request -> new Select(request, SERVER, FIRST)),
            new Row(
                    "REQUEST, rebooting",
                    RequestBuilder.dhcp(3).address(50, "10.77.0.100"),
                    BROADCAST,
                    request -> new Reboot(request, FIRST)),
            new Row(
                    "REQUEST, renewing",
                    RequestBuilder.dhcp(3).ciaddr("10.77.0.100"),
                    UNICAST,
                    request -> new Renew(request, FIRST)),
            new Row(
                    "REQUEST, rebinding",
                    RequestBuilder.dhcp(3).ciaddr("10.77.0.100"),
                    BROADCAST,
                    request -> new Rebind(request, FIRST)),
            new Row(
                    "a broadcast to the network is one, too",
                    RequestBuilder.dhcp(3).ciaddr("10.77.0.100"),
                    new Arrival(TestNetwork.LAN0, FIRST, Ipv4.parse("10.77.0.255")),
                    request -> new Rebind(request, FIRST)),
            new Row(
                    "DECLINE",
                    RequestBuilder.dhcp(4).address(50, "10.77.0.100").address(54, "10.77.0.1"),
                    BROADCAST,
                    request -> new Decline(request, Optional.of(SERVER), FIRST)),
            new Row(
                    "RELEASE",
                    RequestBuilder.dhcp(7).ciaddr("10.77.0.100"),
                    UNICAST,
                    request -> new Release(request, Optional.empty(), FIRST)),
            new Row(
                    "INFORM",
                    RequestBuilder.dhcp(8).ciaddr("10.77.0.100"),
                    UNICAST,
                    request -> new Inform(request, FIRST)),
            new Row(
                    "INFORM whose address only the datagram tells",
                    RequestBuilder.dhcp(8),
                    UNICAST,
                    request -> new Inform(request, FIRST)),
            new Row(
                    "BOOTP with a cookie",
                    RequestBuilder.bootp(),
                    BROADCAST,
                    request -> new Bootp(request, Ipv4.UNSPECIFIED)),
            new Row(
                    "BOOTP without a cookie, of a client that has an address",
                    RequestBuilder.bootp().withoutCookie().ciaddr("10.77.0.100"),
                    BROADCAST,
                    request -> new Bootp(request, FIRST)));

    @TestFactory
    List<DynamicTest> messagesOnOurOwnWire() {
        return MESSAGES.stream()
                .map(row -> DynamicTest.dynamicTest(row.sentence, () -> {
                    ClientMessage message = understood(row.packet, row.arrival);
                    assertThat(message).isEqualTo(row.message.apply(message.request()));
                    assertThat(message.request().subnet()).isEqualTo("lan");
                    assertThat(message.request().relay()).isEqualTo(Ipv4.UNSPECIFIED);
                    assertThat(message.request().xid()).isEqualTo(0x12345678);
                }))
                .toList();
    }

    private record Refusal(String sentence, RequestBuilder packet, Arrival arrival, Reason reason) {}

    private static final List<Refusal> REFUSALS = List.of(
            new Refusal("a reply", RequestBuilder.dhcp(1).op(2), BROADCAST, Reason.MALFORMED),
            new Refusal("an OFFER", RequestBuilder.dhcp(2), BROADCAST, Reason.NOT_FOR_SERVERS),
            new Refusal("an ACK", RequestBuilder.dhcp(5), BROADCAST, Reason.NOT_FOR_SERVERS),
            new Refusal("a NAK", RequestBuilder.dhcp(6), BROADCAST, Reason.NOT_FOR_SERVERS),
            new Refusal("an unknown type", RequestBuilder.dhcp(255), BROADCAST, Reason.NOT_FOR_SERVERS),
            new Refusal("a type of no octets", RequestBuilder.bootp().option(53), BROADCAST, Reason.MALFORMED),
            new Refusal("REQUEST for nothing", RequestBuilder.dhcp(3), BROADCAST, Reason.MALFORMED),
            new Refusal(
                    "REQUEST selecting nothing",
                    RequestBuilder.dhcp(3).address(54, "10.77.0.1"),
                    BROADCAST,
                    Reason.MALFORMED),
            new Refusal("DECLINE of nothing", RequestBuilder.dhcp(4), BROADCAST, Reason.MALFORMED),
            new Refusal("RELEASE of nothing", RequestBuilder.dhcp(7), UNICAST, Reason.MALFORMED),
            new Refusal("INFORM from nowhere", RequestBuilder.dhcp(8), BROADCAST, Reason.MALFORMED),
            new Refusal(
                    "INFORM for somebody elsewhere",
                    RequestBuilder.dhcp(8).ciaddr("8.8.8.8"),
                    UNICAST,
                    Reason.WRONG_NETWORK),
            new Refusal(
                    "BOOTP for a whole network",
                    RequestBuilder.bootp().ciaddr("10.77.0.255"),
                    BROADCAST,
                    Reason.WRONG_NETWORK),
            new Refusal("no hardware address", RequestBuilder.dhcp(1).mac(""), BROADCAST, Reason.MALFORMED),
            new Refusal("zeros only", RequestBuilder.dhcp(1).mac("000000000000"), BROADCAST, Reason.MALFORMED),
            new Refusal("a group address", RequestBuilder.dhcp(1).mac("01005e000001"), BROADCAST, Reason.MALFORMED),
            new Refusal("everybody", RequestBuilder.dhcp(1).mac("ffffffffffff"), BROADCAST, Reason.MALFORMED),
            new Refusal(
                    "a wire without a subnet",
                    RequestBuilder.dhcp(1),
                    TestNetwork.broadcastOn(TestNetwork.UPLINK),
                    Reason.NO_SUBNET),
            new Refusal("an unknown relay", RequestBuilder.dhcp(1).relay("8.8.8.8"), RELAYED, Reason.NO_SUBNET),
            new Refusal("loopback as relay", RequestBuilder.dhcp(1).relay("127.0.0.1"), RELAYED, Reason.NO_SUBNET),
            new Refusal("a group as relay", RequestBuilder.dhcp(1).relay("224.0.0.1"), RELAYED, Reason.NO_SUBNET),
            new Refusal(
                    "everybody as relay", RequestBuilder.dhcp(1).relay("255.255.255.255"), RELAYED, Reason.NO_SUBNET),
            new Refusal("a network as relay", RequestBuilder.dhcp(1).relay("10.78.0.255"), RELAYED, Reason.NO_SUBNET),
            new Refusal(
                    "a selected link that is not served",
                    RequestBuilder.dhcp(1).relay("10.78.0.2").hex(82, "0504c0000200"),
                    RELAYED,
                    Reason.NO_SUBNET),
            new Refusal(
                    "a network that a client selects, and that is not served",
                    RequestBuilder.dhcp(1).relay("10.78.0.2").address(118, "192.0.2.0"),
                    RELAYED,
                    Reason.NO_SUBNET),
            new Refusal(
                    "a network that a client selects, for a stranger",
                    RequestBuilder.dhcp(1).relay("8.8.8.8").address(118, "10.78.0.0"),
                    RELAYED,
                    Reason.NO_SUBNET),
            new Refusal(
                    "a selected link, for a stranger",
                    RequestBuilder.dhcp(1).relay("8.8.8.8").hex(82, "05040a4e0000"),
                    RELAYED,
                    Reason.NO_SUBNET));

    @TestFactory
    List<DynamicTest> refusals() {
        return REFUSALS.stream()
                .map(row -> DynamicTest.dynamicTest(row.sentence, () -> {
                    Classification outcome = CLASSIFIER.classify(row.packet.build(), row.arrival);
                    assertThat(outcome)
                            .isInstanceOfSatisfying(
                                    Classification.Refused.class,
                                    refused -> assertThat(refused.reason()).isEqualTo(row.reason));
                }))
                .toList();
    }

    private record Stage(String sentence, RequestBuilder packet, BootStage stage) {}

    private static final List<Stage> STAGES = List.of(
            new Stage("nothing said", RequestBuilder.dhcp(1), BootStage.OPERATING_SYSTEM),
            new Stage("another class", RequestBuilder.dhcp(1).option(60, "MSFT 5.0"), BootStage.OPERATING_SYSTEM),
            new Stage("a class cut short", RequestBuilder.dhcp(1).option(60, "PXEClien"), BootStage.OPERATING_SYSTEM),
            new Stage("the class alone", RequestBuilder.dhcp(1).option(60, "PXEClient"), BootStage.FIRMWARE),
            new Stage(
                    "the class in full",
                    RequestBuilder.dhcp(1).option(60, "PXEClient:Arch:00007:UNDI:003000"),
                    BootStage.FIRMWARE),
            new Stage(
                    "HTTP firmware",
                    RequestBuilder.dhcp(1).option(60, "HTTPClient:Arch:00016:UNDI:003000"),
                    BootStage.HTTP_FIRMWARE),
            new Stage("an architecture", RequestBuilder.dhcp(1).option(93, 0, 7), BootStage.FIRMWARE),
            new Stage("a network interface", RequestBuilder.dhcp(1).option(94, 1, 0, 0), BootStage.FIRMWARE),
            new Stage("a machine identifier", RequestBuilder.dhcp(1).hex(97, "00".repeat(17)), BootStage.FIRMWARE),
            new Stage("half of one", RequestBuilder.dhcp(1).hex(97, "00".repeat(9)), BootStage.OPERATING_SYSTEM),
            new Stage(
                    "iPXE, plainly",
                    RequestBuilder.dhcp(1).option(60, "PXEClient").option(77, "iPXE"),
                    BootStage.BOOT_LOADER),
            new Stage("iPXE, counted", RequestBuilder.dhcp(1).option(77, "\4iPXE"), BootStage.BOOT_LOADER),
            new Stage("iPXE among others", RequestBuilder.dhcp(1).option(77, "\2ab\4iPXE"), BootStage.BOOT_LOADER),
            new Stage(
                    "a vendor's own iPXE",
                    RequestBuilder.dhcp(1).option(60, "PXEClient").option(77, "rom"),
                    BootStage.FIRMWARE),
            new Stage(
                    "iPXE behind an empty class", RequestBuilder.dhcp(1).option(77, "\0\4iPXE"), BootStage.BOOT_LOADER),
            new Stage("a longer name", RequestBuilder.dhcp(1).option(77, "\5iPXEx"), BootStage.OPERATING_SYSTEM),
            new Stage("another name", RequestBuilder.dhcp(1).option(77, "\4iPXX"), BootStage.OPERATING_SYSTEM),
            new Stage("broken classes", RequestBuilder.dhcp(1).option(77, "\11iPXE"), BootStage.OPERATING_SYSTEM));

    @TestFactory
    List<DynamicTest> stages() {
        return STAGES.stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.sentence,
                        () -> assertThat(understood(row.packet, BROADCAST)
                                        .request()
                                        .stage())
                                .isEqualTo(row.stage)))
                .toList();
    }

    @Test
    void architecturesComeFromTheirOptionFirst() {
        RequestBuilder packet = RequestBuilder.dhcp(1).option(60, "PXEClient:Arch:00009:UNDI:003000");
        assertThat(architectures(packet)).containsExactly(9);
        assertThat(architectures(packet.option(93, 0, 7, 0, 0))).containsExactly(7, 0);
        assertThat(architectures(packet.option(93, 7))).as("broken").containsExactly(9);
        assertThat(architectures(packet.option(93))).as("empty").containsExactly(9);
        assertThat(architectures(RequestBuilder.dhcp(1))).isEmpty();
    }

    private static List<Integer> architectures(RequestBuilder packet) {
        return understood(packet, BROADCAST).request().architectures().stream()
                .map(ClientArchitecture::code)
                .toList();
    }

    @Test
    void theUuidReadsAsTheMachineItselfPrintsIt() throws MalformedPacket {
        DhcpPacket packet = DhcpPacket.decode(CapturedPackets.named("ipxe-bios-discover"));
        assertThat(packet.options().get(97).orElseThrow().toHex()).isEqualTo("00b01a07b03412de4c8f005254000b0071");
        assertThat(understood(packet, BROADCAST).request().client().uuid())
                .contains(UUID.fromString("b0071ab0-1234-4cde-8f00-5254000b0071"));
    }

    @Test
    void anUnsetUuidIsNone() {
        for (String unset : List.of("00" + "00".repeat(16), "00" + "ff".repeat(16), "01" + "12".repeat(16))) {
            assertThat(understood(RequestBuilder.dhcp(1).hex(97, unset), BROADCAST)
                            .request()
                            .client()
                            .uuid())
                    .isEmpty();
        }
    }

    @Test
    void identifiersAreRememberedUnlessTheyAreOdd() {
        assertThat(understood(RequestBuilder.dhcp(1).hex(61, "01525400000001"), BROADCAST)
                        .request()
                        .client()
                        .clientIdentifier())
                .contains(Octets.parseHex("01525400000001"));
        for (String odd : List.of("", "00".repeat(256))) {
            assertThat(understood(RequestBuilder.dhcp(1).hex(61, odd), BROADCAST)
                            .request()
                            .client()
                            .clientIdentifier())
                    .isEmpty();
        }
    }

    @Test
    void aClientIsKnownByWhatTheOperatorSays() {
        DhcpSettings settings = TestNetwork.SETTINGS;
        Classifier byIdentifier = new Classifier(new DhcpSettings(
                settings.interfaces(),
                settings.subnets(),
                settings.port(),
                settings.replyPort(),
                settings.serverName(),
                settings.fileServer(),
                settings.inFlight(),
                Identification.CLIENT_ID));
        DhcpPacket packet = RequestBuilder.dhcp(1).hex(61, "ff0102").build();

        assertThat(key(CLASSIFIER, packet)).isEqualTo(new ClientKey.Hardware(packet.hardwareAddress()));
        assertThat(key(byIdentifier, packet)).isEqualTo(new ClientKey.Identifier(Octets.parseHex("ff0102")));
        for (String none : List.of("", "00".repeat(256))) {
            DhcpPacket odd = RequestBuilder.dhcp(1).hex(61, none).build();
            assertThat(key(byIdentifier, odd)).isEqualTo(new ClientKey.Hardware(odd.hardwareAddress()));
        }
    }

    private static ClientKey key(Classifier classifier, DhcpPacket packet) {
        return understood(classifier, packet, BROADCAST).request().client().key();
    }

    @Test
    void hostNamesAreCleaned() {
        assertThat(hostName("node7")).contains("node7");
        assertThat(hostName("node7\0")).contains("node7");
        assertThat(hostName("no\nde \u001b[31m7\u00ff")).contains("node[31m7");
        assertThat(hostName("\0\0")).isEmpty();
        assertThat(hostName("a".repeat(300)).orElseThrow()).hasSize(255);
    }

    private static Optional<String> hostName(String text) {
        return understood(RequestBuilder.dhcp(1).option(12, text), BROADCAST)
                .request()
                .hostName();
    }

    @Test
    void everyCapturedRequestIsUnderstood() throws MalformedPacket {
        for (var captured : CapturedPackets.all().entrySet()) {
            if (captured.getKey().startsWith("nmap-inform")) {
                continue; // nmap claims to be 255.255.255.255: no address to answer
            }
            Arrival arrival = captured.getKey().contains("relay") ? RELAYED : BROADCAST;
            assertThat(CLASSIFIER.classify(DhcpPacket.decode(captured.getValue()), arrival))
                    .as(captured.getKey())
                    .isInstanceOf(Classification.Understood.class);
        }
    }
}

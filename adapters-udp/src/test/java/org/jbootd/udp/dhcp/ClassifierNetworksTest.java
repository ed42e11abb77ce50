package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.udp.dhcp.ClassifierScene.BROADCAST;
import static org.jbootd.udp.dhcp.ClassifierScene.RELAY;
import static org.jbootd.udp.dhcp.ClassifierScene.RELAYED;
import static org.jbootd.udp.dhcp.ClassifierScene.REMOTE;
import static org.jbootd.udp.dhcp.ClassifierScene.SERVER;
import static org.jbootd.udp.dhcp.ClassifierScene.UNICAST;
import static org.jbootd.udp.dhcp.ClassifierScene.understood;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.ClientMessage.Rebind;
import org.jbootd.domain.client.ClientMessage.Release;
import org.jbootd.domain.client.ClientMessage.Renew;
import org.jbootd.domain.client.ClientMessage.Select;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Which network a message is of, and which server it means: by its wire, by its relay, by what it selects. */
class ClassifierNetworksTest {

    @Test
    void aRelayedClientSitsWhereItsRelayDoes() {
        Request request =
                understood(RequestBuilder.dhcp(1).relay("10.78.0.2"), RELAYED).request();
        assertThat(request.subnet()).isEqualTo("remote");
        assertThat(request.relay()).isEqualTo(RELAY);
    }

    @Test
    void aRelayOnOurOwnWireIsServed() {
        Arrival arrival = new Arrival(TestNetwork.LAN0, Ipv4.parse("10.77.0.2"), SERVER);
        assertThat(understood(RequestBuilder.dhcp(1).relay("10.77.0.2"), arrival)
                        .request()
                        .subnet())
                .isEqualTo("lan");
    }

    @Test
    void aRelayMaySelectAnotherLink() {
        RequestBuilder packet = RequestBuilder.dhcp(1).hex(82, "0103616263" + "05040a4d0000");
        assertThat(understood(packet.relay("10.78.0.2"), RELAYED).request().subnet())
                .isEqualTo("lan");
        Arrival itself = new Arrival(TestNetwork.UPLINK, Ipv4.parse("192.0.2.1"), SERVER);
        assertThat(understood(packet.relay("192.0.2.1"), itself).request().subnet())
                .isEqualTo("lan");
    }

    private record Selection(String sentence, RequestBuilder packet, Arrival arrival, String subnet) {}

    /** RFC 3011. */
    @TestFactory
    List<DynamicTest> aNetworkThatAClientSelects() {
        Arrival itself = new Arrival(TestNetwork.UPLINK, Ipv4.parse("192.0.2.1"), SERVER);
        return Stream.of(
                        new Selection("through a relay", selecting("10.77.0.0").relay("10.78.0.2"), RELAYED, "lan"),
                        new Selection(
                                "for others, as a relay", selecting("10.77.0.0").relay("192.0.2.1"), itself, "lan"),
                        new Selection(
                                "by an address of a host there",
                                selecting("10.77.0.9").relay("10.78.0.2"),
                                RELAYED,
                                "lan"),
                        new Selection(
                                "is the relay's to select first (RFC 3527 §3)",
                                selecting("10.77.0.0").relay("10.78.0.2").hex(82, "05040a4e0000"),
                                RELAYED,
                                "remote"),
                        new Selection("is the one of its own wire", selecting("10.77.0.0"), BROADCAST, "lan"),
                        new Selection("on another wire is not for it", selecting("10.78.0.0"), BROADCAST, "lan"),
                        new Selection(
                                "is none where it has its address already",
                                RequestBuilder.dhcp(3).ciaddr("10.78.0.100").address(118, "10.77.0.0"),
                                new Arrival(TestNetwork.LAN0, REMOTE, SERVER),
                                "remote"),
                        new Selection(
                                "is none if it is no address",
                                RequestBuilder.dhcp(1).hex(118, "0a4d00").relay("10.78.0.2"),
                                RELAYED,
                                "remote"))
                .map(row -> DynamicTest.dynamicTest(
                        row.sentence,
                        () -> assertThat(understood(row.packet, row.arrival)
                                        .request()
                                        .subnet())
                                .isEqualTo(row.subnet)))
                .toList();
    }

    private static RequestBuilder selecting(String network) {
        return RequestBuilder.dhcp(1).address(118, network);
    }

    @Test
    void ofTheNetworksOfAWireAClientMaySelectOne() {
        Subnet annex = TestNetwork.subnet("annex", Ipv4.parse("10.80.0.1"), 24, Ipv4.parse("10.80.0.100"), 2)
                .but()
                .sharedNetwork(Optional.of("wire"))
                .build();
        Subnet lan = TestNetwork.LAN.but().sharedNetwork(Optional.of("wire")).build();
        Classifier shared = new Classifier(of(List.of(lan, annex)));
        DhcpPacket packet = selecting("10.80.0.0").build();

        assertThat(understood(shared, packet, BROADCAST).request().subnet()).isEqualTo("annex");
    }

    private static DhcpSettings of(List<Subnet> subnets) {
        return new DhcpSettings(
                TestNetwork.SETTINGS.interfaces().subList(0, 1),
                subnets,
                67,
                68,
                Optional.empty(),
                Optional.empty(),
                DhcpSettings.IN_FLIGHT,
                Identification.HARDWARE);
    }

    @Test
    void brokenRelayInformationSelectsNothing() {
        for (String broken : List.of("", "05", "0504", "05040a4d", "0503" + "0a4d00", "01ff", "0505" + "0a4d000000")) {
            RequestBuilder packet = RequestBuilder.dhcp(1).relay("10.78.0.2").hex(82, broken);
            assertThat(understood(packet, RELAYED).request().subnet())
                    .as(broken)
                    .isEqualTo("remote");
        }
    }

    /** 5107-02. */
    @Test
    void whoNamesTheServerAsItsRelayHasItNamedMeansUs() {
        String override = "0b040a4e0002";
        RequestBuilder selection =
                RequestBuilder.dhcp(3).address(50, "10.78.0.100").relay("10.78.0.2");
        selection.address(54, "10.78.0.2").hex(82, override);
        assertThat(((Select) understood(selection, RELAYED)).server()).isEqualTo(TestNetwork.REMOTE.server());
        selection.address(54, "10.78.0.9");
        assertThat(((Select) understood(selection, RELAYED)).server())
                .as("a server of another name")
                .isEqualTo(Ipv4.parse("10.78.0.9"));
        RequestBuilder release =
                RequestBuilder.dhcp(7).ciaddr("10.78.0.100").relay("10.78.0.2").address(54, "10.78.0.2");
        assertThat(((Release) understood(release.hex(82, override), RELAYED)).server())
                .contains(TestNetwork.REMOTE.server());
    }

    @Test
    void aRelayedRenewalIsARebinding() {
        assertThat(understood(RequestBuilder.dhcp(3).relay("10.78.0.2").ciaddr("10.78.0.100"), RELAYED))
                .isInstanceOf(Rebind.class);
    }

    @Test
    void aClientBehindARelayRenewsPastIt() {
        Arrival routed = new Arrival(TestNetwork.UPLINK, REMOTE, SERVER);
        ClientMessage renewal = understood(RequestBuilder.dhcp(3).ciaddr("10.78.0.100"), routed);
        assertThat(renewal).isInstanceOf(Renew.class);
        assertThat(renewal.request().subnet()).isEqualTo("remote");
    }

    /** RFC 5107 §4; sub-option 11 of a client on our own wire is its own invention. */
    @Test
    void aRequestThatNamesTheRelayInOurPlaceIsOurs() {
        RequestBuilder request =
                RequestBuilder.dhcp(3).address(50, "10.78.0.100").address(54, "10.78.0.2");
        Ipv4 own = TestNetwork.REMOTE.server();

        assertThat(server(request.relay("10.78.0.2").hex(82, "0b040a4e0002"), RELAYED))
                .isEqualTo(own);
        assertThat(server(request.hex(82, "0b040a4e0003"), RELAYED)).isEqualTo(RELAY);
        assertThat(server(request.hex(82, "0b030a4e00"), RELAYED)).isEqualTo(RELAY);
        assertThat(server(request.relay("0.0.0.0").hex(82, "0b040a4e0002"), BROADCAST))
                .isEqualTo(RELAY);
    }

    /** Each network of the wire may have its own address of ours; the relay's stands for the one that counts. */
    @Test
    void whoNamesTheRelayMeansTheServerOfTheNetworkThatItsAddressIsOf() {
        Subnet remote =
                TestNetwork.REMOTE.but().sharedNetwork(Optional.of("campus")).build();
        Subnet annex = TestNetwork.subnet("annex", Ipv4.parse("10.80.0.1"), 24, Ipv4.parse("10.80.0.100"), 2)
                .but()
                .sharedNetwork(Optional.of("campus"))
                .build();
        Classifier shared = new Classifier(of(List.of(TestNetwork.LAN, remote, annex)));
        RequestBuilder release = RequestBuilder.dhcp(7)
                .relay("10.78.0.2")
                .address(54, "10.78.0.2")
                .hex(82, "0b040a4e0002");

        assertThat(((Release) understood(shared, release.ciaddr("10.80.0.100").build(), RELAYED)).server())
                .contains(annex.server());
        assertThat(((Release) understood(shared, release.ciaddr("10.78.0.100").build(), RELAYED)).server())
                .contains(remote.server());
        assertThat(((Release) understood(shared, release.ciaddr("10.77.0.100").build(), RELAYED)).server())
                .as("of another wire")
                .contains(remote.server());
    }

    private record PastTheRelay(String sentence, String ciaddr, String named, Arrival arrival, String server) {}

    /** Nothing but the datagram tells that the relay's address stands for ours. */
    @TestFactory
    List<DynamicTest> aReleaseThatComesPastTheRelay() {
        Arrival routed = new Arrival(TestNetwork.LAN0, REMOTE, TestNetwork.REMOTE.server());
        return Stream.of(
                        new PastTheRelay("is ours", "10.78.0.100", "10.78.0.2", routed, "10.78.0.1"),
                        new PastTheRelay("names no address there", "10.78.0.100", "10.78.0.255", routed, "10.78.0.255"),
                        new PastTheRelay("names a server elsewhere", "10.78.0.100", "10.77.0.9", routed, "10.77.0.9"),
                        new PastTheRelay("is about another machine", "10.78.0.101", "10.78.0.2", routed, "10.78.0.2"),
                        new PastTheRelay(
                                "was sent to another address",
                                "10.78.0.100",
                                "10.78.0.2",
                                new Arrival(TestNetwork.LAN0, REMOTE, Ipv4.parse("10.79.0.1")),
                                "10.78.0.2"),
                        new PastTheRelay(
                                "comes from our own wire, where another server may be",
                                "10.77.0.100",
                                "10.77.0.2",
                                UNICAST,
                                "10.77.0.2"))
                .map(row -> DynamicTest.dynamicTest(row.sentence, () -> {
                    RequestBuilder release =
                            RequestBuilder.dhcp(7).ciaddr(row.ciaddr).address(54, row.named);
                    assertThat(((Release) understood(release, row.arrival)).server())
                            .contains(Ipv4.parse(row.server));
                }))
                .toList();
    }

    private static Ipv4 server(RequestBuilder packet, Arrival arrival) {
        return ((Select) understood(packet, arrival)).server();
    }
}

package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.api.Test;

/** Options of the operator's own, in replies. */
class MoreOptionsReplyTest {

    private static final ReplyRenderer RENDERER = new ReplyRenderer(TestNetwork.SETTINGS);
    private static final Ipv4 ADDRESS = Ipv4.parse("10.77.0.100");
    private static final String NTP = "0a4d0005";

    /** 42, 17, 26 and 43, in the order of the configuration. */
    private static Subnet subnet() {
        Map<Integer, Octets> options = new LinkedHashMap<>();
        options.put(42, Octets.parseHex(NTP));
        options.put(17, Octets.of("/srv/root".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        options.put(26, Octets.parseHex("05dc"));
        options.put(43, Octets.parseHex("0101ff"));
        return TestNetwork.LAN.but().options(options).build();
    }

    private static Answer.Terms terms(Subnet subnet) {
        return new Answer.Terms(
                ADDRESS,
                Duration.ofHours(1),
                subnet,
                new BootPlan(Optional.of("pxelinux.0"), Optional.empty()),
                Optional.empty());
    }

    private static DhcpPacket render(RequestBuilder request, Answer answer) {
        DhcpPacket packet = request.build();
        DhcpPacket reply = RENDERER.render(packet, answer).orElseThrow();
        StrictReply.check(packet, reply.encode());
        return reply;
    }

    private static List<Integer> codes(DhcpPacket reply) {
        List<Integer> codes = new ArrayList<>();
        reply.options().forEach((code, value) -> codes.add(code));
        return codes;
    }

    @Test
    void whatIsAskedForComesInTheOrderAskedForAndOnce() {
        DhcpPacket offer =
                render(RequestBuilder.dhcp(1).option(55, 26, 200, 42, 26, 42), new Answer.Offer(terms(subnet())));
        assertThat(codes(offer)).containsExactly(53, 54, 1, 3, 6, 51, 26, 42);
        assertThat(offer.options().get(42).orElseThrow().toHex()).isEqualTo(NTP);
    }

    @Test
    void whoDoesNotSayWhatItWantsGetsAllThatAnyMachineUnderstands() {
        DhcpPacket ack = render(RequestBuilder.dhcp(3), new Answer.Ack(terms(subnet())));
        assertThat(codes(ack)).containsExactly(53, 54, 1, 3, 6, 51, 42, 17, 26);
    }

    @Test
    void whatIsMeantForOneMachineGoesBeforeWhatItsSubnetIsTold() {
        Map<Integer, Octets> own = Map.of(42, Octets.parseHex("0a4d0009"), 119, Octets.parseHex("00"));
        Answer.Terms terms = new Answer.Terms(
                ADDRESS,
                Duration.ofHours(1),
                subnet(),
                new BootPlan(Optional.empty(), Optional.empty(), Optional.empty(), own),
                Optional.empty());
        DhcpPacket ack = render(RequestBuilder.dhcp(3), new Answer.Ack(terms));
        assertThat(codes(ack)).containsExactly(53, 54, 1, 3, 6, 51, 42, 17, 26, 119);
        assertThat(ack.options().get(42).orElseThrow().toHex()).isEqualTo("0a4d0009");
    }

    /** 3442-02, 8925-01. */
    @Test
    void routesAndTheEndOfIpv4AreOnlyForWhoAsks() {
        Map<Integer, Octets> options = new LinkedHashMap<>();
        options.put(108, Octets.parseHex("00000708"));
        options.put(121, Octets.parseHex("000a4d0001"));
        options.put(249, Octets.parseHex("000a4d0001"));
        Subnet subnet = TestNetwork.LAN.but().options(options).build();
        assertThat(codes(render(RequestBuilder.dhcp(1), new Answer.Offer(terms(subnet)))))
                .containsExactly(53, 54, 1, 3, 6, 51);
        assertThat(codes(render(RequestBuilder.dhcp(1).option(55, 249, 121, 108), new Answer.Offer(terms(subnet)))))
                .endsWith(249, 121, 108);
    }

    @Test
    void pxeFirmwareIsToldWhatPxeNeedsByOption43() {
        DhcpPacket offer = render(
                RequestBuilder.dhcp(1).option(60, "PXEClient").option(55, 43, 17), new Answer.Offer(terms(subnet())));
        assertThat(offer.options().get(43).orElseThrow().toHex()).isEqualTo("060108ff");
        assertThat(codes(offer)).endsWith(43, 17);
    }

    @Test
    void anInformHearsOfThemToo() {
        Answer.InformAck inform = new Answer.InformAck(ADDRESS, subnet(), BootPlan.NOTHING, Optional.empty());
        assertThat(codes(render(RequestBuilder.dhcp(8).option(55, 42), inform))).containsExactly(53, 54, 1, 3, 6, 42);
    }

    @Test
    void anInformHearsOfItsBootFile() {
        BootPlan plan = new BootPlan(Optional.of("pxelinux.0"), Optional.empty());
        Answer.InformAck inform = new Answer.InformAck(ADDRESS, TestNetwork.LAN, plan, Optional.empty());
        assertThat(render(RequestBuilder.dhcp(8).option(55, 67), inform)
                        .options()
                        .text(67))
                .contains("pxelinux.0");
    }

    @Test
    void bootpHearsOfWhatTheOperatorHasForAll() {
        Subnet small =
                subnet().but().options(Map.of(26, Octets.parseHex("05dc"))).build();
        assertThat(codes(render(RequestBuilder.bootp(), new Answer.BootReply(terms(small)))))
                .containsExactly(1, 3, 6, 15, 26);
    }

    /** RFC 3046 §2.2: as it came, or not at all. */
    @Test
    void noMoreRelayInformationComesBackThanFitsAFrame() {
        RequestBuilder request = RequestBuilder.dhcp(3).relay("10.77.0.2");
        Answer ack = new Answer.Ack(terms(TestNetwork.LAN));
        assertThat(codes(render(request.hex(82, "00".repeat(512)), ack))).endsWith(82);
        assertThat(codes(render(request.hex(82, "00".repeat(513)), ack))).doesNotContain(82);
    }

    /** RFC 6842 §3; a longer one is not remembered either. */
    @Test
    void aClientIdentifierComesBackUpToThatLength() {
        Answer ack = new Answer.Ack(terms(TestNetwork.LAN));
        assertThat(codes(render(RequestBuilder.dhcp(3).hex(61, "00".repeat(255)), ack)))
                .contains(61);
        assertThat(codes(render(RequestBuilder.dhcp(3).hex(61, "00".repeat(256)), ack)))
                .doesNotContain(61);
    }

    @Test
    void bootpHearsOfThoseThatFitItsField() {
        Subnet large = subnet().but()
                .options(Map.of(17, Octets.of(new byte[60]), 26, Octets.parseHex("05dc")))
                .build();
        assertThat(codes(render(RequestBuilder.bootp(), new Answer.BootReply(terms(large)))))
                .contains(1, 3, 6)
                .doesNotContain(17);
    }

    @Test
    void theLastAskedForGoesFirstWhereThereIsNoRoom() {
        Map<Integer, Octets> large = new LinkedHashMap<>();
        for (int code = 224; code < 230; code++) {
            large.put(code, Octets.of(new byte[200]));
        }
        Subnet subnet = TestNetwork.LAN.but().options(large).build();
        DhcpPacket offer =
                render(RequestBuilder.dhcp(1).option(55, 227, 224, 229, 12), new Answer.Offer(terms(subnet)));
        assertThat(codes(offer)).contains(227).doesNotContain(229);
    }
}

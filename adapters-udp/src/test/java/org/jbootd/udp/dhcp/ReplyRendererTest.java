package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.exchange.Reason;
import org.jbootd.domain.lease.AddressPool;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;
import org.jbootd.domain.net.Octets;
import org.jbootd.udp.MalformedPacket;
import org.junit.jupiter.api.Test;

class ReplyRendererTest {

    private static final ReplyRenderer RENDERER = new ReplyRenderer(TestNetwork.SETTINGS);
    private static final Ipv4 FIRST = TestNetwork.FIRST;
    private static final BootPlan PXELINUX = new BootPlan(Optional.of("pxelinux.0"), Optional.of(30_000L));
    private static final String WISHES_OF_PXE = "01030c0d0f1c3a3b3c42436180";
    private static final String UUID = "00b01a07b03412de4c8f005254000b0071";

    @Test
    void aPlainOfferHasTheOptionsOfOldInTheirOrder() {
        DhcpPacket offer = render(RequestBuilder.dhcp(1), offer(BootPlan.NOTHING));
        assertThat(codes(offer)).containsExactly(53, 54, 1, 3, 6, 51);
        assertThat(offer.options().octet(53)).hasValue(MessageType.OFFER);
        assertThat(offer.options().address(54)).contains(TestNetwork.SERVER);
        assertThat(offer.options().address(1)).contains(Ipv4.parse("255.255.255.0"));
        assertThat(hex(offer, 6)).isEqualTo("0a4d00020a4d0003");
        assertThat(hex(offer, 51)).isEqualTo("00015180");
        assertThat(offer.encode()).hasSize(300);
    }

    @Test
    void theHeaderIsThatOfTableThree() {
        DhcpPacket request =
                RequestBuilder.dhcp(1).flags(0xffff).ciaddr("10.77.0.9").build();
        DhcpPacket offer = RENDERER.render(request, offer(PXELINUX)).orElseThrow();
        assertThat(offer.op()).isEqualTo(DhcpPacket.BOOTREPLY);
        assertThat(offer.xid()).isEqualTo(request.xid());
        assertThat(offer.hops()).isZero();
        assertThat(offer.secs()).isZero();
        assertThat(offer.flags()).isEqualTo(0xffff);
        assertThat(offer.ciaddr()).isEqualTo(Ipv4.UNSPECIFIED);
        assertThat(offer.yiaddr()).isEqualTo(FIRST);
        assertThat(offer.siaddr()).isEqualTo(TestNetwork.SERVER);
        assertThat(offer.giaddr()).isEqualTo(request.giaddr());
        assertThat(offer.chaddr()).isEqualTo(request.chaddr());
        assertThat(text(offer.sname())).isEqualTo("boot.example.net");
        assertThat(text(offer.file())).isEqualTo("pxelinux.0");
    }

    @Test
    void firmwareHearsOfItsFile() {
        DhcpPacket offer = render(
                RequestBuilder.dhcp(1)
                        .option(60, "PXEClient:Arch:00000:UNDI:002001")
                        .hex(55, WISHES_OF_PXE)
                        .option(57, 1472 >> 8, 1472 & 0xff)
                        .hex(97, UUID)
                        .hex(61, "01525400000001"),
                offer(PXELINUX));
        assertThat(codes(offer)).containsExactly(53, 54, 1, 6, 51, 43, 61, 3, 12, 13, 15, 28, 58, 59, 60, 66, 67, 97);
        assertThat(hex(offer, 97)).isEqualTo(UUID);
        assertThat(offer.options().word(13)).as("30000 octets in blocks of 512").hasValue(59);
        assertThat(offer.options().text(60)).contains("PXEClient");
        assertThat(offer.options().text(66)).contains("10.77.0.1");
        assertThat(offer.options().text(67)).contains("pxelinux.0");
        assertThat(hex(offer, 43)).isEqualTo("060108ff");
        assertThat(hex(offer, 58)).isEqualTo("0000a8c0");
        assertThat(hex(offer, 59)).isEqualTo("00012750");
        assertThat(offer.options().text(12)).contains("node7");
        assertThat(offer.options().text(15)).contains("example.net");
        assertThat(offer.options().address(28)).contains(Ipv4.parse("10.77.0.255"));
    }

    @Test
    void firmwareThatAsksForNothingHearsTheEssentials() {
        DhcpPacket offer = render(RequestBuilder.dhcp(1).option(60, "PXEClient").hex(97, UUID), offer(PXELINUX));
        assertThat(codes(offer)).containsExactly(53, 54, 1, 3, 6, 51, 97, 60, 43);
    }

    @Test
    void aNetworkBooterOfAnotherClassHearsItsFileAndNothingOfPxe() {
        DhcpPacket offer = render(
                RequestBuilder.dhcp(1)
                        .option(60, "U-Boot.armv8")
                        .option(93, 0, 22)
                        .hex(94, "010000")
                        .hex(55, "010d2b3c"),
                offer(PXELINUX));
        assertThat(codes(offer)).contains(13).doesNotContain(43, 60);
        assertThat(text(offer.file())).isEqualTo("pxelinux.0");
    }

    @Test
    void filesMayBeAtAnotherAddressThanTheServers() {
        Ipv4 files = Ipv4.parse("10.77.0.4");
        RequestBuilder request = RequestBuilder.dhcp(1).hex(55, "42");
        DhcpSettings settings = new DhcpSettings(
                TestNetwork.SETTINGS.interfaces(),
                TestNetwork.SETTINGS.subnets(),
                67,
                68,
                Optional.empty(),
                Optional.of(files),
                DhcpSettings.IN_FLIGHT,
                Identification.HARDWARE);
        DhcpPacket reply = new ReplyRenderer(settings)
                .render(request.build(), offer(PXELINUX))
                .orElseThrow();
        assertThat(reply.siaddr()).isEqualTo(files);
        assertThat(reply.options().text(66)).contains("10.77.0.4");
        assertThat(reply.options().address(54)).contains(TestNetwork.SERVER);
    }

    /** RFC 3011 §2: who selects a network takes no answer that does not say so. */
    @Test
    void theNetworkThatAClientSelectsComesBackIfItsAddressIsThere() {
        RequestBuilder discover = RequestBuilder.dhcp(1).relay("10.78.0.2");
        assertThat(render(discover.address(118, "10.77.0.0"), offer(BootPlan.NOTHING))
                        .options()
                        .address(118))
                .contains(Ipv4.parse("10.77.0.0"));
        assertThat(codes(render(discover.address(118, "10.78.0.0"), offer(BootPlan.NOTHING))))
                .as("another network")
                .doesNotContain(118);
        assertThat(codes(render(discover.hex(118, "0a4d00"), offer(BootPlan.NOTHING))))
                .as("no address")
                .doesNotContain(118);
    }

    @Test
    void aMachineIdentifierAloneSpeaksPxe() {
        assertThat(codes(render(RequestBuilder.dhcp(1).hex(97, UUID), offer(PXELINUX))))
                .contains(43, 60, 97);
    }

    @Test
    void withoutAFileThereIsNothingToFetch() {
        DhcpPacket offer =
                render(RequestBuilder.dhcp(1).option(60, "PXEClient").hex(55, WISHES_OF_PXE), offer(BootPlan.NOTHING));
        assertThat(codes(offer)).contains(60).doesNotContain(13, 43, 66, 67);
        assertThat(offer.file()).isEqualTo(Octets.EMPTY);
    }

    @Test
    void httpFirmwareHearsItsOwnClassAndTheAddressOfTheFile() {
        String uri = "http://10.77.0.1/" + "d/".repeat(60) + "grub.efi";
        DhcpPacket offer = render(
                RequestBuilder.dhcp(1)
                        .option(60, "HTTPClient:Arch:00016:UNDI:003000")
                        .option(57, 5, 0xc0),
                offer(new BootPlan(Optional.of(uri), Optional.empty())));
        assertThat(offer.options().text(60)).contains("HTTPClient");
        assertThat(offer.options().text(67)).contains(uri);
        assertThat(offer.options().has(43)).isFalse();
        assertThat(offer.file()).as("too long for its field").isEqualTo(Octets.EMPTY);
    }

    @Test
    void theFileFieldKeepsItsFinalNul() {
        assertThat(fileField("x".repeat(127)).file().length()).isEqualTo(127);
        assertThat(fileField("x".repeat(127)).options().has(67)).isFalse();
        assertThat(fileField("x".repeat(128)).file()).isEqualTo(Octets.EMPTY);
        assertThat(fileField("x".repeat(128)).options().text(67)).contains("x".repeat(128));
    }

    private static DhcpPacket fileField(String name) {
        return render(
                RequestBuilder.dhcp(1).option(60, "PXEClient"),
                offer(new BootPlan(Optional.of(name), Optional.empty())));
    }

    @Test
    void aFileTooLargeForItsOptionIsNotSized() {
        for (long size : new long[] {0, 65_535L * 512 + 1, Long.MAX_VALUE / 2}) {
            DhcpPacket offer = render(
                    RequestBuilder.dhcp(1).option(60, "PXEClient").hex(55, "0d"),
                    offer(new BootPlan(Optional.of("kernel"), Optional.of(size))));
            assertThat(offer.options().has(13)).as(size + " octets").isFalse();
        }
    }

    @Test
    void plainClientsHearNothingOfPxe() throws MalformedPacket {
        for (String plain : List.of("udhcpc-renew", "dhclient-discover", "dhcpcd-request", "nmap-discover")) {
            DhcpPacket request = DhcpPacket.decode(CapturedPackets.named(plain));
            DhcpPacket ack = RENDERER.render(request, ack(PXELINUX)).orElseThrow();
            assertThat(codes(ack)).as(plain).doesNotContain(60, 43, 97, 13);
        }
    }

    @Test
    void timesAreLeftOutWhereTheyMakeNoSense() {
        for (Duration leaseTime : List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Lease.FOREVER)) {
            DhcpPacket ack = render(RequestBuilder.dhcp(3).hex(55, "3a3b"), ack(leaseTime));
            assertThat(codes(ack)).contains(51).doesNotContain(58, 59);
        }
        assertThat(hex(render(RequestBuilder.dhcp(3), ack(Lease.FOREVER)), 51)).isEqualTo("ffffffff");
        assertThat(hex(render(RequestBuilder.dhcp(3).hex(55, "3a3b"), ack(Duration.ofSeconds(4))), 59))
                .isEqualTo("00000003");
    }

    @Test
    void aRenewalIsConfirmedAtItsAddress() {
        assertThat(render(RequestBuilder.dhcp(3).ciaddr("10.77.0.100"), ack(PXELINUX))
                        .ciaddr())
                .isEqualTo(FIRST);
        assertThat(render(RequestBuilder.dhcp(3).ciaddr("10.77.0.9"), ack(PXELINUX))
                        .ciaddr())
                .isEqualTo(Ipv4.UNSPECIFIED);
    }

    @Test
    void anInformIsAnsweredWithoutAddressAndTimes() {
        DhcpPacket ack = render(
                RequestBuilder.dhcp(8)
                        .ciaddr("10.77.0.50")
                        .hex(55, "01030f3a3b33")
                        .hex(61, "ff01"),
                new Answer.InformAck(Ipv4.parse("10.77.0.50"), TestNetwork.LAN, BootPlan.NOTHING, Optional.empty()));
        assertThat(codes(ack)).containsExactly(53, 54, 1, 6, 61, 3, 15);
        assertThat(ack.yiaddr()).isEqualTo(Ipv4.UNSPECIFIED);
        assertThat(ack.ciaddr()).isEqualTo(Ipv4.parse("10.77.0.50"));
    }

    @Test
    void aNakSaysLittleAndIsBroadcastByRelays() {
        Answer nak = new Answer.Nak(Reason.WRONG_NETWORK, "not on this network", TestNetwork.LAN);
        RequestBuilder request = RequestBuilder.dhcp(3)
                .ciaddr("192.0.2.5")
                .option(60, "PXEClient")
                .hex(61, "0102")
                .hex(82, "0101aa")
                .hex(55, WISHES_OF_PXE);
        DhcpPacket local = render(request, nak);
        assertThat(codes(local)).containsExactly(53, 54, 56, 61, 82);
        assertThat(local.options().text(56)).contains("not on this network");
        assertThat(local.ciaddr()).isEqualTo(Ipv4.UNSPECIFIED);
        assertThat(local.siaddr()).isEqualTo(Ipv4.UNSPECIFIED);
        assertThat(local.wantsBroadcast()).isFalse();
        assertThat(render(request.relay("10.77.0.2"), nak).wantsBroadcast()).isTrue();
    }

    @Test
    void bootpHearsNoDhcp() {
        DhcpPacket reply = render(
                RequestBuilder.bootp()
                        .option(60, "PXEClient")
                        .hex(61, "01")
                        .hex(55, "0f3a")
                        .hex(82, "0101aa"),
                new Answer.BootReply(terms(PXELINUX, Lease.FOREVER)));
        assertThat(codes(reply)).containsExactly(1, 3, 6, 12, 15, 82);
        assertThat(text(reply.file())).isEqualTo("pxelinux.0");
        assertThat(reply.encode()).hasSize(300);
    }

    @Test
    void bootpWithoutACookieIsAnsweredWithOne() {
        DhcpPacket reply =
                render(RequestBuilder.bootp().withoutCookie(), new Answer.BootReply(terms(PXELINUX, Lease.FOREVER)));
        assertThat(reply.cookie()).isTrue();
        assertThat(codes(reply)).containsExactly(1, 3, 6, 12, 15);
    }

    @Test
    void relayInformationComesBackWhateverElseMustGo() {
        String fat = "01ca" + "ab".repeat(202);
        RequestBuilder request = RequestBuilder.dhcp(1)
                .relay("10.77.0.2")
                .hex(82, fat)
                .hex(61, "ee".repeat(255))
                .hex(55, "0c0f1c3a3b");
        DhcpPacket offer = render(request, new Answer.Offer(fatTerms()));
        assertThat(hex(offer, 82)).isEqualTo(fat);
        assertThat(codes(offer)).startsWith(53, 54, 1).endsWith(82).contains(51);
        assertThat(offer.encode().length - 206 + 28).isLessThanOrEqualTo(576);
    }

    /** 5107-01. */
    @Test
    void aRelayMayHaveTheServerKnownByItsOwnAddress() {
        RequestBuilder request = RequestBuilder.dhcp(1).relay("10.77.0.2").hex(82, "0b040a4d0002");
        assertThat(render(request, offer(PXELINUX)).options().address(54)).contains(Ipv4.parse("10.77.0.2"));
        for (String odd : List.of("0b0400000000", "0b04ffffffff", "0b030a4d00", "0b040a4d")) {
            assertThat(render(request.hex(82, odd), offer(PXELINUX)).options().address(54))
                    .as(odd)
                    .contains(TestNetwork.SERVER);
        }
        RequestBuilder unrelayed = RequestBuilder.dhcp(1).hex(82, "0b040a4d0002");
        assertThat(render(unrelayed, offer(PXELINUX)).options().address(54)).contains(TestNetwork.SERVER);
    }

    /** 2132-02, 2132-07. */
    @Test
    void whatIsAskedForComesInTheOrderAskedForAndTheMaskBeforeTheRouters() {
        DhcpPacket offer = render(RequestBuilder.dhcp(1).option(55, 15, 3, 54, 53, 82, 6, 1, 12, 15), offer(PXELINUX));
        assertThat(codes(offer)).containsExactly(53, 54, 1, 51, 15, 3, 6, 12);
        assertThat(codes(render(RequestBuilder.dhcp(1).option(55, 3, 6), offer(PXELINUX))))
                .as("the mask is not asked for")
                .containsExactly(53, 54, 1, 51, 3, 6);
        assertThat(codes(render(RequestBuilder.dhcp(1).option(55, 1, 6, 3), offer(PXELINUX))))
                .containsExactly(53, 54, 1, 51, 6, 3);
    }

    @Test
    void aClientThatTakesMoreGetsAll() {
        RequestBuilder request = RequestBuilder.dhcp(1)
                .hex(61, "ee".repeat(255))
                .hex(55, "0c0f1c3a3b")
                .option(57, 5, 0xdc);
        DhcpPacket offer = render(request, new Answer.Offer(fatTerms()));
        assertThat(codes(offer)).containsExactly(53, 54, 1, 3, 6, 51, 61, 12, 15, 28, 58, 59);
        StrictReply.check(request.build(), offer.encode());
    }

    @Test
    void aTinyMaximumIsNotTakenLiterallyAndAHugeOneNeither() {
        for (int maximum : new int[] {0, 100, 575, 576, 65_535}) {
            RequestBuilder request = RequestBuilder.dhcp(1)
                    .hex(61, "ee".repeat(255))
                    .hex(55, "0c0f1c3a3b")
                    .option(57, maximum >> 8, maximum & 0xff);
            byte[] offer = render(request, new Answer.Offer(fatTerms())).encode();
            assertThat(offer.length + 28).isLessThanOrEqualTo(maximum > 576 ? 1_500 : 576);
        }
    }

    /** As the client reads it: the options of all fields in the order of the fields. */
    private static Map<Integer, Octets> read(RequestBuilder request, Answer.Terms terms) {
        DhcpPacket packet = request.build();
        DhcpPacket reply = RENDERER.render(packet, new Answer.Offer(terms)).orElseThrow();
        return StrictReply.check(packet, reply.encode());
    }

    private static Answer.Terms longNames(BootPlan plan, int length) {
        return new Answer.Terms(FIRST, Duration.ofHours(1), TestNetwork.LAN, plan, Optional.of("n".repeat(length)));
    }

    @Test
    void aFullOptionsFieldBorrowsFromTheServersNameFirst() {
        RequestBuilder request = RequestBuilder.dhcp(1).hex(55, "0c0f1c3a3b").hex(61, "ee".repeat(60));
        Map<Integer, Octets> small = read(request, longNames(PXELINUX, 150));
        assertThat(small.keySet()).containsExactly(53, 54, 1, 3, 6, 51, 61, 12, 15, 28, 58, 59);

        Map<Integer, Octets> large = read(request, longNames(PXELINUX, 200));
        assertThat(large.keySet()).containsExactly(53, 54, 1, 3, 6, 51, 61, 12, 52, 15, 28, 58, 59);
        assertThat(large.get(52).toHex()).isEqualTo("02");
        DhcpPacket reply = RENDERER.render(request.build(), new Answer.Offer(longNames(PXELINUX, 200)))
                .orElseThrow();
        assertThat(text(reply.file())).isEqualTo("pxelinux.0");
    }

    @Test
    void theBootFileYieldsItsFieldOnlyToAClientThatReadsItElsewhere() {
        String wishes = "0c0f1c3a3b4243";
        RequestBuilder asks = RequestBuilder.dhcp(1).hex(55, wishes).hex(61, "ee".repeat(100));
        Map<Integer, Octets> all = read(asks, longNames(PXELINUX, 250));
        assertThat(all.keySet()).contains(12, 15, 28, 58, 59, 61, 66);
        assertThat(all.get(52).toHex()).isEqualTo("03");
        assertThat(all.get(67).toHex()).isEqualTo(octets("pxelinux.0").toHex());

        RequestBuilder silent = RequestBuilder.dhcp(1).hex(55, "0c0f1c3a3b").hex(61, "ee".repeat(100));
        DhcpPacket reply = render(silent, new Answer.Offer(longNames(PXELINUX, 250)));
        assertThat(text(reply.file())).isEqualTo("pxelinux.0");
        assertThat(read(silent, longNames(BootPlan.NOTHING, 250)).keySet())
                .as("without a boot file the field is free")
                .contains(12, 15, 28, 58, 59, 61, 52);
    }

    @Test
    void relayInformationStaysLastInTheOptionsFieldWhateverIsBorrowed() {
        RequestBuilder request = RequestBuilder.dhcp(1)
                .relay("10.77.0.2")
                .hex(82, "0104706f7274")
                .hex(55, "0c0f1c3a3b")
                .hex(61, "ee".repeat(60));
        DhcpPacket offer = render(request, new Answer.Offer(longNames(PXELINUX, 200)));
        assertThat(codes(offer)).endsWith(52, 82).startsWith(53, 54, 1, 3, 6, 51);
    }

    @Test
    void nothingIsBorrowedForBootpAndForARefusal() {
        RequestBuilder bootp = RequestBuilder.bootp();
        DhcpPacket reply = render(bootp, new Answer.BootReply(longNames(PXELINUX, 200)));
        assertThat(text(reply.sname())).isEqualTo("boot.example.net");
        RequestBuilder request = RequestBuilder.dhcp(3).hex(61, "ee".repeat(255));
        DhcpPacket nak = render(request, new Answer.Nak(Reason.WRONG_NETWORK, "x".repeat(255), TestNetwork.LAN));
        assertThat(codes(nak)).containsExactly(53, 54, 61);
    }

    /** Many routers and name servers, and long names. */
    private static Answer.Terms fatTerms() {
        List<Ipv4> many = IntStream.rangeClosed(10, 50)
                .mapToObj(last -> Ipv4.parse("10.77.0." + last))
                .toList();
        Subnet subnet = Subnet.named("lan", new Ipv4Network(TestNetwork.SERVER, 24), TestNetwork.SERVER)
                .pool(new AddressPool(FIRST, 100))
                .leaseTime(Duration.ofHours(1))
                .routers(many)
                .nameServers(many)
                .domainName(Optional.of("example." + "x".repeat(200)))
                .build();
        return new Answer.Terms(FIRST, subnet.leaseTime(), subnet, BootPlan.NOTHING, Optional.of("n".repeat(200)));
    }

    private static Answer offer(BootPlan plan) {
        return new Answer.Offer(terms(plan, TestNetwork.LAN.leaseTime()));
    }

    private static Answer ack(BootPlan plan) {
        return new Answer.Ack(terms(plan, TestNetwork.LAN.leaseTime()));
    }

    private static Answer ack(Duration leaseTime) {
        return new Answer.Ack(terms(BootPlan.NOTHING, leaseTime));
    }

    private static Answer.Terms terms(BootPlan plan, Duration leaseTime) {
        return new Answer.Terms(FIRST, leaseTime, TestNetwork.LAN, plan, Optional.of("node7"));
    }

    private static DhcpPacket render(RequestBuilder request, Answer answer) {
        DhcpPacket packet = request.build();
        DhcpPacket reply = RENDERER.render(packet, answer).orElseThrow();
        StrictReply.check(packet, reply.encode());
        return reply;
    }

    private static List<Integer> codes(DhcpPacket reply) {
        Stream.Builder<Integer> codes = Stream.builder();
        reply.options().forEach((code, value) -> codes.add(code));
        return codes.build().toList();
    }

    private static String hex(DhcpPacket reply, int code) {
        return reply.options().get(code).orElseThrow().toHex();
    }

    private static Octets octets(String text) {
        return Octets.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String text(Octets octets) {
        return new String(octets.toArray(), StandardCharsets.US_ASCII);
    }
}

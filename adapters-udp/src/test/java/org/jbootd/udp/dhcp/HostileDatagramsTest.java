package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.exchange.Desk;
import org.jbootd.domain.lease.InMemoryLeaseStore;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.Test;

/**
 * Whatever arrives has one outcome, and whatever leaves can be read by the strictest client. {@code -Ddhcp.datagrams=N}
 * generates more datagrams, {@code -Ddhcp.seed=N} repeats a run.
 */
class HostileDatagramsTest {

    private static final int DATAGRAMS = Integer.getInteger("dhcp.datagrams", 200_000);
    private static final long SEED = Long.getLong("dhcp.seed", new Random().nextLong());

    private final Map<String, byte[]> captures = CapturedPackets.all();
    private final Trial trial = new Trial(new AnyAnswers(TestNetwork.SETTINGS));

    @Test
    void everyPrefixHasOneOutcome() {
        captures.forEach((name, packet) -> {
            for (int length = 0; length <= packet.length; length++) {
                tryOut(name + " cut to " + length, Arrays.copyOf(packet, length));
            }
        });
        trial.everyDatagramIsAccountedFor();
    }

    @Test
    void everyChangeOfOneOctetHasOneOutcome() {
        captures.forEach((name, packet) -> {
            for (int at = 0; at < packet.length; at++) {
                for (int value = 1; value < 256; value++) {
                    byte[] changed = packet.clone();
                    int where = at;
                    changed[at] ^= (byte) value;
                    trial.tryOut(
                            () -> name + ", octet " + where + " = " + (changed[where] & 0xff),
                            changed,
                            Trial.BROADCAST);
                }
            }
        });
        trial.everyDatagramIsAccountedFor();
    }

    @Test
    void generatedDatagramsHaveOneOutcome() {
        Random random = new Random(SEED);
        GeneratedDatagrams generated = new GeneratedDatagrams(random, List.copyOf(captures.values()));
        for (int i = 0; i < DATAGRAMS; i++) {
            tryOut("seed " + SEED + ", datagram " + i, generated.next());
        }
        trial.everyDatagramIsAccountedFor();
    }

    /** The same through the real decisions: afterwards a machine known before boots as if nothing had been. */
    @Test
    void theDeskOutlivesGeneratedDatagrams() throws Exception {
        Instant[] now = {Instant.parse("2026-05-04T03:02:01Z")};
        Trial desk = new Trial(new Desk(
                new LeaseBook(TestNetwork.SETTINGS.subnets(), List.of()),
                AccessControl.EVERYBODY,
                request -> new BootPlan(Optional.of("pxelinux.0"), Optional.of(40_000L)),
                InMemoryLeaseStore.of(),
                () -> now[0],
                Runnable::run,
                Desk.Settings.of(true)));
        Ipv4 address = boot(desk);
        GeneratedDatagrams generated = new GeneratedDatagrams(new Random(SEED), List.copyOf(captures.values()));
        for (int i = 0; i < DATAGRAMS; i++) {
            int number = i;
            now[0] = now[0].plusMillis(1);
            desk.tryOut(
                    () -> "seed " + SEED + ", datagram " + number,
                    generated.next(),
                    i % 4 == 0 ? Trial.ROUTED : Trial.BROADCAST);
        }
        desk.everyDatagramIsAccountedFor();
        assertThat(boot(desk)).isEqualTo(address);
    }

    private static Ipv4 boot(Trial desk) {
        RequestBuilder discover = RequestBuilder.dhcp(MessageType.DISCOVER);
        DhcpPacket offer = only(desk, discover);
        RequestBuilder request = RequestBuilder.dhcp(MessageType.REQUEST)
                .address(OptionCode.SERVER_IDENTIFIER, TestNetwork.SERVER.toString())
                .address(OptionCode.REQUESTED_ADDRESS, offer.yiaddr().toString());
        DhcpPacket ack = only(desk, request);
        assertThat(ack.options().octet(OptionCode.MESSAGE_TYPE)).hasValue(MessageType.ACK);
        return ack.yiaddr();
    }

    private static DhcpPacket only(Trial desk, RequestBuilder request) {
        List<DhcpPacket> replies =
                desk.tryOut(() -> "an ordinary request", request.build().encode(), Trial.BROADCAST);
        assertThat(replies).hasSize(1);
        return replies.get(0);
    }

    private void tryOut(String what, byte[] datagram) {
        trial.tryOut(() -> what, datagram, Trial.BROADCAST);
        trial.tryOut(() -> what, datagram, Trial.ROUTED);
    }
}

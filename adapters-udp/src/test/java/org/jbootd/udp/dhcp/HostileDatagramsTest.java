package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.udp.MalformedPacket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;

/**
 * Whatever arrives has one outcome, and whatever leaves can be read by the strictest client. {@code -Ddhcp.datagrams=N}
 * generates more datagrams, {@code -Ddhcp.seed=N} repeats a run.
 */
class HostileDatagramsTest {

    private static final int DATAGRAMS = Integer.getInteger("dhcp.datagrams", 200_000);
    private static final long SEED = Long.getLong("dhcp.seed", new Random().nextLong());

    private final DefaultEventLoop timer = new DefaultEventLoop();
    private final DhcpCounters counters = new DhcpCounters();
    private final DhcpResponder responder = new DhcpResponder(
            TestNetwork.SETTINGS,
            new AnyAnswers(TestNetwork.SETTINGS),
            counters,
            new OutcomeLog(NOPLogger.NOP_LOGGER, timer));
    private final List<Sent> sent = new ArrayList<>();
    private final Map<String, byte[]> captures = CapturedPackets.all();

    @AfterEach
    void stop() {
        timer.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS);
    }

    @Test
    void everyPrefixHasOneOutcome() {
        captures.forEach((name, packet) -> {
            for (int length = 0; length <= packet.length; length++) {
                tryOut(name + " cut to " + length, Arrays.copyOf(packet, length));
            }
        });
        everyDatagramIsAccountedFor();
    }

    @Test
    void everyChangeOfOneOctetHasOneOutcome() {
        captures.forEach((name, packet) -> {
            for (int at = 0; at < packet.length; at++) {
                for (int value = 1; value < 256; value++) {
                    byte[] changed = packet.clone();
                    int where = at;
                    changed[at] ^= (byte) value;
                    tryOut(() -> name + ", octet " + where + " = " + (changed[where] & 0xff), changed, ARRIVALS.get(0));
                }
            }
        });
        everyDatagramIsAccountedFor();
    }

    @Test
    void generatedDatagramsHaveOneOutcome() {
        Random random = new Random(SEED);
        GeneratedDatagrams generated = new GeneratedDatagrams(random, List.copyOf(captures.values()));
        for (int i = 0; i < DATAGRAMS; i++) {
            tryOut("seed " + SEED + ", datagram " + i, generated.next());
        }
        everyDatagramIsAccountedFor();
    }

    private void everyDatagramIsAccountedFor() {
        assertThat(counters.failures()).isZero();
        long outcomes = 0;
        for (DhcpCounters.Reply reply : DhcpCounters.Reply.values()) {
            outcomes += counters.replies(reply);
        }
        for (org.jbootd.domain.exchange.Reason reason : org.jbootd.domain.exchange.Reason.values()) {
            outcomes += counters.silences(reason);
        }
        assertThat(outcomes).isEqualTo(counters.received()).isPositive();
    }

    private void tryOut(String what, byte[] datagram) {
        ARRIVALS.forEach(arrival -> tryOut(() -> what, datagram, arrival));
    }

    private void tryOut(Supplier<String> what, byte[] datagram, Arrival arrival) {
        sent.clear();
        try {
            responder.receive(datagram, arrival, (route, reply) -> sent.add(new Sent(route, reply)));
            if (counters.failures() != 0) {
                throw new AssertionError("an unexpected exception");
            }
            for (Sent one : sent) {
                StrictReply.check(DhcpPacket.decode(datagram), one.reply());
                checkRoute(one.route());
            }
        } catch (MalformedPacket | RuntimeException | AssertionError e) {
            throw new AssertionError(what.get(), e);
        }
    }

    private record Sent(ReplyRoute route, byte[] reply) {}

    private static final List<Arrival> ARRIVALS = List.of(
            TestNetwork.broadcastOn(TestNetwork.LAN0),
            new Arrival(TestNetwork.UPLINK, Ipv4.parse("10.77.0.108"), TestNetwork.SERVER));

    /** Nothing is ever sent to an address outside the served networks. */
    private static void checkRoute(ReplyRoute route) {
        if (route instanceof ReplyRoute.Relay relay) {
            assertThat(served(relay.giaddr()) || relay.giaddr().equals(Ipv4.parse("10.77.0.108")))
                    .isTrue();
        } else if (route instanceof ReplyRoute.Client client) {
            assertThat(served(client.ciaddr())).isTrue();
        }
    }

    private static boolean served(Ipv4 address) {
        return TestNetwork.SETTINGS.subnetOf(address).isPresent();
    }
}

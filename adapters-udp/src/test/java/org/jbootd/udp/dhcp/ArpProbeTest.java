package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.udp.EventLoops;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A machine on a virtual cable that has an address, and one that says so by hand. Needs root. */
class ArpProbeTest {

    private static final Ipv4 TAKEN = Ipv4.parse("10.77.0.100");
    private static final Ipv4 FREE = Ipv4.parse("10.77.0.101");
    private static final HardwareAddress CLIENT = HardwareAddress.parse("02-00-00-00-00-01");

    private final EventLoops loops = new EventLoops(1);
    private final DhcpSettings settings = new DhcpSettings(
            List.of(TestNetwork.LAN0),
            List.of(TestNetwork.LAN),
            67,
            68,
            Optional.empty(),
            Optional.empty(),
            100,
            Identification.HARDWARE);
    private final ArpProbe probe = new ArpProbe(settings, loops.decisions());
    private Lans lans;

    @BeforeEach
    void start() throws Exception {
        lans = new Lans(1);
        lans.onServer(probe::start);
    }

    @AfterEach
    void stop() {
        probe.close();
        if (lans != null) {
            lans.close();
        }
        loops.close();
    }

    private static Request request(Ipv4 relay) {
        return new Request(
                1,
                ClientIdentity.of(CLIENT),
                BootStage.FIRMWARE,
                TestNetwork.LAN.name(),
                relay,
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    private CompletableFuture<Boolean> ask(Ipv4 address, Ipv4 relay) throws Exception {
        return loops.decisions()
                .submit(() -> probe.isInUse(address, request(relay)).toCompletableFuture())
                .get();
    }

    private boolean isInUse(Ipv4 address) throws Exception {
        return ask(address, Ipv4.UNSPECIFIED).get(5, TimeUnit.SECONDS);
    }

    @Test
    void anAddressThatAMachineHasIsInUse() throws Exception {
        lans.clients().ip("address", "add", TAKEN + "/24", "dev", "c0");

        assertThat(isInUse(TAKEN)).isTrue();
        assertThat(isInUse(FREE)).isFalse();
    }

    @Test
    void theQuestionIsThatOfOneWithoutAnAddress() throws Exception {
        CompletableFuture<Boolean> answer = ask(FREE, Ipv4.UNSPECIFIED);

        ByteBuffer frame = ByteBuffer.wrap(Frame.next(lans.tap(0), Frame.ARP).octets());
        assertThat(Arrays.copyOf(frame.array(), 6)).containsOnly(-1);
        assertThat(frame.getInt(28)).as("sender's address").isZero();
        assertThat(new Ipv4(frame.getInt(38))).isEqualTo(FREE);
        assertThat(answer.get(5, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void theMachineThatTheAddressIsForIsNoConflict() throws Exception {
        CompletableFuture<Boolean> answer = ask(FREE, Ipv4.UNSPECIFIED);
        lans.tap(0).send(reply(CLIENT.octets().toArray(), FREE));

        assertThat(answer.get(5, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void anAnswerOfAnotherMachineCountsAtOnce() throws Exception {
        CompletableFuture<Boolean> answer = ask(FREE, Ipv4.UNSPECIFIED);
        lans.tap(0).send(reply(HexFormat.of().parseHex("020000000002"), FREE));

        assertThat(answer.get(5, TimeUnit.SECONDS)).isTrue();
    }

    private static byte[] reply(byte[] mac, Ipv4 address) {
        ByteBuffer frame = ByteBuffer.allocate(42);
        frame.put(new byte[] {-1, -1, -1, -1, -1, -1}).put(mac).putShort((short) Frame.ARP);
        frame.putShort((short) 1)
                .putShort((short) 0x0800)
                .put((byte) 6)
                .put((byte) 4)
                .putShort((short) 2);
        frame.put(mac).putInt(address.bits()).put(new byte[6]).putInt(0);
        return frame.array();
    }

    @Test
    void behindARelayNobodyIsAsked() throws Exception {
        lans.clients().ip("address", "add", TAKEN + "/24", "dev", "c0");

        assertThat(ask(TAKEN, Ipv4.parse("10.77.0.9"))).isCompletedWithValue(false);
    }

    @Test
    void whoWaitsAtTheEndHearsOfNobody() throws Exception {
        CompletableFuture<Boolean> answer = ask(FREE, Ipv4.UNSPECIFIED);
        probe.close();

        assertThat(answer.get(5, TimeUnit.SECONDS)).isFalse();
    }

    /** As after a flood of DISCOVERs: what cannot be asked for is taken for free, at once. */
    @Test
    void onlySoManyAreAskedForAtTheSameTime() throws Exception {
        int wanted = 3 * ArpProbe.MOST_ASKED;
        long atOnce = loops.decisions()
                .submit(() -> IntStream.range(0, wanted)
                        .mapToObj(number -> probe.isInUse(new Ipv4(FREE.bits() + number), request(Ipv4.UNSPECIFIED)))
                        .filter(answer -> answer.toCompletableFuture().isDone())
                        .count())
                .get();

        assertThat(atOnce).isEqualTo(wanted - ArpProbe.MOST_ASKED);
        assertThat(ask(TAKEN, Ipv4.UNSPECIFIED).get(5, TimeUnit.SECONDS)).isFalse();
    }
}

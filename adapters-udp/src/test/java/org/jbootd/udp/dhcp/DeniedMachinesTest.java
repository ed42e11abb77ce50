package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.boot.BootPlanner;
import org.jbootd.domain.exchange.Desk;
import org.jbootd.domain.exchange.Reason;
import org.jbootd.domain.history.History;
import org.jbootd.domain.lease.InMemoryLeaseStore;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.udp.MalformedPacket;
import org.jbootd.udp.dhcp.DhcpCounters.Reply;
import org.junit.jupiter.api.Test;

/**
 * A machine that access control denies gets nothing, in whatever form and order it asks. {@code -Ddhcp.seed=N} repeats a run.
 */
class DeniedMachinesTest {

    private static final long SEED = Long.getLong("dhcp.seed", new Random().nextLong());
    private static final int MESSAGES = 30_000;
    private static final int MACHINES = 6;
    private static final int TRANSACTIONS = 4;
    private static final List<String> ADDRESSES =
            List.of("0.0.0.0", "10.77.0.100", "10.77.0.101", "10.77.0.102", "10.77.0.250", "10.78.0.100", "10.78.0.7");
    private static final BootPlanner PLANNER = request -> new BootPlan(Optional.of("pxelinux.0"), Optional.of(40_000L));

    private final Random random = new Random(SEED);
    private final List<Runnable> loop = new ArrayList<>();
    private final List<Runnable> verdicts = new ArrayList<>();
    private final DhcpCounters counters = new DhcpCounters();
    private final InMemoryLeaseStore store = InMemoryLeaseStore.of();
    private final List<String> complaints = new ArrayList<>();
    private Instant now = Instant.parse("2026-05-04T03:02:01Z");

    /** Says no at once, or yes to those named, after a while. */
    private final class Gate implements AccessControl {

        private final Set<HardwareAddress> granted;

        Gate(Set<HardwareAddress> granted) {
            this.granted = Set.copyOf(granted);
        }

        @Override
        public CompletableFuture<Verdict> decide(org.jbootd.domain.client.Request request) {
            boolean yes = granted.contains(request.client().hardware());
            Verdict verdict = yes ? Verdict.GRANTED : new Verdict.Denied("not granted");
            if (random.nextBoolean()) {
                return CompletableFuture.completedFuture(verdict);
            }
            CompletableFuture<Verdict> later = new CompletableFuture<>();
            verdicts.add(() -> later.complete(verdict));
            return later;
        }
    }

    private Desk desk(AccessControl gate) {
        return new Desk(
                new LeaseBook(TestNetwork.SETTINGS.subnets(), store.load()),
                gate,
                PLANNER,
                store,
                () -> now,
                loop::add,
                Desk.Settings.of(true));
    }

    private DhcpResponder responder(Desk desk) {
        OutcomeLog log = new OutcomeLog(new LoggerContext().getLogger("denied"), new EmbeddedChannel().eventLoop());
        return new DhcpResponder(TestNetwork.SETTINGS, desk, counters, log, History.NONE);
    }

    @Test
    void nobodyGetsAnythingWhereEverybodyIsDenied() {
        exchange(responder(desk(AccessControl.EVERYBODY)), MESSAGES / 4, reply -> true);
        settle();
        everyKindOfReplyWasSent();
        long before = replies();
        Set<HardwareAddress> holders = holders();

        exchange(responder(desk(new Gate(Set.of()))), MESSAGES, reply -> false);
        settle();
        assertThat(complaints).as("seed " + SEED).isEmpty();
        assertThat(replies()).as("seed " + SEED).isEqualTo(before);
        assertThat(counters.silences(Reason.DENIED)).isGreaterThan(MESSAGES / 4);
        assertThat(holders).as("seed " + SEED + ": nobody new has an address").containsAll(holders());
    }

    /** As {@link Desk#adopt} promises: an exchange that waits for its verdict begins again. */
    @Test
    void onlyThoseWhoAreGrantedNowAreAnsweredWhileListsChange() {
        Set<HardwareAddress> granted = new HashSet<>();
        Desk desk = desk(new Gate(granted));
        DhcpResponder responder = responder(desk);
        for (int i = 0; i < MESSAGES / 50; i++) {
            exchange(responder, 50, reply -> granted.contains(reply.hardwareAddress()));
            runAll(loop); // what is on its way to disk is answered as it was decided
            granted.clear();
            for (int machine = 0; machine < MACHINES; machine++) {
                if (random.nextBoolean()) {
                    granted.add(hardware(machine));
                }
            }
            desk.adopt(TestNetwork.SETTINGS.subnets(), new Gate(granted), PLANNER, Desk.Settings.of(true));
        }
        settle();
        assertThat(complaints).as("seed " + SEED).isEmpty();
        everyKindOfReplyWasSent();
        assertThat(counters.silences(Reason.DENIED)).isPositive();
    }

    /** All that a server of addresses has; a proxy's are {@link ProxyReplyTest}'s. */
    private void everyKindOfReplyWasSent() {
        for (Reply reply : EnumSet.complementOf(EnumSet.of(Reply.PROXY_OFFER, Reply.PROXY_ACK))) {
            assertThat(counters.replies(reply))
                    .as("seed " + SEED + ": " + reply)
                    .isPositive();
        }
        assertThat(counters.failures()).isZero();
    }

    private long replies() {
        return Arrays.stream(Reply.values()).mapToLong(counters::replies).sum();
    }

    private Set<HardwareAddress> holders() {
        Set<HardwareAddress> holders = new HashSet<>();
        store.load().stream()
                .filter(lease -> lease.state() == Lease.State.BOUND)
                .forEach(lease -> holders.add(lease.client().hardware()));
        return holders;
    }

    /** @param due whether a reply may be sent now */
    private void exchange(DhcpResponder responder, int messages, Predicate<DhcpPacket> due) {
        for (int i = 0; i < messages; i++) {
            responder.receive(message().encode(), arrival(), (own, route, reply) -> check(reply, due));
            while (random.nextInt(3) > 0 && !verdicts.isEmpty()) {
                verdicts.remove(random.nextInt(verdicts.size())).run();
            }
            while (random.nextInt(3) > 0 && !loop.isEmpty()) {
                loop.remove(0).run();
            }
            now = now.plusMillis(random.nextInt(random.nextInt(50) == 0 ? 40_000 : 200));
        }
    }

    private void check(byte[] datagram, Predicate<DhcpPacket> due) {
        try {
            DhcpPacket reply = DhcpPacket.decode(datagram);
            if (!due.test(reply)) {
                complaints.add(reply.toString());
            }
        } catch (MalformedPacket e) {
            complaints.add("a malformed reply: " + e.getMessage());
        }
    }

    private void settle() {
        while (!verdicts.isEmpty() || !loop.isEmpty()) {
            runAll(verdicts);
            runAll(loop);
        }
    }

    private static void runAll(List<Runnable> tasks) {
        while (!tasks.isEmpty()) {
            tasks.remove(0).run();
        }
    }

    private Arrival arrival() {
        return switch (random.nextInt(4)) {
            case 0 -> new Arrival(TestNetwork.LAN0, Ipv4.parse("10.77.0.100"), TestNetwork.SERVER);
            case 1 -> Trial.ROUTED;
            default -> Trial.BROADCAST;
        };
    }

    private static HardwareAddress hardware(int machine) {
        return HardwareAddress.parse("02-00-00-00-00-0" + machine);
    }

    private DhcpPacket message() {
        boolean cookie = random.nextInt(12) > 0;
        byte[] mac = hardware(random.nextInt(MACHINES)).octets().toArray();
        return new DhcpPacket(
                DhcpPacket.BOOTREQUEST,
                HardwareAddress.ETHERNET,
                mac.length,
                0,
                random.nextInt(TRANSACTIONS),
                0,
                random.nextBoolean() ? DhcpPacket.BROADCAST_FLAG : 0,
                random.nextBoolean() ? Ipv4.UNSPECIFIED : address(),
                Ipv4.UNSPECIFIED,
                Ipv4.UNSPECIFIED,
                random.nextInt(4) > 0 ? Ipv4.UNSPECIFIED : Ipv4.parse("10.78.0.254"),
                Octets.of(Arrays.copyOf(mac, 16)),
                Octets.EMPTY,
                Octets.EMPTY,
                cookie,
                cookie ? Options.of(options()) : Options.NONE);
    }

    private Ipv4 address() {
        return Ipv4.parse(ADDRESSES.get(random.nextInt(ADDRESSES.size())));
    }

    private Map<Integer, Octets> options() {
        Map<Integer, Octets> options = new LinkedHashMap<>();
        int type = List.of(0, 1, 1, 3, 3, 3, 4, 7, 8).get(random.nextInt(9));
        sometimes(options, OptionCode.MESSAGE_TYPE, type == 0 ? 0 : 1, Octets.of((byte) type));
        sometimes(
                options, OptionCode.REQUESTED_ADDRESS, 0.6, Octets.of(address().octets()));
        Ipv4 server = random.nextBoolean() ? TestNetwork.SERVER : TestNetwork.REMOTE.server();
        sometimes(options, OptionCode.SERVER_IDENTIFIER, 0.4, Octets.of(server.octets()));
        sometimes(options, OptionCode.MACHINE_IDENTIFIER, 0.4, Octets.of(new byte[16]));
        sometimes(options, OptionCode.MACHINE_IDENTIFIER, 0.4, Octets.parseHex("0012345678abcdef001111abcdefabcdef"));
        sometimes(options, OptionCode.ARCHITECTURES, 0.3, Octets.of((byte) 0, (byte) 7));
        String vendor = random.nextBoolean() ? "PXEClient" : "HTTPClient";
        sometimes(options, OptionCode.VENDOR_CLASS, 0.3, Octets.of(vendor.getBytes(StandardCharsets.US_ASCII)));
        sometimes(options, OptionCode.USER_CLASS, 0.2, Octets.of("iPXE".getBytes(StandardCharsets.US_ASCII)));
        return options;
    }

    private void sometimes(Map<Integer, Octets> options, int code, double chance, Octets value) {
        if (random.nextDouble() < chance) {
            options.put(code, value);
        }
    }
}

package org.jbootd.domain.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.domain.exchange.Scene.ANNA;
import static org.jbootd.domain.exchange.Scene.SELF;
import static org.jbootd.domain.exchange.Scene.request;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.boot.BootMenu;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.boot.BootPlanner;
import org.jbootd.domain.client.BootItem;
import org.jbootd.domain.client.BootProtocol;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.ClientMessage.BootDiscover;
import org.jbootd.domain.client.ClientMessage.BootRequest;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Boot information beside a server of addresses. Answers read as in {@code "OFFER a.0"}. */
class ProxyDeskTest {

    private static final Ipv4 HERS = Ipv4.parse("10.0.0.100");
    private static final Subnet LAN =
            Subnet.named("lan", new Ipv4Network(SELF, 24), SELF).build();
    private static final BootPlanner A_FILE = request -> new BootPlan(Optional.of("a.0"), Optional.of(7L));
    private static final BootPlanner NO_FILE = request -> BootPlan.NOTHING;
    private static final Optional<BootMenu> NO_MENU = Optional.empty();
    private static final Optional<BootMenu> MENU = menu(true);

    private static final Request FIRMWARE = request(ANNA, BootStage.FIRMWARE, "lan", 1);
    private static final Request LOADER = request(ANNA, BootStage.BOOT_LOADER, "lan", 1);
    private static final Request PLAIN = request(ANNA, BootStage.OPERATING_SYSTEM, "lan", 1);

    private final Queue<Runnable> loop = new ArrayDeque<>();

    private static Optional<BootMenu> menu(boolean forBootLoaders) {
        return Optional.of(new BootMenu(
                "F8",
                5,
                List.of(
                        new BootMenu.Item(1, "As ever", Optional.empty()),
                        new BootMenu.Item(7, "Rescue", Optional.of("rescue.0")),
                        new BootMenu.Item(0, "Disk", Optional.empty())),
                forBootLoaders));
    }

    record Row(String sentence, BootPlanner planner, Optional<BootMenu> menu, ClientMessage message, String expected) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    private static BootDiscover discover(Request request) {
        return new BootDiscover(request, BootProtocol.PXE);
    }

    private static BootRequest asks(Request request) {
        return new BootRequest(request, HERS, Optional.empty());
    }

    private static BootRequest chooses(int type, int layer) {
        return new BootRequest(FIRMWARE, HERS, Optional.of(new BootItem(type, layer)));
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row("firmware is told its file", A_FILE, NO_MENU, discover(FIRMWARE), "OFFER a.0"),
                new Row("and that there is a menu", A_FILE, MENU, discover(FIRMWARE), "OFFER a.0, menu [1, 7, 0]"),
                new Row(
                        "firmware that boots by HTTP knows no menu",
                        A_FILE,
                        MENU,
                        new BootDiscover(request(ANNA, BootStage.HTTP_FIRMWARE, "lan", 1), BootProtocol.HTTP),
                        "OFFER a.0"),
                new Row("a boot loader is shown the menu", A_FILE, MENU, discover(LOADER), "OFFER a.0, menu [1, 7, 0]"),
                new Row("but not if it has a file of its own", A_FILE, menu(false), discover(LOADER), "OFFER a.0"),
                new Row(
                        "without a file there is nothing to say",
                        NO_FILE,
                        NO_MENU,
                        discover(FIRMWARE),
                        "NOTHING_TO_BOOT"),
                new Row(
                        "unless an item of the menu has one",
                        NO_FILE,
                        MENU,
                        discover(FIRMWARE),
                        "OFFER nothing, menu [7, 0]"),
                new Row("a boot server repeats it", A_FILE, NO_MENU, asks(FIRMWARE), "ACK 10.0.0.100 a.0"),
                new Row("with the menu", A_FILE, MENU, asks(FIRMWARE), "ACK 10.0.0.100 a.0, menu [1, 7, 0]"),
                new Row("and says nothing of nothing", NO_FILE, NO_MENU, asks(FIRMWARE), "NOTHING_TO_BOOT"),
                new Row("item 1 is the usual file", A_FILE, MENU, chooses(1, 0), "ACK 10.0.0.100 a.0 by item 1"),
                new Row("item 7 is its own", A_FILE, MENU, chooses(7, 0), "ACK 10.0.0.100 rescue.0 by item 7"),
                new Row(
                        "even if there is no usual one",
                        NO_FILE,
                        MENU,
                        chooses(7, 0),
                        "ACK 10.0.0.100 rescue.0 by item 7"),
                new Row("an item without any file is none", NO_FILE, MENU, chooses(1, 0), "NO_SUCH_ITEM"),
                new Row("the local disk is nothing to load", A_FILE, MENU, chooses(0, 0), "NO_SUCH_ITEM"),
                new Row("there is no item 4242", A_FILE, MENU, chooses(4242, 0), "NO_SUCH_ITEM"),
                new Row("nor a second layer", A_FILE, MENU, chooses(1, 1), "NO_SUCH_ITEM"),
                new Row("nor credentials", A_FILE, MENU, chooses(1, 0x8000), "NO_SUCH_ITEM"),
                new Row("without a menu there is no item 1", A_FILE, NO_MENU, chooses(1, 0), "NO_SUCH_ITEM"),
                new Row("only the bootstrap server", A_FILE, NO_MENU, chooses(0, 0), "ACK 10.0.0.100 a.0 by item 0"),
                new Row("which may have nothing", NO_FILE, NO_MENU, chooses(0, 0), "NOTHING_TO_BOOT"),
                new Row(
                        "an unknown network is not served",
                        A_FILE,
                        NO_MENU,
                        discover(request(ANNA, BootStage.FIRMWARE, "elsewhere", 1)),
                        "NO_SUBNET"),
                new Row(
                        "a plain client is left alone",
                        A_FILE,
                        MENU,
                        new ClientMessage.Discover(PLAIN, Optional.empty()),
                        "LEFT_TO_DHCP"),
                new Row(
                        "a REQUEST is the other server's",
                        A_FILE,
                        MENU,
                        new ClientMessage.Select(FIRMWARE, Scene.OTHER_SERVER, HERS),
                        "NOT_OUR_SERVER"),
                new Row(
                        "even if it names us, who gave nothing",
                        A_FILE,
                        MENU,
                        new ClientMessage.Select(FIRMWARE, SELF, HERS),
                        "LEFT_TO_DHCP"),
                new Row("a renewal", A_FILE, MENU, new ClientMessage.Renew(PLAIN, HERS), "LEFT_TO_DHCP"),
                new Row("a rebinding", A_FILE, MENU, new ClientMessage.Rebind(PLAIN, HERS), "LEFT_TO_DHCP"),
                new Row("a reboot", A_FILE, MENU, new ClientMessage.Reboot(PLAIN, HERS), "LEFT_TO_DHCP"),
                new Row("BOOTP", A_FILE, MENU, new ClientMessage.Bootp(FIRMWARE, HERS), "LEFT_TO_DHCP"),
                new Row("an INFORM", A_FILE, MENU, new ClientMessage.Inform(PLAIN, HERS), "LEFT_TO_DHCP"),
                new Row(
                        "a RELEASE",
                        A_FILE,
                        MENU,
                        new ClientMessage.Release(PLAIN, Optional.of(SELF), HERS),
                        "LEFT_TO_DHCP"),
                new Row(
                        "a DECLINE",
                        A_FILE,
                        MENU,
                        new ClientMessage.Decline(PLAIN, Optional.of(SELF), HERS),
                        "LEFT_TO_DHCP"),
                new Row(
                        "a planner that fails has nothing",
                        request -> {
                            throw new IllegalStateException("planned badly");
                        },
                        NO_MENU,
                        discover(FIRMWARE),
                        "NOTHING_TO_BOOT"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void answers(Row row) {
        ProxyDesk desk = desk(AccessControl.EVERYBODY, row.planner(), row.menu(), 10);
        assertThat(hears(desk, row.message())).isEqualTo(row.expected());
    }

    @Test
    void everyKindOfMessageStandsInARow() {
        assertThat(rows().<Class<?>>map(row -> row.message().getClass()).distinct())
                .containsExactlyInAnyOrder(ClientMessage.class.getPermittedSubclasses());
    }

    @Test
    void accessControlIsAskedAndFailsClosed() {
        List<Request> asked = new ArrayList<>();
        for (AccessControl access : List.<AccessControl>of(
                request -> CompletableFuture.completedStage(new Verdict.Denied("not listed")),
                request -> CompletableFuture.completedStage(new Verdict.Unlisted("not listed")),
                request -> CompletableFuture.failedStage(new IllegalStateException("gone")),
                request -> {
                    throw new IllegalStateException("broken");
                })) {
            ProxyDesk desk = desk(
                    request -> {
                        asked.add(request);
                        return access.decide(request);
                    },
                    A_FILE,
                    MENU,
                    10);
            assertThat(hears(desk, discover(FIRMWARE))).isIn("DENIED", "NO_VERDICT");
            assertThat(hears(desk, chooses(1, 0))).isIn("DENIED", "NO_VERDICT");
            hears(desk, new ClientMessage.Discover(PLAIN, Optional.empty()));
        }
        assertThat(asked)
                .as("nobody asks about those who are left alone")
                .hasSize(8)
                .containsOnly(FIRMWARE);
    }

    @Test
    void aRetransmissionJoinsAndAnotherChoiceDoesNot() {
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        List<Request> asked = new ArrayList<>();
        ProxyDesk desk = desk(
                request -> {
                    asked.add(request);
                    return verdict;
                },
                A_FILE,
                MENU,
                3);
        CompletableFuture<Answer> first = say(desk, chooses(1, 0));
        assertThat(say(desk, chooses(1, 0))).isSameAs(first);
        CompletableFuture<Answer> other = say(desk, chooses(7, 0));
        say(desk, discover(FIRMWARE));
        assertThat(asked).hasSize(3);
        assertThat(hears(desk, asks(FIRMWARE))).as("a fourth at once").isEqualTo("OVERLOADED");
        verdict.complete(Verdict.GRANTED);
        run();
        assertThat(text(first.join())).isEqualTo("ACK 10.0.0.100 a.0 by item 1");
        assertThat(text(other.join())).isEqualTo("ACK 10.0.0.100 rescue.0 by item 7");
        assertThat(hears(desk, asks(FIRMWARE))).isEqualTo("ACK 10.0.0.100 a.0, menu [1, 7, 0]");
    }

    @Test
    void whoWaitsForAVerdictIsAskedAboutAgainByNewSettings() {
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        ProxyDesk desk = desk(request -> verdict, A_FILE, NO_MENU, 10);
        CompletableFuture<Answer> answer = say(desk, discover(FIRMWARE));
        desk.adopt(
                List.of(LAN),
                request -> CompletableFuture.completedStage(new Verdict.Denied("by the new settings")),
                A_FILE,
                NO_MENU);
        verdict.complete(Verdict.GRANTED);
        run();
        assertThat(text(answer.join())).isEqualTo("DENIED");
        desk.adopt(List.of(LAN), AccessControl.EVERYBODY, A_FILE, MENU);
        assertThat(hears(desk, discover(FIRMWARE))).isEqualTo("OFFER a.0, menu [1, 7, 0]");
    }

    private ProxyDesk desk(AccessControl access, BootPlanner planner, Optional<BootMenu> menu, int inFlight) {
        return new ProxyDesk(List.of(LAN), access, planner, menu, loop::add, inFlight);
    }

    private CompletableFuture<Answer> say(ProxyDesk desk, ClientMessage message) {
        CompletableFuture<Answer> answer = desk.answer(message).toCompletableFuture();
        run();
        return answer;
    }

    private void run() {
        while (!loop.isEmpty()) {
            loop.remove().run();
        }
    }

    private String hears(ProxyDesk desk, ClientMessage message) {
        return text(say(desk, message).join());
    }

    private static String text(Answer answer) {
        if (answer instanceof Answer.ProxyOffer offer) {
            return "OFFER " + text(offer.boot());
        }
        if (answer instanceof Answer.ProxyAck ack) {
            return "ACK " + ack.address() + " " + text(ack.boot())
                    + ack.chosen().map(item -> " by item " + item.type()).orElse("");
        }
        return ((Answer.Silence) answer).reason().toString();
    }

    private static String text(Answer.BootInformation boot) {
        return boot.plan().bootFile().orElse("nothing")
                + boot.menu()
                        .map(menu -> ", menu "
                                + menu.items().stream().map(BootMenu.Item::type).toList())
                        .orElse("");
    }
}

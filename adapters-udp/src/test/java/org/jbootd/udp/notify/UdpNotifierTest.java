package org.jbootd.udp.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jbootd.domain.client.UuidOrder;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Notifications on real sockets: listeners that hear, that are not there, that nobody knows the address of. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UdpNotifierTest {

    private final Lines lines = new Lines();
    private final NotificationCounters counters = new NotificationCounters();

    @AfterEach
    void close() {
        lines.close();
    }

    private UdpNotifier notifier(ListenerAddress... listeners) {
        return notifier(InetAddress::getByName, listeners);
    }

    private UdpNotifier notifier(Whereabouts.Resolver resolver, ListenerAddress... listeners) {
        UdpNotifier notifier = new UdpNotifier(counters, resolver, System::nanoTime);
        notifier.adopt(List.of(listeners), UuidOrder.LABEL);
        return notifier;
    }

    private static String text(int number) {
        return "LEASE,02-00-00-00-00-01," + new Ipv4(number);
    }

    private static void tell(UdpNotifier notifier, int first, int last) {
        for (int number = first; number <= last; number++) {
            notifier.tell(Events.number(number));
        }
    }

    private static void assertHeard(TestListener listener, int first, int last) throws IOException {
        for (int number = first; number <= last; number++) {
            assertThat(listener.hear()).isEqualTo(text(number));
        }
    }

    @Test
    void everyListenerHearsAllInTheirOrder() throws IOException {
        try (TestListener one = new TestListener();
                TestListener two = new TestListener();
                UdpNotifier notifier = notifier(one.address(), two.address())) {
            tell(notifier, 1, 100);
            assertHeard(one, 1, 100);
            assertHeard(two, 1, 100);
        }
        assertThat(counters.sent()).isEqualTo(200);
        assertThat(counters.failed()).isZero();
        assertThat(lines.warnings()).isEmpty();
    }

    @Test
    void aListenerThatIsNotThereIsSaidSoOnceAndCostsNobodyAnything() throws IOException {
        ListenerAddress deaf = new ListenerAddress("127.0.0.1", TestListener.deafPort());
        try (TestListener one = new TestListener();
                UdpNotifier notifier = notifier(deaf, one.address())) {
            tell(notifier, 1, 100);
            assertHeard(one, 1, 100);
        }
        assertThat(counters.sent()).isEqualTo(200);
        assertThat(counters.failed()).isBetween(1L, 99L);
        assertThat(lines.warnings()).containsExactly("notifications to " + deaf + " are lost: nobody listens there");
    }

    @Test
    void aListenerThatComesBackHearsTheNext() throws IOException {
        TestListener first = new TestListener();
        int port = first.port();
        try (UdpNotifier notifier = notifier(first.address())) {
            tell(notifier, 1, 1);
            assertHeard(first, 1, 1);
            first.close();
            tell(notifier, 2, 3);
            await().until(() -> counters.sent() == 3);
            try (TestListener second = new TestListener(port)) {
                tell(notifier, 4, 5);
                assertHeard(second, 4, 5);
            }
        }
    }

    @Test
    void aNameThatIsNotKnownIsSaidSoOnceAndFoundLater() throws IOException {
        AtomicBoolean works = new AtomicBoolean();
        try (TestListener one = new TestListener();
                TestListener two = new TestListener();
                UdpNotifier notifier = notifier(
                        host -> {
                            if (host.equals("listener.example") && !works.get()) {
                                throw new UnknownHostException(host);
                            }
                            return InetAddress.getLoopbackAddress();
                        },
                        new ListenerAddress("listener.example", one.port()),
                        two.address())) {
            tell(notifier, 1, 50);
            assertHeard(two, 1, 50);
            await().until(() -> counters.failed() == 50);
            works.set(true);
            tell(notifier, 51, 52);
            assertHeard(one, 51, 52);
            assertThat(lines.warnings())
                    .containsExactly("notifications to listener.example:" + one.port()
                            + " are lost: the name cannot be looked up");
        }
    }

    @Test
    void aResolverThatHangsHoldsUpNobodyElse() throws IOException {
        CountDownLatch answer = new CountDownLatch(1);
        try (TestListener one = new TestListener();
                TestListener two = new TestListener();
                UdpNotifier notifier = notifier(
                        host -> host.equals("listener.example") ? hang(answer) : InetAddress.getLoopbackAddress(),
                        new ListenerAddress("listener.example", one.port()),
                        two.address())) {
            tell(notifier, 1, 50);
            assertHeard(two, 1, 50);
            await().until(() -> counters.failed() == 50);
            answer.countDown();
            AtomicLong told = new AtomicLong(50);
            await().until(() -> {
                notifier.tell(Events.number(51));
                return counters.sent() > told.incrementAndGet(); // more than the other listener can have heard
            });
            assertHeard(one, 51, 51);
        }
    }

    private static InetAddress hang(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return InetAddress.getLoopbackAddress();
    }

    @Test
    void ofAFloodTheOldestAreLeftOut() throws Exception {
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        try (TestListener one = new TestListener()) {
            Whereabouts whereabouts = new Whereabouts(
                    one.address(),
                    host -> {
                        looking.countDown();
                        return hang(answer);
                    },
                    Runnable::run,
                    System::nanoTime);
            Listener listener = new Listener(one.address(), whereabouts, counters, System::nanoTime);
            listener.look();
            looking.await();
            for (int number = 1; number <= Listener.WAITING + 42; number++) {
                listener.tell(NotificationText.of(Events.number(number), UuidOrder.LABEL));
            }
            assertThat(counters.dropped()).isEqualTo(42);
            answer.countDown();
            assertHeard(one, 43, 100);
            listener.end();
            listener.awaitEnd(TimeUnit.SECONDS.toNanos(20));
            assertThat(counters.sent()).isEqualTo(Listener.WAITING);
            assertThat(lines.warnings())
                    .containsExactly("notifications to " + one.address()
                            + " wait too long: more than 4096, so the oldest are left out");
        }
    }

    @Test
    void othersAreToldFromOneNotificationToTheNext() throws IOException {
        try (TestListener one = new TestListener();
                TestListener two = new TestListener();
                TestListener three = new TestListener();
                UdpNotifier notifier = notifier(one.address(), two.address())) {
            tell(notifier, 1, 20);
            notifier.adopt(List.of(two.address(), three.address()), UuidOrder.LABEL);
            tell(notifier, 21, 40);
            assertHeard(one, 1, 20);
            notifier.adopt(List.of(one.address()), UuidOrder.LABEL);
            tell(notifier, 41, 60);
            assertHeard(one, 41, 60);
            assertHeard(two, 1, 40);
            assertHeard(three, 21, 40);
        }
        assertThat(counters.sent()).isEqualTo(100);
    }

    @Test
    void whatWasToldBeforeTheEndIsSent() throws IOException {
        try (TestListener one = new TestListener()) {
            UdpNotifier notifier = notifier(one.address());
            tell(notifier, 1, 100);
            notifier.close();
            assertThat(counters.sent()).isEqualTo(100);
            assertHeard(one, 1, 100);
        }
    }

    @Test
    void whatIsToldAfterTheEndHarmsNothing() throws IOException {
        try (TestListener one = new TestListener()) {
            UdpNotifier notifier = notifier(one.address());
            notifier.close();
            notifier.tell(Events.number(1));
            assertThat(counters.sent()).isZero();
        }
    }

    @Test
    void anEndDoesNotWaitForAResolverThatHangs() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        UdpNotifier notifier = notifier(host -> hang(never), new ListenerAddress("listener.example", 11000));
        tell(notifier, 1, 10);
        notifier.close();
        await().until(() -> counters.dropped() == 10);
        assertThat(counters.sent()).isZero();
    }
}

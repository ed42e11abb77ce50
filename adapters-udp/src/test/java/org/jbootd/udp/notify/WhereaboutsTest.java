package org.jbootd.udp.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class WhereaboutsTest {

    private static final String NAME = "listener.example";

    private final Queue<Runnable> running = new ArrayDeque<>();
    private String answer = "";
    private int asked;
    private long nanos;

    private Whereabouts whereabouts(Executor lookups) {
        return new Whereabouts(new ListenerAddress(NAME, 11000), this::resolve, lookups, () -> nanos);
    }

    private InetAddress resolve(String host) throws UnknownHostException {
        assertThat(host).isEqualTo(NAME);
        asked++;
        if (answer.isEmpty()) {
            throw new UnknownHostException(host);
        }
        return InetAddress.getByName(answer);
    }

    private static InetSocketAddress at(String address) {
        return new InetSocketAddress(address, 11000);
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void aNameThatIsNotKnownYetIsAskedForAgain() throws Exception {
        Whereabouts whereabouts = whereabouts(Runnable::run);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(whereabouts::now)
                    .isInstanceOf(IOException.class)
                    .hasMessage("the name cannot be looked up");
        }
        answer = "10.0.0.9";
        assertThat(whereabouts.now()).isEqualTo(at("10.0.0.9"));
        assertThat(asked).isEqualTo(4);
    }

    @Test
    void anAddressIsUsedForAWhileAndThenLookedUpAnew() throws Exception {
        Whereabouts whereabouts = whereabouts(Runnable::run);
        answer = "10.0.0.9";
        whereabouts.now();
        answer = "10.0.0.10";
        pass(Whereabouts.FRESH.minusNanos(1));
        assertThat(whereabouts.now()).isEqualTo(at("10.0.0.9"));
        pass(Duration.ofNanos(1));
        assertThat(whereabouts.now()).isEqualTo(at("10.0.0.10"));
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void aResolverThatFailsLaterLeavesTheAddressThatWasFoundLast() throws Exception {
        Whereabouts whereabouts = whereabouts(Runnable::run);
        answer = "10.0.0.9";
        whereabouts.now();
        answer = "";
        pass(Whereabouts.FRESH);
        assertThat(whereabouts.now()).isEqualTo(at("10.0.0.9"));
        answer = "10.0.0.10";
        pass(Whereabouts.FRESH);
        assertThat(whereabouts.now()).isEqualTo(at("10.0.0.10"));
    }

    @Test
    void nobodyWaitsForALookupWhileThereIsAnAddress() throws Exception {
        answer = "10.0.0.9";
        Whereabouts whereabouts = whereabouts(task -> {
            if (asked == 0) {
                task.run();
            } else {
                running.add(task);
            }
        });
        whereabouts.now();
        answer = "10.0.0.10";
        pass(Whereabouts.FRESH);
        assertThat(whereabouts.now()).isEqualTo(at("10.0.0.9"));
        assertThat(whereabouts.now()).isEqualTo(at("10.0.0.9"));
        assertThat(running).hasSize(1);
        running.remove().run();
        assertThat(whereabouts.now()).isEqualTo(at("10.0.0.10"));
    }

    @Test
    void aFirstLookupThatHangsIsWaitedForOnceAndNotBegunTwice() throws Exception {
        Whereabouts whereabouts = whereabouts(running::add);
        for (int i = 0; i < 1_000; i++) {
            assertThatThrownBy(whereabouts::now)
                    .isInstanceOf(IOException.class)
                    .hasMessage("the name is still being looked up");
        }
        assertThat(running).hasSize(1);
        answer = "10.0.0.9";
        running.remove().run();
        assertThat(whereabouts.now()).isEqualTo(at("10.0.0.9"));
    }
}

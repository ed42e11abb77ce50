package org.jbootd.domain.exchange;

import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.boot.BootPlanner;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.lease.LeaseStore;

/** Answers clients. Confined to one thread, the one that runs {@code loop}'s tasks. */
public final class Desk implements BootService {

    /**
     * @param allowSimpleDhcp whether plain DHCP and BOOTP clients are served that never booted over the network
     * @param authoritative whether a client on the wrong network is told so
     * @param exchangesInFlight how many messages may be worked on at once; more are {@link Reason#OVERLOADED}
     */
    public record Settings(boolean allowSimpleDhcp, boolean authoritative, int exchangesInFlight) {

        public static final int EXCHANGES_IN_FLIGHT = 10_000;

        public Settings {
            if (exchangesInFlight < 1) {
                throw new IllegalArgumentException("at least one exchange is in flight, not " + exchangesInFlight);
            }
        }

        /** An authoritative server with the usual bound. */
        public static Settings of(boolean allowSimpleDhcp) {
            return new Settings(allowSimpleDhcp, true, EXCHANGES_IN_FLIGHT);
        }
    }

    /** @param loop runs tasks on the thread that calls {@link #answer}; completions of the ports are moved on to it */
    public Desk(
            LeaseBook book,
            AccessControl access,
            BootPlanner planner,
            LeaseStore store,
            InstantSource clock,
            Executor loop,
            Settings settings) {}

    @Override
    public CompletionStage<Answer> answer(ClientMessage message) {
        return CompletableFuture.completedStage(new Answer.Silence(Reason.STOPPING, ""));
    }

    /** Takes no new messages; completes when those being worked on have their answer. */
    public CompletionStage<Void> stop() {
        return CompletableFuture.completedStage(null);
    }
}

package org.jbootd.persistence.postgres;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.exchange.Desk;
import org.jbootd.domain.exchange.Reason;
import org.jbootd.domain.exchange.SteadyClock;
import org.jbootd.domain.lease.AddressPool;
import org.jbootd.domain.lease.Allocation;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;

/** A desk with its thread, on a database that others share. */
final class ServingNode implements AutoCloseable {

    static final Duration LEASE_TIME = Duration.ofSeconds(3);

    private final Ipv4 address;
    private final PostgresLeaseStore store;
    private final ExecutorService loop = Executors.newSingleThreadExecutor();
    private final Desk desk;

    /** @param number its address is 10.0.0.NUMBER */
    ServingNode(int number, String url, int pool) {
        address = Ipv4.parse("10.0.0." + number);
        store = PostgresLeaseStore.open(Node.settings(url));
        SteadyClock clock = new SteadyClock(store::now, store.latest(), System::nanoTime, store::reached);
        Subnet subnet = Subnet.named("lan", new Ipv4Network(Ipv4.parse("10.0.0.0"), 24), address)
                .pool(new AddressPool(Ipv4.parse("10.0.0.100"), pool))
                .leaseTime(LEASE_TIME)
                .offerTimeout(Duration.ofSeconds(1))
                .declineTimeout(Duration.ofSeconds(1))
                .reclaimAfter(Optional.of(Duration.ZERO))
                .allocation(Allocation.HASHED)
                .build();
        desk = new Desk(
                new LeaseBook(List.of(subnet), store.load()),
                AccessControl.EVERYBODY,
                request -> BootPlan.NOTHING,
                store,
                clock,
                loop,
                Desk.Settings.of(true));
        store.follow(desk::learn);
    }

    Ipv4 address() {
        return address;
    }

    /** Waits for the answer; what does not come in half a minute is an error. */
    Answer ask(ClientMessage message) {
        CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> desk.answer(message), loop)
                .thenCompose(CompletionStage::toCompletableFuture);
        try {
            return answer.get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(message + " got no answer", e);
        }
    }

    static boolean isStoreTrouble(Answer answer) {
        return answer instanceof Answer.Silence silence
                && (silence.reason() == Reason.STORE_UNAVAILABLE || silence.reason() == Reason.OVERTAKEN);
    }

    void passTime() {
        loop.execute(desk::passTime);
    }

    /** Its thread stands still for a while; the rest of it does not. */
    void standStill(Duration time) {
        loop.execute(() -> {
            try {
                new Semaphore(0).tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Override
    public void close() {
        store.close();
        loop.shutdown();
    }
}

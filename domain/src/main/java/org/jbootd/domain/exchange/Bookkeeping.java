package org.jbootd.domain.exchange;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import org.jbootd.domain.lease.Cause;
import org.jbootd.domain.lease.Claim;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseFollower;
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.lease.LeaseWrite;
import org.jbootd.domain.lease.LostRace;
import org.jbootd.domain.lease.Occasion;
import org.jbootd.domain.lease.StoreUnavailable;

/**
 * Keeps lease book and store together: what the book begins goes to the store, and what becomes of that back to the book; so does
 * what other servers have stored. Confined to the thread that runs {@code loop}'s tasks.
 */
final class Bookkeeping {

    private final LeaseBook book;
    private final LeaseStore store;
    private final InstantSource clock;
    private final Executor loop;

    /** For each write under way, who waits to be decided after it. */
    private final Map<LeaseWrite, List<Waiter>> waiting = new HashMap<>();

    private record Waiter(Exchange exchange, Runnable decision) {}

    /** Leases that ran out and are being recorded. */
    private int expiring;

    Bookkeeping(LeaseBook book, LeaseStore store, InstantSource clock, Executor loop) {
        this.book = book;
        this.store = store;
        this.clock = clock;
        this.loop = loop;
    }

    /**
     * Takes a write to the store.
     *
     * @return completes on any thread; {@link #conclude} has to follow on {@code loop}
     */
    CompletionStage<Void> commit(LeaseWrite write, Occasion occasion) {
        waiting.put(write, new ArrayList<>());
        return commit(
                write.changes().stream().map(change -> change.by(occasion)).toList());
    }

    private CompletionStage<Void> commit(List<LeaseChange> changes) {
        try {
            return Objects.requireNonNull(store.commit(changes), "no stage");
        } catch (RuntimeException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    /**
     * An exchange cannot be decided before that write is settled or abandoned.
     *
     * @return those of its machine that it takes the place of, as that has asked for the same anew; they are not decided
     */
    List<Exchange> await(LeaseWrite write, Exchange exchange, Runnable decision) {
        List<Waiter> waiters = waiting.get(write);
        List<Exchange> outdated = waiters.stream()
                .map(Waiter::exchange)
                .filter(exchange::isAskedInPlaceOf)
                .toList();
        waiters.removeIf(waiter -> outdated.contains(waiter.exchange()));
        waiters.add(new Waiter(exchange, decision));
        return outdated;
    }

    /**
     * The write is on disk, or is not and never will be: the book is told so, then {@code answer} runs, then whatever waited.
     *
     * @param failure null when it is on disk
     */
    void conclude(LeaseWrite write, Throwable failure, Instant now, Runnable answer) {
        if (failure == null) {
            book.settle(write, now);
        } else {
            book.abandon(write, now);
        }
        answer.run();
        waiting.remove(write).forEach(waiter -> waiter.decision().run());
    }

    /** A write that nobody is answered by. */
    private CompletionStage<Void> record(LeaseWrite write, Occasion occasion) {
        return commit(write, occasion)
                .whenCompleteAsync((nothing, failure) -> conclude(write, failure, clock.instant(), () -> {}), loop);
    }

    /** Records of some leases that they have run out, unless that is being done. */
    void expire() {
        if (expiring > 0) {
            return;
        }
        List<LeaseWrite> writes = book.expire(clock.instant());
        expiring = writes.size();
        // what could not be stored is tried again
        writes.forEach(write -> record(write, Occasion.of(Cause.TIME)).whenComplete((nothing, failure) -> expiring--));
    }

    /** As {@link Desk#order}. */
    CompletionStage<Claim> order(BiFunction<LeaseBook, Instant, Claim> wish, Cause cause) {
        return isShared() ? catchUp().thenComposeAsync(nothing -> carryOut(wish, cause), loop) : carryOut(wish, cause);
    }

    private CompletionStage<Claim> carryOut(BiFunction<LeaseBook, Instant, Claim> wish, Cause cause) {
        Claim claim = wish.apply(book, clock.instant());
        return claim instanceof Claim.Granted granted
                ? record(granted.write(), Occasion.of(cause)).thenApply(nothing -> claim)
                : CompletableFuture.completedStage(claim);
    }

    /** In words, for those who read why nothing could be stored. */
    static String why(Throwable failure) {
        Throwable cause = Admission.unwrapped(failure);
        return cause instanceof StoreUnavailable || cause instanceof LostRace
                ? cause.getMessage()
                : String.valueOf(cause);
    }

    /** Whether other servers store too. */
    boolean isShared() {
        return store.isShared();
    }

    /** Completes once the book knows all that other servers have stored until now. */
    CompletionStage<Void> catchUp() {
        // what is told meanwhile may have to wait for a write of another machine's
        return commit(List.of()).thenComposeAsync(nothing -> book.learn(List.of(), clock.instant()), loop);
    }

    /** As {@link Desk#learn}. */
    CompletionStage<Void> learn(List<LeaseFollower.Standing> changed) {
        return CompletableFuture.supplyAsync(() -> book.learn(changed, clock.instant()), loop)
                .thenCompose(learned -> learned);
    }
}

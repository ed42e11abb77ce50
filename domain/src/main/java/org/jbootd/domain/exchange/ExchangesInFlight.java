package org.jbootd.domain.exchange;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.event.EventSink;
import org.jbootd.domain.event.MachineEvent;

/**
 * The messages that are being worked on, until each has its answer. Confined to the thread that runs {@code loop}'s tasks.
 */
final class ExchangesInFlight {

    private final Executor loop;
    private final EventSink events;
    private final Map<Transaction, Exchange> exchanges = new HashMap<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private boolean stopping;

    ExchangesInFlight(Executor loop, EventSink events) {
        this.loop = loop;
        this.events = events;
    }

    /** The exchange that a retransmission joins. */
    Optional<Exchange> of(Transaction transaction) {
        return Optional.ofNullable(exchanges.get(transaction));
    }

    int size() {
        return exchanges.size();
    }

    void add(Exchange exchange) {
        exchanges.put(exchange.transaction(), exchange);
    }

    /** An exchange begins again, as another that is to give the same answer. */
    void replace(Exchange former, Exchange next) {
        exchanges.replace(former.transaction(), former, next);
    }

    /** An exchange goes on once {@code stage} is complete. When it cannot, that is its answer. */
    <T> void goOn(Exchange exchange, CompletionStage<T> stage, BiConsumer<T, Throwable> next) {
        stage.handleAsync(
                        (value, failure) -> {
                            next.accept(value, failure);
                            return null;
                        },
                        loop)
                .exceptionally(failure -> {
                    finish(exchange, notCarriedOut(failure));
                    return null;
                });
    }

    /** A loop takes no more tasks once it has ended, and that it does at the end of a stop. */
    static Answer.Silence notCarriedOut(Throwable failure) {
        return Admission.unwrapped(failure) instanceof RejectedExecutionException
                ? new Answer.Silence(Reason.STOPPING, "")
                : new Answer.Silence(Reason.OVERLOADED, "not carried out: " + failure);
    }

    void finish(Exchange exchange, Answer answer) {
        exchanges.remove(exchange.transaction(), exchange);
        Optional<MachineEvent> event = event(exchange, answer);
        event.ifPresent(events::tell);
        exchange.answer().complete(answer);
        // behind the task that sends what is ready to be sent
        event.ifPresent(told -> loop.execute(() -> events.answered(told)));
        if (stopping && exchanges.isEmpty()) {
            stopped.complete(null);
        }
    }

    private static Optional<MachineEvent> event(Exchange exchange, Answer answer) {
        if (answer instanceof Answer.Ack ack) {
            return Optional.of(given(exchange, ack.terms()));
        }
        if (answer instanceof Answer.BootReply reply) {
            return Optional.of(given(exchange, reply.terms()));
        }
        boolean released = exchange.message() instanceof ClientMessage.Release
                && answer instanceof Answer.Silence silence
                && silence.reason() == Reason.DONE;
        return released
                ? Optional.of(new MachineEvent.Released(exchange.request(), exchange.address()))
                : Optional.empty();
    }

    private static MachineEvent given(Exchange exchange, Answer.Terms terms) {
        return new MachineEvent.Given(
                exchange.request(), terms.address(), exchange.verdict().bootFile());
    }

    /** No more are to be added from now on. Completes when none is left. */
    CompletionStage<Void> stop() {
        stopping = true;
        if (exchanges.isEmpty()) {
            stopped.complete(null);
        }
        return stopped;
    }

    boolean isStopping() {
        return stopping;
    }
}

package org.jbootd.udp.notify;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * The address that belongs to a listener's name. The name is looked up by another thread, and anew every now and then; while
 * that fails, the address that was found last stays. For one thread.
 */
final class Whereabouts {

    /** Looks up a name; may take as long as it likes. */
    @FunctionalInterface
    interface Resolver {
        InetAddress resolve(String host) throws UnknownHostException;
    }

    /** How long the first look-up is waited for. While it goes on, nothing waits for it again. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    /** An older address is looked up anew. */
    static final Duration FRESH = Duration.ofSeconds(30);

    private final ListenerAddress listener;
    private final Resolver resolver;
    private final Executor lookups;
    private final LongSupplier nanoTime;
    private Optional<InetAddress> known = Optional.empty();
    private long asOf;
    private Optional<CompletableFuture<InetAddress>> lookup = Optional.empty();

    Whereabouts(ListenerAddress listener, Resolver resolver, Executor lookups, LongSupplier nanoTime) {
        this.listener = listener;
        this.resolver = resolver;
        this.lookups = lookups;
        this.nanoTime = nanoTime;
    }

    /** @throws IOException when no address is known yet; the message says why */
    InetSocketAddress now() throws IOException, InterruptedException {
        if (lookup.isPresent()) {
            take(lookup.get(), Duration.ZERO);
        } else if (known.isEmpty() || nanoTime.getAsLong() - asOf >= FRESH.toNanos()) {
            lookup = Optional.of(begin());
            take(lookup.get(), known.isEmpty() ? PATIENCE : Duration.ZERO);
        }
        return new InetSocketAddress(known.orElseThrow(), listener.port());
    }

    private CompletableFuture<InetAddress> begin() {
        CompletableFuture<InetAddress> begun = new CompletableFuture<>();
        lookups.execute(() -> {
            try {
                begun.complete(resolver.resolve(listener.host()));
            } catch (UnknownHostException | RuntimeException e) {
                begun.completeExceptionally(e);
            }
        });
        return begun;
    }

    private void take(CompletableFuture<InetAddress> begun, Duration patience)
            throws IOException, InterruptedException {
        try {
            known = Optional.of(begun.get(patience.toMillis(), TimeUnit.MILLISECONDS));
            ended();
        } catch (TimeoutException e) {
            ifNothingIsKnown("the name is still being looked up", e);
        } catch (ExecutionException e) {
            ended();
            ifNothingIsKnown("the name cannot be looked up", e);
        }
    }

    private void ended() {
        lookup = Optional.empty();
        asOf = nanoTime.getAsLong();
    }

    private void ifNothingIsKnown(String why, Exception cause) throws IOException {
        if (known.isEmpty()) {
            throw new IOException(why, cause);
        }
    }
}

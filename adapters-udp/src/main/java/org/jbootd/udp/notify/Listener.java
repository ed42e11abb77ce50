package org.jbootd.udp.notify;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener: what waits to be sent to it, and the thread that sends it. Each listener has its own, so that none waits for
 * the name of another. Threads may share it.
 */
final class Listener {

    /** Notifications that wait, at most. */
    static final int WAITING = 4_096;

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.notify");
    private static final long IDLE_SECONDS = 30;

    /** The network's complaint about an earlier datagram takes the place of the one that is sent now. */
    private static final int ATTEMPTS = 3;

    private final Whereabouts whereabouts;
    private final NotificationCounters counters;
    private final Trouble sending;
    private final Trouble crowd;
    private final ThreadPoolExecutor courier;

    /** Connected to {@link #destination}, or null; these two are the courier's. */
    private DatagramChannel channel;

    private InetSocketAddress destination;

    Listener(ListenerAddress address, Whereabouts whereabouts, NotificationCounters counters, LongSupplier nanoTime) {
        this.whereabouts = whereabouts;
        this.counters = counters;
        this.sending = new Trouble(LOG, "notifications to " + address + " are lost", nanoTime);
        this.crowd = new Trouble(LOG, "notifications to " + address + " wait too long", nanoTime);
        this.courier = courier("notify-" + address);
    }

    private ThreadPoolExecutor courier(String name) {
        ThreadPoolExecutor one =
                new ThreadPoolExecutor(
                        1,
                        1,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(WAITING),
                        task -> daemon(task, name),
                        this::makeRoom) {
                    @Override
                    protected void terminated() {
                        disconnect();
                    }
                };
        one.allowCoreThreadTimeOut(true);
        return one;
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** The oldest goes: what is told last is what counts. */
    private void makeRoom(Runnable task, ThreadPoolExecutor full) {
        if (full.isShutdown()) {
            counters.countDropped(1);
            return;
        }
        if (full.getQueue().poll() != null) {
            counters.countDropped(1);
            crowd.occurred("more than " + WAITING + ", so the oldest are left out");
        }
        full.execute(task);
    }

    /** Looks up where it is, so that a name that nobody knows shows before the first notification is lost. */
    void look() {
        courier.execute(() -> {
            try {
                whereabouts.now();
            } catch (IOException | RuntimeException e) {
                sending.occurred(sentence(e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Never waits. */
    void tell(byte[] text) {
        courier.execute(() -> send(text));
    }

    private void send(byte[] text) {
        try {
            connect(whereabouts.now());
            transmit(text).ifPresentOrElse(this::failed, sending::absent);
            counters.countSent();
            crowd.absent();
        } catch (IOException | RuntimeException e) {
            failed(e);
            disconnect();
        } catch (InterruptedException e) {
            counters.countDropped(1);
            Thread.currentThread().interrupt();
        }
    }

    /**
     * @return what the network complained of before it took the datagram
     * @throws IOException when it did not take it
     */
    private Optional<IOException> transmit(byte[] text) throws IOException {
        Optional<IOException> complaint = Optional.empty();
        for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
            try {
                channel.write(ByteBuffer.wrap(text));
                return complaint;
            } catch (IOException e) {
                complaint = Optional.of(e);
            }
        }
        channel.write(ByteBuffer.wrap(text));
        return complaint;
    }

    private void failed(Exception cause) {
        counters.countFailed();
        sending.occurred(sentence(cause));
    }

    private static String sentence(Exception cause) {
        if (cause instanceof PortUnreachableException) {
            return "nobody listens there";
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    /** A connected socket hears what the network complains of; one that is not sends into the void. */
    private void connect(InetSocketAddress present) throws IOException {
        if (present.equals(destination)) {
            return;
        }
        disconnect();
        channel = DatagramChannel.open();
        channel.connect(present);
        destination = present;
    }

    private void disconnect() {
        destination = null;
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("a socket did not close", e);
            }
            channel = null;
        }
    }

    /** Sends what waits, and ends; does not wait for that. */
    void end() {
        courier.shutdown();
    }

    /** Waits for the end, at most {@code nanos}; what has not been sent by then never is. */
    void awaitEnd(long nanos) throws InterruptedException {
        if (!courier.awaitTermination(nanos, TimeUnit.NANOSECONDS)) {
            counters.countDropped(courier.shutdownNow().size());
        }
    }
}

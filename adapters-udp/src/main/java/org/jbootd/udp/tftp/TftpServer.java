package org.jbootd.udp.tftp;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jbootd.domain.history.History;
import org.jbootd.domain.transfer.Negotiation;
import org.jbootd.udp.BindFailure;
import org.jbootd.udp.EventLoops;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves files by TFTP, for reading only. Requests are taken on one socket; transfers share a fixed number of others.
 * Nothing blocks the event loops: files are opened on threads named {@code tftp-open}, and read on those named {@code
 * tftp-read}; the one named {@code tftp-timer} tells when a packet must be repeated. Started once, stopped once; the
 * methods may be called from any thread but an event loop's.
 */
public final class TftpServer {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.tftp");
    private static final int OPENERS = 8;
    private static final int READERS = 4;
    private static final long IDLE_SECONDS = 30;
    private static final long CLOSE_SECONDS = 2;
    private static final int RECEIVED_OCTETS = 2_048;
    private static final int SOCKET_OCTETS = 4 << 20;
    private static final long SMALLEST_SHELF = 512 << 10;

    private final TftpSettings settings;
    private final BootFiles files;
    private final EventLoops loops;
    private final EventLoop home;
    private final Admissions admissions;
    private final History history;
    private final Map<EventLoop, ChunkShelf> shelves = new ConcurrentHashMap<>();
    private ThreadPoolExecutor openers;
    private ThreadPoolExecutor readers;
    private ScheduledThreadPoolExecutor timer;
    private TransferPorts ports;
    private Channel listening;

    public TftpServer(TftpSettings settings, BootFiles files, EventLoops loops) {
        this(settings, files, loops, History.NONE);
    }

    /** @param history hears of every transfer, and of every file that could not be had */
    public TftpServer(TftpSettings settings, BootFiles files, EventLoops loops, History history) {
        this.history = history;
        this.settings = settings;
        this.files = files;
        this.loops = loops;
        this.home = loops.tftp().next();
        this.admissions = new Admissions(home, settings.limits());
    }

    /** @throws BindFailure when the address and port cannot be had */
    public synchronized void start() {
        TftpLimits limits = settings.limits();
        openers = threads("tftp-open", OPENERS, new LinkedBlockingQueue<>(limits.requestsWaiting()));
        // What waits here is bounded by the transfers: one job for each file being read or closed.
        readers = threads("tftp-read", READERS, new LinkedBlockingQueue<>());
        timer = timer();
        TftpLog log = new TftpLog(history);
        ports = new TransferPorts(loops, home, limits, this::shelf, Segmentation.where(loops.epoll()), log, timer);
        Negotiation negotiation = new Negotiation(
                settings.largestBlock(), limits.windowBlocks(), limits.windowOctets(), settings.timeout());
        listening = bind(new RequestListener(files, negotiation, admissions, ports, openers, log));
        LOG.info("TFTP on {}, UDP port {}", settings.address(), address().getPort());
    }

    private static ThreadPoolExecutor threads(String name, int count, BlockingQueue<Runnable> queue) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                count, count, IDLE_SECONDS, TimeUnit.SECONDS, queue, new DefaultThreadFactory(name, true));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static ScheduledThreadPoolExecutor timer() {
        // A transfer that outlives the server needs no alarm any more.
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
                1, new DefaultThreadFactory("tftp-timer", true), new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    private ChunkShelf shelf(EventLoop loop) {
        int loopCount = 0;
        for (Object ignored : loops.tftp()) {
            loopCount++;
        }
        long octets = Math.max(SMALLEST_SHELF, settings.limits().contentOctets() / loopCount);
        return shelves.computeIfAbsent(loop, newLoop -> new ChunkShelf(newLoop, readers, octets));
    }

    private Channel bind(RequestListener listener) {
        FixedRecvByteBufAllocator allocator = new FixedRecvByteBufAllocator(RECEIVED_OCTETS);
        Bootstrap bootstrap = new Bootstrap()
                .group(home)
                .channelFactory(loops.datagramChannels())
                .option(ChannelOption.RECVBUF_ALLOCATOR, allocator)
                .option(ChannelOption.SO_RCVBUF, SOCKET_OCTETS)
                .handler(listener);
        if (loops.epoll()) {
            bootstrap.option(EpollChannelOption.IP_RECVORIGDSTADDR, true);
        }
        String address = settings.address().toString();
        ChannelFuture bound = bootstrap.bind(address, settings.port()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            openers.shutdown();
            readers.shutdown();
            timer.shutdown();
            throw BindFailure.of(address, settings.port(), bound.cause());
        }
        return bound.channel();
    }

    /** Where requests are taken, once started. */
    public synchronized InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    /** Transfers in progress, including requests whose file is still being opened. */
    public int transfers() {
        return onHome(admissions::transfers);
    }

    /** Octets of files in memory now. */
    public long contentOctets() {
        return shelves.entrySet().stream()
                .mapToLong(shelf -> on(shelf.getKey(), shelf.getValue()::heldOctets))
                .sum();
    }

    private <T> T onHome(Callable<T> question) {
        return on(home, question);
    }

    private static <T> T on(EventLoop loop, Callable<T> question) {
        return loop.submit(question).syncUninterruptibly().getNow();
    }

    /**
     * Takes no more requests, lets transfers go on for {@code grace}, ends those that are left, and gives everything back.
     * Without {@link #start} it does nothing.
     */
    public synchronized void stop(Duration grace) {
        if (listening == null) {
            return;
        }
        listening.close().awaitUninterruptibly();
        CompletableFuture<Void> drained = onHome(admissions::close);
        if (!await(drained, grace)) {
            home.execute(admissions::stopAll);
            await(drained, Duration.ofSeconds(CLOSE_SECONDS));
        }
        openers.shutdown();
        finish(openers);
        home.submit(ports::close).awaitUninterruptibly();
        finish(readers);
        timer.shutdownNow();
        listening = null;
    }

    private static boolean await(CompletableFuture<Void> drained, Duration patience) {
        try {
            drained.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** A file that hangs must not keep the daemon from stopping. */
    private static void finish(ThreadPoolExecutor threads) {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}

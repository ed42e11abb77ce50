package org.jbootd.udp.tftp;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.jbootd.udp.EventLoops;

/**
 * The sockets of transfers: a ring of them for every local address that was asked, each opened when first needed, so that
 * answers come from the address that the request went to (RFC 1350 §4), and the number of sockets does not depend on the
 * number of transfers. Belongs to one event loop.
 */
final class TransferPorts {

    private static final WriteBufferWaterMark WAITING_OCTETS = new WriteBufferWaterMark(256 << 10, 512 << 10);

    /** The sockets of one local address. */
    private static final class Ring {
        private final List<CompletableFuture<TransferPort>> ports = new ArrayList<>();
        private int next;
    }

    private final EventLoops loops;
    private final EventLoop home;
    private final TftpLimits limits;
    private final Function<EventLoop, ChunkShelf> shelves;
    private final Segmentation segmentation;
    private final TftpLog log;
    private final ScheduledExecutorService timer;
    private final Map<InetAddress, Ring> rings = new HashMap<>();
    private final List<Channel> open = new ArrayList<>();

    TransferPorts(
            EventLoops loops,
            EventLoop home,
            TftpLimits limits,
            Function<EventLoop, ChunkShelf> shelves,
            Segmentation segmentation,
            TftpLog log,
            ScheduledExecutorService timer) {
        this.loops = loops;
        this.home = home;
        this.limits = limits;
        this.shelves = shelves;
        this.segmentation = segmentation;
        this.log = log;
        this.timer = timer;
    }

    /** @return completes on the loop of this object; exceptionally when there is no socket to be had */
    CompletionStage<TransferPort> next(InetAddress local) {
        Ring ring = rings.get(local);
        if (ring == null) {
            if (rings.size() >= limits.addresses()) {
                return CompletableFuture.failedStage(new IOException("too many local addresses are asked"));
            }
            ring = new Ring();
            rings.put(local, ring);
        }
        int turn = ring.next;
        ring.next = (turn + 1) % limits.portsPerAddress();
        if (turn == ring.ports.size()) {
            ring.ports.add(open(local));
        } else if (ring.ports.get(turn).isCompletedExceptionally()) {
            ring.ports.set(turn, open(local));
        }
        return ring.ports.get(turn);
    }

    private CompletableFuture<TransferPort> open(InetAddress local) {
        EventLoop loop = loops.tftp().next();
        TransferPort port = new TransferPort(shelves.apply(loop), segmentation, log, timer);
        CompletableFuture<TransferPort> opened = new CompletableFuture<>();
        new Bootstrap()
                .group(loop)
                .channelFactory(loops.datagramChannels())
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new ArrivalBuffers(TransferPort.RECEIVED_OCTETS, port.arrivals()))
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WAITING_OCTETS)
                .handler(port)
                .bind(local, 0)
                .addListener((ChannelFuture bound) -> home.execute(() -> {
                    if (bound.isSuccess()) {
                        open.add(bound.channel());
                        opened.complete(port);
                    } else {
                        opened.completeExceptionally(bound.cause());
                    }
                }));
        return opened;
    }

    /** Closes every socket. */
    void close() {
        open.forEach(Channel::close);
        open.clear();
        rings.clear();
    }
}

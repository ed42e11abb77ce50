package org.jbootd.udp;

import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The threads on which datagrams are received and answered: one makes every decision about addresses and reads every
 * DHCP socket, the others send files. All are daemon threads. Threads may share this object.
 */
public final class EventLoops implements AutoCloseable {

    private static final long CLOSE_SECONDS = 5;

    private final boolean epoll;
    private final EventLoopGroup decisions;
    private final EventLoopGroup tftp;

    /** @param tftpThreads at least 1 */
    public EventLoops(int tftpThreads) {
        this(tftpThreads, Epoll.isAvailable());
    }

    EventLoops(int tftpThreads, boolean epoll) {
        this.epoll = epoll;
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        this.decisions = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("decisions", true), io);
        this.tftp = new MultiThreadIoEventLoopGroup(tftpThreads, new DefaultThreadFactory("tftp", true), io);
    }

    /** The one thread that decides. Tasks run in the order in which they were handed over. */
    public ScheduledExecutorService decisions() {
        return decisionLoop();
    }

    /** The same thread, for the channels that are read on it. */
    public EventLoop decisionLoop() {
        return decisions.next();
    }

    /** The threads that transfer files. A channel stays on the thread it was registered with. */
    public EventLoopGroup tftp() {
        return tftp;
    }

    /** True on Linux: device binding, the datagram's destination and segmentation offload are there. */
    public boolean epoll() {
        return epoll;
    }

    /** Opens IPv4 datagram channels for these loops (IPv6 dual-stack ones cannot do all we need). */
    public ChannelFactory<DatagramChannel> datagramChannels() {
        return epoll
                ? () -> new EpollDatagramChannel(SocketProtocolFamily.INET)
                : () -> new NioDatagramChannel(SocketProtocolFamily.INET);
    }

    /** Ends the file threads, then the deciding one, each within {@value #CLOSE_SECONDS} seconds. Close the servers first. */
    @Override
    public void close() {
        close(tftp);
        close(decisions);
    }

    private static void close(EventLoopGroup loops) {
        loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}

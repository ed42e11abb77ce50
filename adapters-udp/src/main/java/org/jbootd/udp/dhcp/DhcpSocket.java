package org.jbootd.udp.dhcp;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.udp.BindFailure;
import org.jbootd.udp.EventLoops;
import org.jbootd.udp.LinkSender;
import org.jbootd.udp.SourcedSender;
import org.jbootd.udp.UdpFrame;

/** A socket of one served interface. All but opening and closing happens on the deciding thread. */
final class DhcpSocket extends SimpleChannelInboundHandler<DatagramPacket> implements DhcpResponder.Outlet {

    /** The largest UDP datagram there is. */
    private static final int LARGEST_DATAGRAM = 65_536;

    /** Requests that wait in the kernel while we are busy; it grants less unless {@code net.core.rmem_max} allows it. */
    private static final int RECEIVE_BUFFER = 16 << 20;

    /** Replies that wait for the network; beyond this they are dropped, and clients ask again. */
    private static final int SEND_QUEUE = 1 << 20;

    private static final Octets EVERYBODY = Octets.parseHex("ffffffffffff");

    private static final int SOL_SOCKET = 1;
    private static final int SO_BINDTODEVICE = 25;
    private static final int DEVICE_NAME_SIZE = 16;

    private final Wire wire;
    private final int port;
    private final DhcpSettings settings;
    private final DhcpResponder responder;
    private final Optional<LinkSender> link;
    private final Optional<SourcedSender> sourced;
    private final SendReport report;
    private DatagramChannel channel;
    private boolean flushing;

    /**
     * @param port its own
     * @param link for clients that have no address yet; without it they get broadcasts, and the kernel chooses the source
     * @param sourced for all others; without it the kernel chooses the source
     */
    DhcpSocket(
            Wire wire,
            int port,
            DhcpSettings settings,
            DhcpResponder responder,
            Optional<LinkSender> link,
            Optional<SourcedSender> sourced,
            SendReport report) {
        this.wire = wire;
        this.port = port;
        this.settings = settings;
        this.responder = responder;
        this.link = link;
        this.sourced = sourced;
        this.report = report;
    }

    /** @throws BindFailure when the port cannot be had on this interface */
    void open(EventLoops loops) {
        ChannelFuture bound = new Bootstrap()
                .group(loops.decisionLoop())
                .channelFactory(() -> configured(loops))
                .handler(this)
                .bind(port)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw BindFailure.of("0.0.0.0 (" + wire.served().device() + ")", port, bound.cause());
        }
        channel = (DatagramChannel) bound.channel();
    }

    boolean serves(ServedInterface served) {
        return wire.served().equals(served);
    }

    private DatagramChannel configured(EventLoops loops) {
        DatagramChannel opened = loops.datagramChannels().newChannel();
        try {
            opened.config()
                    .setBroadcast(true)
                    .setReceiveBufferSize(RECEIVE_BUFFER)
                    .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(LARGEST_DATAGRAM))
                    .setWriteBufferWaterMark(new WriteBufferWaterMark(SEND_QUEUE / 2, SEND_QUEUE));
            if (loops.epoll()) {
                opened.config().setOption(EpollChannelOption.IP_RECVORIGDSTADDR, true);
                // Sockets of different devices may share the port without SO_REUSEADDR, which would hide other servers.
                opened.config().setOption(bindToDevice(), deviceName());
            }
            return opened;
        } catch (RuntimeException e) {
            opened.unsafe().closeForcibly();
            throw e;
        }
    }

    private static ChannelOption<ByteBuffer> bindToDevice() {
        return new RawUnixChannelOption("SO_BINDTODEVICE", SOL_SOCKET, SO_BINDTODEVICE, DEVICE_NAME_SIZE);
    }

    private ByteBuffer deviceName() {
        ByteBuffer name = ByteBuffer.allocate(DEVICE_NAME_SIZE);
        name.put(wire.served().device().getBytes(StandardCharsets.US_ASCII)).rewind();
        return name;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
        ByteBuf content = packet.content();
        byte[] datagram = new byte[content.readableBytes()];
        content.readBytes(datagram);
        Ipv4 destination = address(packet.recipient());
        Arrival arrival = new Arrival(
                wire.served(),
                address(packet.sender()),
                packet.sender().getPort(),
                destination.isUnspecified() ? Ipv4.BROADCAST : destination,
                port);
        responder.receive(datagram, arrival, this);
    }

    private static Ipv4 address(InetSocketAddress socket) {
        return socket.getAddress() instanceof Inet4Address address ? Ipv4.of(address.getAddress()) : Ipv4.UNSPECIFIED;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        report.receiveFailed(wire, cause);
    }

    @Override
    public void send(Ipv4 own, ReplyRoute route, byte[] reply) {
        if (route instanceof ReplyRoute.Relay relay) {
            send(own, relay.giaddr(), settings.port(), reply);
        } else if (route instanceof ReplyRoute.Sender sender) {
            send(own, sender.source(), sender.port(), reply);
        } else if (route instanceof ReplyRoute.Client client) {
            send(own, client.ciaddr(), settings.replyPort(), reply);
        } else if (route instanceof ReplyRoute.NewClient client) {
            sendToNewClient(client, reply);
        } else if (route instanceof ReplyRoute.Broadcast) {
            broadcast(reply);
        } else {
            throw new AssertionError(route);
        }
    }

    /** As a frame of our own: of an interface's several addresses the kernel would take the first for its source. */
    private void broadcast(byte[] reply) {
        if (wire.isEthernet() && link.isPresent()) {
            sendFrame(link.get(), EVERYBODY, Ipv4.BROADCAST, reply);
        } else {
            send(Ipv4.BROADCAST, settings.replyPort(), reply);
        }
    }

    private void sendToNewClient(ReplyRoute.NewClient client, byte[] reply) {
        if (wire.isLoopback()) {
            send(client.yiaddr(), settings.replyPort(), reply);
        } else if (link.isEmpty() || !isEthernet(client.hardware())) {
            broadcast(reply);
        } else {
            sendFrame(link.get(), client.hardware().octets(), client.yiaddr(), reply);
        }
    }

    private void sendFrame(LinkSender sender, Octets mac, Ipv4 destination, byte[] reply) {
        byte[] packet = UdpFrame.of(wire.served().address(), port, destination, settings.replyPort(), reply);
        try {
            sender.send(wire.index(), mac, packet);
        } catch (IOException e) {
            report.sendFailed(wire, destination, e);
        }
    }

    private static boolean isEthernet(HardwareAddress hardware) {
        return hardware.type() == HardwareAddress.ETHERNET && hardware.octets().length() == 6;
    }

    /** Alone, when the source would not be {@code own} by itself; one that is no longer ours is the kernel's to choose again. */
    private void send(Ipv4 own, Ipv4 destination, int port, byte[] reply) {
        boolean needed = !wire.hasOneAddress() || !own.equals(wire.served().address());
        if (!needed || sourced.isEmpty() || !sentFrom(own, destination, port, reply)) {
            send(destination, port, reply);
        }
    }

    private boolean sentFrom(Ipv4 own, Ipv4 destination, int port, byte[] reply) {
        try {
            sourced.get().send(((UnixChannel) channel).fd().intValue(), own, destination, port, reply);
            return true;
        } catch (IOException ownIsGone) {
            return false;
        }
    }

    private void send(Ipv4 destination, int port, byte[] reply) {
        if (!channel.isWritable()) {
            flush();
        }
        if (!channel.isWritable()) {
            report.sendFailed(wire, destination, new IOException("the send queue is full"));
            return;
        }
        ByteBuf content = channel.alloc().directBuffer(reply.length).writeBytes(reply);
        channel.write(new DatagramPacket(content, new InetSocketAddress(inet(destination), port)))
                .addListener(sent -> {
                    if (!sent.isSuccess()) {
                        report.sendFailed(wire, destination, sent.cause());
                    }
                });
        flushSoon();
    }

    /** Replies that are ready together leave together: one system call for all of them. */
    private void flushSoon() {
        if (!flushing) {
            flushing = true;
            channel.eventLoop().execute(this::flush);
        }
    }

    private void flush() {
        flushing = false;
        channel.flush();
    }

    private static InetAddress inet(Ipv4 address) {
        try {
            return InetAddress.getByAddress(address.octets());
        } catch (UnknownHostException e) {
            throw new AssertionError("four octets are an address", e);
        }
    }

    void close() {
        if (channel != null) {
            channel.close().awaitUninterruptibly();
        }
    }
}

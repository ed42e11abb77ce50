package org.jbootd.udp.tftp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A second socket on the address and port of a {@link TransferPort}, connected to the client of one transfer. The kernel
 * then knows the way to that client and back and need not look it up for every packet, and no channel's pipeline and
 * queue stand in between: a tenth of the time of a block, where every block waits for its acknowledgement. What others
 * send to the port still arrives at the {@link TransferPort}. Belongs to that port's event loop.
 */
final class OwnLine implements EpollIoHandle {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.tftp");

    private static final int MOST_STRAY = 64;

    private static final class Ipv4Socket extends Socket {
        Ipv4Socket() {
            super(newSocketDgram0(SocketProtocolFamily.INET));
        }
    }

    private final Delivery delivery;
    private final Socket socket = new Ipv4Socket();
    private final ByteBuf arrival = UnpooledByteBufAllocator.DEFAULT.directBuffer(TransferPort.RECEIVED_OCTETS);
    private IoRegistration registration;

    private OwnLine(Delivery delivery) {
        this.delivery = delivery;
    }

    /**
     * Called on the event loop of {@code shared}, when {@code delivery} is the only transfer there and its client has
     * nothing to acknowledge: what arrives before the connection is made is dropped, since nobody knows from whom.
     *
     * @return empty where it cannot be had, which costs nothing but speed
     */
    static Optional<OwnLine> beside(Channel shared, Delivery delivery) {
        if (!(shared instanceof EpollDatagramChannel channel)) {
            return Optional.empty();
        }
        try {
            OwnLine line = new OwnLine(delivery);
            try {
                line.open(channel);
                return Optional.of(line);
            } catch (IOException | RuntimeException e) {
                line.close();
                throw e;
            }
        } catch (IOException | UncheckedIOException | ChannelException e) {
            LOG.debug("no socket of its own for {}: {}", delivery.client(), e.toString());
            return Optional.empty();
        }
    }

    private void open(EpollDatagramChannel shared) throws IOException {
        bindBeside(shared);
        socket.connect(delivery.client());
        dropStray();
        Future<IoRegistration> registered = ((IoEventLoop) shared.eventLoop()).register(this);
        if (!registered.isSuccess()) { // on its own thread the loop does it at once
            throw new IOException("not registered", registered.cause());
        }
        registration = registered.getNow();
        registration.submit(EpollIoOps.EPOLLIN);
    }

    /** Sockets may have a port in common when both allow it; they allow it only now, so that nobody else gets in. */
    private void bindBeside(EpollDatagramChannel shared) throws IOException {
        InetSocketAddress local = shared.localAddress();
        socket.setReuseAddress(true);
        shared.config().setReuseAddress(true);
        try {
            socket.bind(local);
        } finally {
            shared.config().setReuseAddress(false);
            socket.setReuseAddress(false);
        }
    }

    private void dropStray() throws IOException {
        for (int i = 0; i < MOST_STRAY && receive() != 0; i++) {}
    }

    /** Octets received into {@link #arrival}; 0 when there is no datagram, -1 for one without content. */
    private int receive() throws IOException {
        if (arrival.hasMemoryAddress()) {
            return socket.recvAddress(arrival.memoryAddress(), 0, arrival.capacity());
        }
        ByteBuffer memory = arrival.internalNioBuffer(0, arrival.capacity());
        return socket.recv(memory, memory.position(), memory.limit());
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    /** One datagram each time: the event loop has others to serve, and comes back. */
    @Override
    public void handle(IoRegistration source, IoEvent event) {
        try {
            int octets = receive();
            if (octets > 0) {
                delivery.received(arrival.setIndex(0, octets));
            }
        } catch (IOException e) {
            unreachable(e);
        }
    }

    /** Sends and releases {@code packet}. One that the network does not take is lost like any other. */
    void send(ByteBuf packet) {
        try {
            if (packet.hasMemoryAddress()) {
                socket.sendAddress(packet.memoryAddress(), packet.readerIndex(), packet.writerIndex());
            } else {
                ByteBuffer memory = packet.internalNioBuffer(packet.readerIndex(), packet.readableBytes());
                socket.send(memory, memory.position(), memory.limit());
            }
        } catch (IOException e) {
            unreachable(e);
        } finally {
            packet.release();
        }
    }

    /** The transfer will find out by itself. */
    private void unreachable(IOException e) {
        LOG.debug("{}: {}", delivery.client(), e.toString());
    }

    boolean serves(Delivery other) {
        return delivery == other;
    }

    @Override
    public void close() {
        if (!socket.isOpen()) {
            return;
        }
        if (registration != null) {
            registration.cancel();
        }
        arrival.release();
        try {
            socket.close();
        } catch (IOException e) {
            unreachable(e);
        }
    }
}

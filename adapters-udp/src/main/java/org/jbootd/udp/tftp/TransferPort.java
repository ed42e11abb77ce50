package org.jbootd.udp.tftp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jbootd.domain.transfer.TransferError;
import org.jbootd.domain.transfer.TransferOutcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the sockets that transfers use. It serves many at once and tells them apart by their client's address and port;
 * a new transfer gets another socket than the one before it, so that its transfer identifier is new (RFC 1350 §4). A
 * transfer that is alone here can have an {@link OwnLine} beside it, one at a time. Belongs to its channel's event loop.
 */
final class TransferPort extends SimpleChannelInboundHandler<DatagramPacket> {

    /** Of a datagram that a client sends in a transfer: an ACK, or an ERROR with its text. */
    static final int RECEIVED_OCTETS = 576;

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.tftp");
    private static final int REMEMBERED = 1_024;

    private final ChunkShelf shelf;
    private final Segmentation segmentation;
    private final TftpLog log;
    private final ScheduledExecutorService timer;
    private final LongObjectMap<Delivery> deliveries = new LongObjectHashMap<>();
    private final Map<Long, Boolean> ended = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };
    private final List<Delivery> waitingForRoom = new ArrayList<>();
    private final ReusedBuffer arrivals = new ReusedBuffer();
    private final ReusedBuffer departures = new ReusedBuffer();
    private Channel channel;
    private OwnLine ownLine;
    private boolean readingBatch;

    TransferPort(ChunkShelf shelf, Segmentation segmentation, TftpLog log, ScheduledExecutorService timer) {
        this.shelf = shelf;
        this.segmentation = segmentation;
        this.log = log;
        this.timer = timer;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    ChunkShelf shelf() {
        return shelf;
    }

    Segmentation segmentation() {
        return segmentation;
    }

    TftpLog log() {
        return log;
    }

    Channel channel() {
        return channel;
    }

    /**
     * Runs {@code task} on this port's event loop when {@code nanos} have passed. Not by the loop's own timer: while that
     * has something to wait for, the loop asks for the time several times for every packet.
     */
    Future<?> after(long nanos, Runnable task) {
        return timer.schedule(() -> execute(task), nanos, TimeUnit.NANOSECONDS);
    }

    /** Runs {@code task} on this port's event loop: at once when called there. */
    void execute(Runnable task) {
        if (channel.eventLoop().inEventLoop()) {
            task.run();
        } else {
            channel.eventLoop().execute(task);
        }
    }

    /**
     * False when this socket has a transfer with that client port already, and its client acknowledges. One that nobody
     * acknowledged gives way.
     */
    boolean add(Delivery delivery) {
        long key = key(delivery.client());
        Delivery present = deliveries.get(key);
        if (present != null && !present.isConfirmed()) {
            present.giveWay(TransferOutcome.CROWDED_OUT);
        }
        return deliveries.putIfAbsent(key, delivery) == null;
    }

    void remove(Delivery delivery) {
        long key = key(delivery.client());
        deliveries.remove(key);
        ended.put(key, Boolean.TRUE);
        if (ownLine != null && ownLine.serves(delivery)) {
            ownLine.close();
            ownLine = null;
        }
    }

    /** Null when {@code delivery} is not alone here, or it cannot be had. Closed by {@link #remove}. */
    OwnLine openOwnLine(Delivery delivery) {
        if (ownLine != null || deliveries.size() > 1) {
            return null;
        }
        ownLine = OwnLine.beside(channel, delivery).orElse(null);
        return ownLine;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
        readingBatch = true;
        Delivery delivery = deliveries.get(key(packet.sender()));
        if (delivery != null) {
            delivery.received(packet.content());
        } else {
            answerStranger(packet);
        }
    }

    /** RFC 1350 §4: a wrong transfer identifier earns an ERROR and disturbs nothing. Late ACKs are not wrong. */
    private void answerStranger(DatagramPacket packet) {
        ByteBuf content = packet.content();
        boolean isFailure =
                content.readableBytes() < 2 || content.getUnsignedShort(content.readerIndex()) == TftpPacket.ERROR;
        if (!isFailure && !ended.containsKey(key(packet.sender()))) {
            sendError(packet.sender(), TransferError.UNKNOWN_TRANSFER);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        readingBatch = false;
        context.flush();
    }

    /** The network takes packets again. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!channel.isWritable()) {
            return;
        }
        List<Delivery> resumed = List.copyOf(waitingForRoom);
        waitingForRoom.clear();
        resumed.forEach(Delivery::contentArrived);
    }

    /** What this port's channel is to receive into. */
    ReusedBuffer arrivals() {
        return arrivals;
    }

    /** Sends {@code packet}, which it releases, with the next {@link #flush}. */
    void write(ByteBuf packet, InetSocketAddress client) {
        channel.write(new DatagramPacket(packet, client), channel.voidPromise());
    }

    /** An empty buffer to send from. */
    ByteBuf buffer(int octets) {
        return departures.take(channel.alloc(), octets);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (ownLine != null) {
            ownLine.close();
        }
        arrivals.release();
        departures.release();
    }

    boolean hasRoom() {
        return channel.isWritable();
    }

    void waitForRoom(Delivery delivery) {
        waitingForRoom.add(delivery);
    }

    /** Sends what was written, together with what else the current batch of arrivals causes. */
    void flush() {
        if (!readingBatch) {
            channel.flush();
        }
    }

    void sendError(InetSocketAddress client, TransferError error) {
        byte[] octets = new TftpPacket.Failure(error.code(), error.text()).encode();
        write(buffer(octets.length).writeBytes(octets), client);
        flush();
    }

    /** A client that cannot be reached: its transfer will find out by itself. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("port {}: {}", channel.localAddress(), cause.toString());
    }

    private static long key(InetSocketAddress client) {
        byte[] octets = client.getAddress().getAddress();
        long address = 0;
        for (byte octet : octets) {
            address = address << 8 | octet & 0xff;
        }
        return address << 16 | client.getPort();
    }
}

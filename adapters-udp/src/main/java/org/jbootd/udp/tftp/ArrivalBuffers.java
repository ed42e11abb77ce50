package org.jbootd.udp.tftp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * Receives every datagram of a channel into the same buffer, and one datagram each time the channel is found readable: a
 * second attempt to read is a system call that nearly always finds nothing.
 */
final class ArrivalBuffers extends FixedRecvByteBufAllocator {

    private final int octets;
    private final ReusedBuffer buffer;

    /**
     * For one channel.
     *
     * @param octets of a datagram that are kept; what is longer is cut
     * @param buffer released by its owner when the channel is closed
     */
    ArrivalBuffers(int octets, ReusedBuffer buffer) {
        super(octets);
        this.octets = octets;
        this.buffer = buffer;
        maxMessagesPerRead(1);
    }

    @Override
    @SuppressWarnings("deprecation") // the type that the overridden method still has
    public RecvByteBufAllocator.Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return octets;
            }

            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return buffer.take(allocator, octets);
            }
        };
    }
}

package org.jbootd.udp.tftp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * A buffer that is used again as soon as nobody holds it any more, which between two packets of a transfer is always.
 * While somebody does, another one is allocated. Belongs to one event loop.
 */
final class ReusedBuffer {

    private ByteBuf buffer;

    /** An empty direct buffer for at least {@code octets}; whoever gets it releases it. */
    ByteBuf take(ByteBufAllocator allocator, int octets) {
        if (buffer == null || buffer.refCnt() > 1) {
            if (buffer != null) {
                return allocator.directBuffer(octets);
            }
            buffer = allocator.directBuffer(octets);
        } else if (buffer.capacity() < octets) {
            buffer.release();
            buffer = allocator.directBuffer(octets);
        }
        return buffer.clear().retain();
    }

    void release() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }
}

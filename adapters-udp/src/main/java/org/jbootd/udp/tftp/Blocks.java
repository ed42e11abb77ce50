package org.jbootd.udp.tftp;

import io.netty.buffer.ByteBuf;

/** A file cut into blocks, for one transfer. Belongs to one event loop. */
interface Blocks {

    /**
     * Appends the content of a block: one at or before {@link #lastBlock}, not before the last one acknowledged, and not
     * after the first one that was never written.
     *
     * @return false, with nothing appended, when it is not in memory
     */
    boolean write(long block, ByteBuf into);

    /** Has the content of {@code block} read; {@code reader} hears when it is there. */
    void fetch(long block, Chunk.Reader reader);

    /** The number of the last block, or {@link org.jbootd.domain.transfer.ReadTransfer#END_UNKNOWN}. */
    long lastBlock();
}

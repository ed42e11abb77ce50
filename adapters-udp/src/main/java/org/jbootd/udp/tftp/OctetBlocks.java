package org.jbootd.udp.tftp;

import io.netty.buffer.ByteBuf;
import org.jbootd.domain.transfer.ReadTransfer;

/** A file as it is. */
final class OctetBlocks implements Blocks {

    private final SharedFile file;
    private final int blockSize;
    private final long lastBlock;

    OctetBlocks(SharedFile file, int blockSize) {
        this.file = file;
        this.blockSize = blockSize;
        this.lastBlock = ReadTransfer.lastBlock(file.size(), blockSize);
    }

    @Override
    public boolean write(long block, ByteBuf into) {
        long position = position(block);
        int length = (int) Math.min(blockSize, file.size() - position);
        if (length == 0) {
            return true;
        }
        Chunk chunk = file.at(position);
        if (chunk == null) {
            return false;
        }
        into.writeBytes(chunk.octets, chunk.offset(position), length);
        file.readAhead(position);
        return true;
    }

    private long position(long block) {
        return (block - 1) * blockSize;
    }

    @Override
    public void fetch(long block, Chunk.Reader reader) {
        file.fetch(position(block), reader);
    }

    @Override
    public long lastBlock() {
        return lastBlock;
    }
}

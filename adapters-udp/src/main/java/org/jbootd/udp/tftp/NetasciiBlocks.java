package org.jbootd.udp.tftp;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jbootd.domain.transfer.Netascii;
import org.jbootd.domain.transfer.ReadTransfer;

/**
 * A text file, its line ends converted on the way. Nothing converted is kept: what is remembered is where each block of
 * the current window begins in the file, so that it can be converted again.
 */
final class NetasciiBlocks implements Blocks {

    private final SharedFile file;
    private final int blockSize;

    /** Twice the position in the file at which a block begins, plus one if it begins between two octets of a line end. */
    private final long[] beginnings;

    private long lastBlock = ReadTransfer.END_UNKNOWN;

    NetasciiBlocks(SharedFile file, int blockSize, int windowSize) {
        this.file = file;
        this.blockSize = blockSize;
        this.beginnings = new long[windowSize + 2];
    }

    @Override
    public boolean write(long block, ByteBuf into) {
        long beginning = beginnings[slot(block)];
        long position = beginning >> 1;
        if (position == file.size()) {
            lastBlock = block;
            return true;
        }
        Chunk chunk = file.at(position);
        if (chunk == null) {
            return false;
        }
        convert(block, chunk, position, (beginning & 1) != 0, into);
        file.readAhead(position);
        return true;
    }

    private void convert(long block, Chunk chunk, long position, boolean halfSent, ByteBuf into) {
        int offset = chunk.offset(position);
        ByteBuffer source = chunk.octets.nioBuffer(offset, Math.min(blockSize, chunk.length - offset));
        into.ensureWritable(blockSize);
        ByteBuffer converted = into.nioBuffer(into.writerIndex(), blockSize);
        boolean half = Netascii.encode(source, halfSent, converted);
        into.writerIndex(into.writerIndex() + converted.position());
        // The piece holds a block's worth beyond any position, so only the end of the file leaves a block short.
        if (converted.hasRemaining()) {
            lastBlock = block;
        } else {
            int used = source.position();
            beginnings[slot(block + 1)] = position + used << 1 | (half ? 1 : 0);
        }
    }

    private int slot(long block) {
        return (int) (block % beginnings.length);
    }

    @Override
    public void fetch(long block, Chunk.Reader reader) {
        file.fetch(beginnings[slot(block)] >> 1, reader);
    }

    @Override
    public long lastBlock() {
        return lastBlock;
    }
}

package org.jbootd.udp.tftp;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** A piece of a file in memory, or on its way there. Belongs to one event loop. */
final class Chunk {

    /** Waits for a piece of a file. Called on the event loop. */
    interface Reader {

        void contentArrived();

        void contentFailed(Throwable cause);
    }

    final SharedFile file;
    final long index;

    /** Where in the file it begins. */
    final long start;

    final int length;
    final List<Reader> waiting = new ArrayList<>(1);

    /** Null until the read has begun. */
    ByteBuf octets;

    boolean loaded;

    /** Neighbours in the order of use. */
    Chunk older;

    Chunk newer;

    Chunk(SharedFile file, long index, long start, int length) {
        this.file = file;
        this.index = index;
        this.start = start;
        this.length = length;
    }

    /** Where in {@link #octets} a position of the file is. */
    int offset(long position) {
        return (int) (position - start);
    }
}

package org.jbootd.domain.files;

import java.io.IOException;
import java.nio.ByteBuffer;

/** One version of a file, open for reading. Reads may come from any thread, one at a time. */
public interface OpenFile extends AutoCloseable {

    /** Octets in the file, fixed when it was opened. */
    long size();

    /** Where it was read from, for the log. */
    String origin();

    /**
     * Two open files with equal versions hold the same octets, so one of them can be closed and the other serve both.
     * Without a better answer an open file equals only itself.
     */
    default Object version() {
        return this;
    }

    /**
     * Fills {@code into} from {@code position}, completely unless the file ends first.
     *
     * @throws IOException when reading fails, or the file is shorter than it was when opened
     */
    void read(long position, ByteBuffer into) throws IOException;

    @Override
    void close();
}

package org.jbootd.domain.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

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
     * Completes when the octets before {@code end} are on this machine, or it is certain that they will not come: then
     * {@link #read} does not wait for a network. May complete on any thread, and never fails.
     */
    default CompletionStage<Void> ready(long end) {
        return CompletableFuture.completedStage(null);
    }

    /**
     * Fills {@code into} from {@code position}, completely unless the file ends first. Waits for what is not
     * {@link #ready}.
     *
     * @throws IOException when reading fails, or the file is shorter than it was when opened
     */
    void read(long position, ByteBuffer into) throws IOException;

    @Override
    void close();
}

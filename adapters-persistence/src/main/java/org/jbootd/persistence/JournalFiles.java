package org.jbootd.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The file operations the journal stands on: one flat directory. Nothing is durable before {@link Output#force} and
 * {@link #syncDirectory}; the tests' disk forgets what was not.
 */
interface JournalFiles {

    List<String> names() throws IOException;

    long size(String name) throws IOException;

    /** The first {@code length} octets of a file, or all of it when it is shorter. */
    ByteBuffer read(String name, int length) throws IOException;

    /** The whole file. */
    default ByteBuffer read(String name) throws IOException {
        return read(name, Math.toIntExact(size(name)));
    }

    /**
     * What a file is, whatever it is called: equal as long as a name stands for the same one.
     *
     * @return empty when that cannot be told
     */
    default Optional<Object> identity(String name) throws IOException {
        return Optional.empty();
    }

    /** A new, empty file; one of the same name is replaced. */
    Output create(String name) throws IOException;

    /** Atomic; replaces {@code to}. */
    void rename(String from, String to) throws IOException;

    void delete(String name) throws IOException;

    /** Makes creations, renamings and deletions durable. */
    void syncDirectory() throws IOException;

    /** A file being written. */
    interface Output extends Closeable {

        /** Writes all that remains in {@code octets}. */
        void write(long position, ByteBuffer octets) throws IOException;

        /** Gives back what stands behind {@code length}. */
        void truncate(long length) throws IOException;

        /** Returns once what was written is on disk. */
        void force() throws IOException;
    }
}

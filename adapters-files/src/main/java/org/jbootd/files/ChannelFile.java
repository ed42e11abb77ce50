package org.jbootd.files;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jbootd.domain.files.OpenFile;

/** A file held open by its descriptor: a newer one renamed over it does not touch it. */
final class ChannelFile implements OpenFile {

    private final FileChannel channel;
    private final Path origin;
    private final long size;
    private final Object version;

    private ChannelFile(FileChannel channel, Path origin, long size, Object version) {
        this.channel = channel;
        this.origin = origin;
        this.size = size;
        this.version = version;
    }

    /**
     * Owns {@code channel} from now on, and closes it when this fails.
     *
     * @param before of the file of this name, read before the channel was opened
     * @param after the same, read since: only if nothing changed meanwhile are they this channel's
     */
    static ChannelFile of(FileChannel channel, Path origin, BasicFileAttributes before, BasicFileAttributes after)
            throws IOException {
        try {
            long size = channel.size();
            Version first = Version.of(before);
            boolean known = first.file != null && first.equals(Version.of(after)) && first.size == size;
            return new ChannelFile(channel, origin, size, known ? first : channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** The same file, not written to in between. */
    private record Version(Object file, FileTime written, long size) {

        static Version of(BasicFileAttributes attributes) {
            return new Version(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
        }
    }

    @Override
    public Object version() {
        return version;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public String origin() {
        return origin.toString();
    }

    @Override
    public void read(long position, ByteBuffer into) throws IOException {
        long left = Math.max(0, size - position);
        int limit = into.limit();
        into.limit((int) Math.min(limit, into.position() + left));
        try {
            fill(position, into);
        } finally {
            into.limit(limit);
        }
    }

    private void fill(long position, ByteBuffer into) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int count = channel.read(into, at);
            if (count < 0) {
                throw new EOFException(origin + " had " + size + " octets when it was opened, and now ends at " + at);
            }
            at += count;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // nothing was written, so nothing can be lost: there is nobody to tell
        }
    }
}

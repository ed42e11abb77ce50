package org.jbootd.files.remote;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * The file on this machine's disk that a copy is in, open, with or without a name. Content may be read by any thread; all else
 * is for one thread at a time.
 */
final class CopyFile {

    private static final int PIECE_OCTETS = 64 << 10;

    private final FileChannel channel;
    private final Optional<Object> key;
    private Optional<Path> name;
    private boolean kept;

    /**
     * @param name which it loses when it is given up; empty when it has none, or it is not ours to delete
     * @param key tells it apart from others that have had its name
     * @param kept whether its name is for good
     */
    CopyFile(FileChannel channel, Optional<Path> name, Optional<Object> key, boolean kept) {
        this.channel = channel;
        this.name = name;
        this.key = key;
        this.kept = kept;
    }

    /** What the file system knows a file by. @throws IOException when there is no file of that name */
    static Object keyOf(Path name) throws IOException {
        return Files.readAttributes(name, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    Optional<Object> key() {
        return key;
    }

    Optional<Path> name() {
        return name;
    }

    long write(ByteBuffer octets, long position) throws IOException {
        long at = position;
        while (octets.hasRemaining()) {
            at += channel.write(octets, at);
        }
        return at;
    }

    /** Fills {@code into}. */
    void read(ByteBuffer into, long position) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int count = channel.read(into, at);
            if (count < 0) {
                throw new EOFException("the copy on this disk ends at " + at);
            }
            at += count;
        }
    }

    /** Of the first {@code length} octets. */
    Sha256 sha256(long length) throws IOException {
        MessageDigest digest = Sha256.digest();
        ByteBuffer piece = ByteBuffer.allocate(PIECE_OCTETS);
        for (long at = 0; at < length; at += piece.limit()) {
            piece.clear().limit((int) Math.min(PIECE_OCTETS, length - at));
            read(piece, at);
            digest.update(piece.flip());
        }
        return Sha256.of(digest);
    }

    void force() throws IOException {
        channel.force(true);
    }

    void renamed(Path to) {
        name = Optional.of(to);
        kept = true;
    }

    /** Tells other processes that it is in use still. */
    void touch(long millis) {
        if (kept && name.isPresent()) {
            try {
                Files.setLastModifiedTime(name.get(), FileTime.fromMillis(millis));
            } catch (IOException e) {
                // it made room for others of another process: it is used without a name
            }
        }
    }

    /** Nobody will find it again. */
    void deleteName() {
        try {
            if (name.isPresent() && keyOf(name.get()).equals(key.orElse(null))) {
                Files.deleteIfExists(name.get());
            }
        } catch (IOException e) {
            // another process deleted it
        }
    }

    /** Nobody will read it again, neither this process nor the next. */
    void discard() {
        deleteName();
        release();
    }

    /** This process does not read it again; the next may, if it is kept. */
    void close() {
        if (kept) {
            release();
        } else {
            discard();
        }
    }

    private void release() {
        try {
            channel.close();
        } catch (IOException e) {
            // nobody reads it any more
        }
    }
}

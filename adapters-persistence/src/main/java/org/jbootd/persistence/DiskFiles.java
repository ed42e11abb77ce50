package org.jbootd.persistence;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** {@link JournalFiles} in a directory of this machine. */
final class DiskFiles implements JournalFiles {

    private static final Set<StandardOpenOption> NEW =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);

    private final Path directory;

    DiskFiles(Path directory) {
        this.directory = directory;
    }

    @Override
    public List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public long size(String name) throws IOException {
        return Files.size(directory.resolve(name));
    }

    @Override
    public ByteBuffer read(String name, int length) throws IOException {
        if (Files.isDirectory(directory.resolve(name))) {
            throw new DamagedFile("it is a directory");
        }
        try (FileChannel channel = FileChannel.open(directory.resolve(name), StandardOpenOption.READ)) {
            ByteBuffer octets = ByteBuffer.allocate((int) Math.min(length, channel.size()));
            while (octets.hasRemaining()) {
                if (channel.read(octets) < 0) {
                    throw new EOFException(name + " became shorter while it was read");
                }
            }
            return octets.flip();
        }
    }

    @Override
    public Optional<Object> identity(String name) throws IOException {
        return Optional.ofNullable(Files.readAttributes(directory.resolve(name), BasicFileAttributes.class)
                .fileKey());
    }

    @Override
    public Output create(String name) throws IOException {
        Path file = directory.resolve(name);
        return new DiskOutput(FileChannel.open(file, NEW, Permissions.forFile(file)));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(
                directory.resolve(from),
                directory.resolve(to),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void syncDirectory() throws IOException {
        sync(directory);
    }

    /** Writes a file of one line, in the place of one that is there: whole and on disk, or not at all. */
    static void save(Path directory, String name, String line) throws IOException {
        DiskFiles files = new DiskFiles(directory);
        String unfinished = JournalNames.unfinished(name);
        try (Output output = files.create(unfinished)) {
            output.write(0, StandardCharsets.UTF_8.encode(line + "\n"));
            output.force();
        }
        files.rename(unfinished, name);
        files.syncDirectory();
    }

    /** Makes what a file holds, or what a directory names, durable. */
    static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private record DiskOutput(FileChannel channel) implements Output {

        @Override
        public void write(long position, ByteBuffer octets) throws IOException {
            long at = position;
            while (octets.hasRemaining()) {
                at += channel.write(octets, at);
            }
        }

        @Override
        public void truncate(long length) throws IOException {
            channel.truncate(length);
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}

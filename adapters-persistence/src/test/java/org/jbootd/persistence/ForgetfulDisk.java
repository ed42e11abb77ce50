package org.jbootd.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A disk whose power can fail before any operation. What was not forced is then there, or not, or in part and out of order,
 * sector by sector; of the names that were not synced the first few are. It follows from the random numbers it is given.
 * One thread at a time.
 */
final class ForgetfulDisk implements JournalFiles {

    /** What the computer notices of a power cut: nothing works any more. */
    static final class PowerCut extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final int SECTOR = 512;

    /** Long writes are torn into fewer pieces, to save time. */
    private static final int MOST_PIECES = 64;

    private record Write(int position, byte[] octets) {}

    private static final class Content {
        private byte[] durable = new byte[0];
        private byte[] present = new byte[0];
        private final List<Write> unforced = new ArrayList<>();
    }

    private final Random random;
    private Map<String, Content> names = new TreeMap<>();
    private final List<Map<String, Content>> unsyncedNames = new ArrayList<>();
    private Map<String, Content> durableNames = new TreeMap<>();
    private long operationsUntilCut = Long.MAX_VALUE;
    private int failingOperations;

    ForgetfulDisk(Random random) {
        this.random = random;
    }

    /** The power fails instead of the operation after {@code operations} more. */
    void cutPowerAfter(long operations) {
        operationsUntilCut = operations;
    }

    /**
     * So many operations that write fail, from now on. A force that fails forgets what it should have kept, though it may still be
     * read, as with Linux, until the power fails.
     */
    void failOperations(int count) {
        failingOperations = count;
    }

    /** The power is back. */
    void restorePower() {
        List<Map<String, Content>> possible = new ArrayList<>(List.of(durableNames));
        possible.addAll(unsyncedNames);
        names = new TreeMap<>(possible.get(random.nextInt(possible.size())));
        durableNames = new TreeMap<>(names);
        unsyncedNames.clear();
        double chance = random.nextInt(3) / 2.0;
        names.values().forEach(content -> forget(content, chance));
        operationsUntilCut = Long.MAX_VALUE;
        failingOperations = 0;
    }

    /** @param chance that a piece of what was not forced is there all the same */
    private void forget(Content content, double chance) {
        for (Write write : content.unforced) {
            int piece = Math.max(SECTOR, write.octets().length / MOST_PIECES);
            for (int at = 0; at < write.octets().length; at += piece) {
                if (random.nextDouble() < chance) {
                    int length = Math.min(write.octets().length - at, piece);
                    content.durable = put(content.durable, write, at, length);
                }
            }
        }
        content.present = content.durable.clone();
        content.unforced.clear();
    }

    /** Changes {@code file}, or returns a longer one. */
    private static byte[] put(byte[] file, Write write, int from, int length) {
        int end = write.position() + from + length;
        byte[] changed = file.length < end ? Arrays.copyOf(file, end) : file;
        System.arraycopy(write.octets(), from, changed, write.position() + from, length);
        return changed;
    }

    private void operate() throws IOException {
        if (operationsUntilCut <= 0) {
            throw new PowerCut();
        }
        operationsUntilCut--;
        if (failingOperations > 0) {
            failingOperations--;
            throw new IOException("No space left on device");
        }
    }

    private Content content(String name) throws IOException {
        Content content = names.get(name);
        if (content == null) {
            throw new NoSuchFileException(name);
        }
        return content;
    }

    private void named() {
        unsyncedNames.add(new TreeMap<>(names));
    }

    @Override
    public List<String> names() {
        return List.copyOf(names.keySet());
    }

    @Override
    public long size(String name) throws IOException {
        return content(name).present.length;
    }

    @Override
    public ByteBuffer read(String name, int length) throws IOException {
        byte[] present = content(name).present;
        return ByteBuffer.wrap(Arrays.copyOf(present, Math.min(length, present.length)));
    }

    @Override
    public Output create(String name) throws IOException {
        operate();
        Content content = new Content();
        names.put(name, content);
        named();
        return new ContentOutput(content);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        operate();
        Content content = content(from);
        names.remove(from);
        names.put(to, content);
        named();
    }

    @Override
    public void delete(String name) throws IOException {
        operate();
        names.remove(name);
        named();
    }

    @Override
    public void syncDirectory() throws IOException {
        operate();
        durableNames = new TreeMap<>(names);
        unsyncedNames.clear();
    }

    private final class ContentOutput implements Output {

        private final Content content;

        ContentOutput(Content content) {
            this.content = content;
        }

        @Override
        public void write(long position, ByteBuffer octets) throws IOException {
            operate();
            byte[] copy = new byte[octets.remaining()];
            octets.get(copy);
            Write write = new Write(Math.toIntExact(position), copy);
            content.unforced.add(write);
            content.present = put(content.present, write, 0, copy.length);
        }

        @Override
        public void truncate(long length) throws IOException {
            operate();
            content.present = Arrays.copyOf(content.present, Math.toIntExact(length));
        }

        @Override
        public void force() throws IOException {
            try {
                operate();
            } catch (IOException e) {
                byte[] seen = content.present;
                forget(content, random.nextInt(3) / 2.0);
                content.present = random.nextBoolean() ? seen : content.present;
                throw new IOException("Input/output error", e);
            }
            if (content.present.length < content.durable.length) {
                content.durable = content.present.clone(); // it was truncated
            }
            for (Write write : content.unforced) {
                content.durable = put(content.durable, write, 0, write.octets().length);
            }
            content.unforced.clear();
        }

        @Override
        public void close() {}
    }
}

package org.jbootd.files.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What stands behind the content of a copy that is kept: six lines of text, their CRC-32C, and how many octets they are. It
 * is written last, so that a file without it is not whole.
 *
 * @param url of the file
 * @param length of the content, in octets
 * @param sha256 of the content
 */
record CopyLabel(String url, Validator validator, long length, Sha256 sha256) {

    /** The longest that is written or read, in octets. */
    static final int MOST_OCTETS = 16 << 10;

    private static final String TITLE = "jbootd copy 1";
    private static final int LINES = 6;
    private static final int END_OCTETS = 2 * Integer.BYTES;

    ByteBuffer encode() throws IOException {
        byte[] text = String.join(
                        "\n",
                        TITLE,
                        url,
                        validator.etag(),
                        validator.lastModified(),
                        Long.toString(length),
                        sha256.hex())
                .getBytes(UTF_8);
        if (text.length + END_OCTETS > MOST_OCTETS) {
            throw new IOException("its name and version are " + text.length + " octets long");
        }
        return ByteBuffer.allocate(text.length + END_OCTETS)
                .put(text)
                .putInt(checksum(text))
                .putInt(text.length)
                .flip();
    }

    private static int checksum(byte[] text) {
        CRC32C crc = new CRC32C();
        crc.update(text);
        return (int) crc.getValue();
    }

    /** Empty when the file does not end with a label that fits it. */
    static Optional<CopyLabel> read(FileChannel file) throws IOException {
        long size = file.size();
        if (size < END_OCTETS) {
            return Optional.empty();
        }
        ByteBuffer end = read(file, size - END_OCTETS, END_OCTETS);
        int checksum = end.getInt();
        int length = end.getInt();
        long start = size - END_OCTETS - length;
        if (length < 0 || length > MOST_OCTETS - END_OCTETS || start < 0) {
            return Optional.empty();
        }
        byte[] text = read(file, start, length).array();
        return checksum == checksum(text)
                ? parse(new String(text, UTF_8)).filter(label -> label.length == start)
                : Optional.empty();
    }

    private static ByteBuffer read(FileChannel file, long position, int octets) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(octets);
        while (into.hasRemaining()) {
            if (file.read(into, position + into.position()) < 0) {
                throw new EOFException("it became shorter");
            }
        }
        return into.flip();
    }

    private static Optional<CopyLabel> parse(String text) {
        List<String> lines = List.of(text.split("\n", -1));
        if (lines.size() != LINES || !lines.get(0).equals(TITLE)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new CopyLabel(
                    lines.get(1),
                    new Validator(lines.get(2), lines.get(3)),
                    Long.parseLong(lines.get(4)),
                    new Sha256(lines.get(5))));
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
    }
}

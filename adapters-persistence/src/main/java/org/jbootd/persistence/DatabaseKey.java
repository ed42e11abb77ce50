package org.jbootd.persistence;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The password of the database's owner, in a file of the data directory: whoever asks by SQL over the network must not be able
 * to be the owner.
 */
final class DatabaseKey {

    static final String FILE = "leases.key";

    /** Of databases that were made before there was a key. */
    static final String NONE = "";

    private static final int OCTETS = 24;

    private DatabaseKey() {}

    /** The key of a directory, made when there is none. */
    static String of(Path directory) throws IOException {
        if (!Files.exists(directory.resolve(FILE))) {
            write(directory);
        }
        return find(directory).orElseThrow();
    }

    /** @return empty when there is none @throws DamagedFile when there is nothing in it */
    static Optional<String> find(Path directory) throws IOException {
        if (!Files.exists(directory.resolve(FILE))) {
            return Optional.empty();
        }
        if (isEmpty(directory)) {
            throw new DamagedFile(FILE + " is empty");
        }
        return Optional.of(read(directory));
    }

    /** Whether there is a file with nothing in it. */
    static boolean isEmpty(Path directory) throws IOException {
        return Files.exists(directory.resolve(FILE)) && read(directory).isEmpty();
    }

    private static String read(Path directory) throws IOException {
        return Files.readString(directory.resolve(FILE), StandardCharsets.ISO_8859_1)
                .strip();
    }

    private static void write(Path directory) throws IOException {
        byte[] random = new byte[OCTETS];
        new SecureRandom().nextBytes(random);
        DiskFiles.save(directory, FILE, HexFormat.of().formatHex(random));
    }
}

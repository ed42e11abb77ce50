package org.jbootd.persistence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

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
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            write(directory);
        }
        String key = Files.readString(file).strip();
        if (key.isEmpty()) {
            throw new IOException(FILE + " is empty: restore it from a backup of the data directory");
        }
        return key;
    }

    private static void write(Path directory) throws IOException {
        byte[] random = new byte[OCTETS];
        new SecureRandom().nextBytes(random);
        DiskFiles.save(directory, FILE, HexFormat.of().formatHex(random));
    }
}

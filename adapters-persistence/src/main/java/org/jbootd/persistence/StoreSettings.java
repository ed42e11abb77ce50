package org.jbootd.persistence;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where leases are kept.
 *
 * @param directory the data directory, all to ourselves; made when missing
 */
public record StoreSettings(Path directory) {

    public StoreSettings {
        Objects.requireNonNull(directory, "directory");
    }

    public static StoreSettings in(Path directory) {
        return new StoreSettings(directory);
    }
}

package org.jbootd.persistence;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where leases are kept, and how.
 *
 * @param directory the data directory, all to ourselves; made when missing
 * @param repair true only when the operator asked for it: what is damaged is moved aside within the directory, what is
 *     whole is kept, and the log says what is gone. Otherwise damage is refused with {@link StoreRefused}
 */
public record StoreSettings(Path directory, boolean repair) {

    public StoreSettings {
        Objects.requireNonNull(directory, "directory");
    }

    public static StoreSettings in(Path directory) {
        return new StoreSettings(directory, false);
    }
}

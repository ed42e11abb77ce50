package org.jbootd.persistence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jbootd.domain.lease.Lease;

/**
 * The leases that are stored in a data directory, read without a lock and without a change to it, whether a daemon runs on it
 * or not.
 *
 * @param latest server time of the last change
 */
public record StoredLeases(List<Lease> leases, Instant latest) {

    /** A daemon may cut the journal while it is read; that it does so three times in a row is unlikely. */
    private static final int ATTEMPTS = 3;

    /**
     * Reads what the journal adds up to; a directory that is not there holds none.
     *
     * @throws StoreRefused when it cannot be read
     */
    public static StoredLeases read(Path directory) {
        Path journal = directory.resolve("journal");
        if (!Files.isDirectory(journal)) {
            return new StoredLeases(List.of(), Instant.EPOCH);
        }
        for (int attempt = 1; ; attempt++) {
            try {
                LeaseTable table = Recovery.of(new DiskFiles(journal)).table();
                return new StoredLeases(table.leases(), table.latest());
            } catch (NoSuchFileException | JournalDamaged e) {
                if (attempt == ATTEMPTS) {
                    throw unreadable(journal, e);
                }
            } catch (IOException e) {
                throw unreadable(journal, e);
            }
        }
    }

    private static StoreRefused unreadable(Path journal, IOException cause) {
        return new StoreRefused(
                "the lease journal in " + journal + " cannot be read: " + DataDirectory.reason(cause), cause);
    }
}

package org.jbootd.persistence.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jbootd.persistence.DataDirectory;
import org.jbootd.persistence.StoreRefused;
import org.jbootd.persistence.Trouble;

/**
 * How far this host has seen the ledger, in a file of its data directory: a node that is started anew knows by that whether the
 * database went back in time meanwhile. The file follows about a second behind. One thread at a time keeps it.
 */
final class Watermark {

    static final String FILE = "ledger-seen";

    private static final int LONGEST = 200;

    private final DataDirectory directory;
    private final Trouble trouble = new Trouble(FILE);
    private Optional<Mark> kept;

    /** @throws StoreRefused when what was written before cannot be read */
    Watermark(DataDirectory directory) {
        this.directory = directory;
        this.kept = read(directory.path());
    }

    /**
     * What was kept in a directory, be it in use or not; empty when nothing was.
     *
     * @throws StoreRefused when it cannot be read
     */
    static Optional<Mark> read(Path directory) {
        Path file = file(directory);
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            if (Files.size(file) > LONGEST) {
                throw new IllegalArgumentException("it is too long");
            }
            return Optional.of(Mark.parse(Files.readString(file)));
        } catch (IOException e) {
            throw new StoreRefused(file + " cannot be read: " + DataDirectory.reason(e), e);
        } catch (IllegalArgumentException e) {
            throw new StoreRefused(
                    file + " does not say how far this host has seen the leases: " + e.getMessage()
                            + "; delete it, if the database is the newest there is",
                    e);
        }
    }

    static Path file(Path directory) {
        return directory.resolve(FILE);
    }

    /** Writes {@code mark}, if that is another one. What cannot be written is tried again at the next call. */
    void keep(Mark mark) {
        if (kept.equals(Optional.of(mark))) {
            return;
        }
        try {
            directory.save(FILE, mark.toString());
            kept = Optional.of(mark);
            trouble.ended();
        } catch (IOException e) {
            trouble.began(e);
        }
    }
}

package org.jbootd.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import org.jbootd.persistence.Permissions;

/** Which configuration file is meant. */
final class ConfigurationFile {

    /** Tried in this order without {@code -c}. */
    static final List<Path> STANDARD =
            List.of(Path.of("jbootd.ini"), Path.of("pybootd.ini"), Path.of("/etc/jbootd/jbootd.ini"));

    private ConfigurationFile() {}

    /** @throws Missing when the file named is none, or none of the standard ones is there */
    static Path find(Optional<Path> named) throws Missing {
        if (named.isEmpty()) {
            return STANDARD.stream()
                    .filter(Files::isRegularFile)
                    .findFirst()
                    .orElseThrow(() -> new Missing("there is no configuration file: none of jbootd.ini, pybootd.ini and"
                            + " /etc/jbootd/jbootd.ini is here; name one with -c FILE"));
        }
        Path file = named.get();
        boolean regular;
        try {
            regular = Files.readAttributes(file, BasicFileAttributes.class).isRegularFile();
        } catch (NoSuchFileException none) {
            throw new Missing("there is no configuration file '" + file + "'");
        } catch (IOException unknown) {
            return file; // reading it fails, too, and says why
        }
        if (!regular) {
            throw new Missing("'" + file + "' is not a file");
        }
        return file;
    }

    /** What others may write could make this daemon read, write and send whatever they like. */
    static void refuseOthers(Path file) throws IOException {
        Optional<Path> open = Permissions.openToOthers(file);
        if (open.isPresent()) {
            throw new IOException("others than its owner may write " + open.get() + ": chmod go-w " + open.get());
        }
    }

    /** No configuration file; the message is one line for the operator. */
    static final class Missing extends IOException {

        private static final long serialVersionUID = 1L;

        Missing(String message) {
            super(message);
        }
    }
}

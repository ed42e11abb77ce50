package org.jbootd.app.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;

/** A password, in the configuration or in a file of its own. No message shows it. */
final class Passwords {

    private static final int LONGEST = 1000;

    private Passwords() {}

    /** @param key of the password; with {@code _file} behind it, of a file with the password in its first line */
    static Optional<String> from(Section section, String key, Path base) {
        String fileKey = key + "_file";
        Optional<String> written = section.optional(key, text -> text);
        Optional<String> read = section.optional(fileKey, text -> read(base.resolve(text), section, fileKey));
        if (section.has(key) && section.has(fileKey)) {
            section.mistake(fileKey, key + " is there, too; write one of the two");
        }
        return written.or(() -> read);
    }

    private static String read(Path file, Section section, String key) {
        try {
            if (Files.size(file) > LONGEST) {
                throw new IllegalArgumentException("'" + file + "' is too long for a password");
            }
            warnOfReaders(file, section, key);
            return Files.readString(file)
                    .lines()
                    .findFirst()
                    .filter(line -> !line.isEmpty())
                    .orElseThrow(() ->
                            new IllegalArgumentException("there is no password in the first line of '" + file + "'"));
        } catch (IOException e) {
            throw new IllegalArgumentException("'" + file + "' cannot be read by this user");
        }
    }

    private static void warnOfReaders(Path file, Section section, String key) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view != null && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ)) {
            section.warning(key, "everybody on this host can read '" + file + "': chmod o-r");
        }
    }
}

package org.jbootd.app.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jbootd.persistence.postgres.PostgresSettings;

/** How a database is reached, in {@code [leases]}. No message shows the URL or a password. */
final class DatabaseSettings {

    private static final Pattern URL =
            Pattern.compile(Pattern.quote(PostgresSettings.PREFIX) + "//[^/?#@\\s]+/[^/?#@\\s]+(\\?[^\\s#]*)?");

    private static final Pattern SECRET = Pattern.compile("[?&](user|password|passfile|sslpassword)=");

    private static final int LONGEST_PASSWORD = 1000;

    private DatabaseSettings() {}

    /** @return empty when a mistake was found */
    static Optional<PostgresSettings> from(Section leases, String url, Path base) {
        Optional<String> checked = leases.optional("url", DatabaseSettings::url);
        Optional<String> user = leases.optional("user", text -> text);
        Optional<String> written = leases.optional("password", text -> text);
        Optional<String> read = leases.optional("password_file", text -> password(base.resolve(text), leases));
        if (leases.has("password") && leases.has("password_file")) {
            leases.mistake("password_file", "password is there, too; write one of the two");
        }
        return checked.map(text -> new PostgresSettings(text, user, written.or(() -> read)));
    }

    private static String url(String text) {
        if (SECRET.matcher(text.toLowerCase(Locale.ROOT)).find() || text.contains("@")) {
            throw new IllegalArgumentException(
                    "user and password are keys of their own: user, and password or password_file");
        }
        if (!URL.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "is not of the form " + PostgresSettings.PREFIX + "//HOST[:PORT]/DATABASE");
        }
        return text;
    }

    private static String password(Path file, Section leases) {
        try {
            if (Files.size(file) > LONGEST_PASSWORD) {
                throw new IllegalArgumentException("'" + file + "' is too long for a password");
            }
            warnOfReaders(file, leases);
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

    private static void warnOfReaders(Path file, Section leases) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view != null && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ)) {
            leases.warning("password_file", "everybody on this host can read '" + file + "': chmod o-r");
        }
    }
}

package org.jbootd.app.settings;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jbootd.persistence.postgres.PostgresSettings;

/** How a database is reached, in {@code [leases]}. No message shows the URL or a password. */
final class DatabaseSettings {

    private static final Pattern URL =
            Pattern.compile(Pattern.quote(PostgresSettings.PREFIX) + "//[^/?#@\\s]+/[^/?#@\\s]+(\\?[^\\s#]*)?");

    private static final Pattern SECRET = Pattern.compile("[?&](user|password|passfile|sslpassword)=");

    private DatabaseSettings() {}

    /** @return empty when a mistake was found */
    static Optional<PostgresSettings> from(Section leases, String url, Path base) {
        Optional<String> checked = leases.optional("url", DatabaseSettings::url);
        Optional<String> user = leases.optional("user", text -> text);
        Optional<String> password = Passwords.from(leases, "password", base);
        return checked.map(text -> new PostgresSettings(text, user, password));
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
        return new PostgresSettings(text, Optional.empty(), Optional.empty()).url(); // as far as the driver can read it
    }
}

package org.jbootd.http;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import okhttp3.HttpUrl;

/** User and password, which a URL of the configuration may hold ({@code http://user:password@server}) and no message may. */
public final class Credentials {

    private static final String SCHEME = "(?:[A-Za-z][A-Za-z0-9+.-]*:/+|/+)?";

    private Credentials() {}

    /** The header {@code Authorization} (RFC 7617), where {@code url} holds a user or a password. */
    public static Optional<String> header(HttpUrl url) {
        return url.username().isEmpty() && url.password().isEmpty()
                ? Optional.empty()
                : Optional.of(okhttp3.Credentials.basic(url.username(), url.password(), StandardCharsets.UTF_8));
    }

    /** What a message may show of {@code url}: without them, and without query and fragment, where servers put such things, too. */
    public static HttpUrl place(HttpUrl url) {
        return url.newBuilder()
                .username("")
                .password("")
                .query(null)
                .fragment(null)
                .build();
    }

    /** What a message may show of {@code text}, which was meant to be a URL and need not be one: all but what is before its last '@'. */
    public static String hidden(String text) {
        return text.replaceAll("^(" + SCHEME + ").*@", "$1…@");
    }

    /**
     * Refuses a text whose user or password ends somewhere else than its writer meant: {@code http://jo:1/2@server} is port 1 of the
     * server {@code jo}.
     *
     * @param url what {@code text} was read as
     * @throws IllegalArgumentException when {@code text} has an '@' in it that is none behind a user
     */
    public static void requireRead(String text, HttpUrl url) {
        if (text.contains("@") && header(url).isEmpty()) {
            throw new IllegalArgumentException("'" + hidden(text)
                    + "' has an '@' behind a '/', '?' or '#': in a user or password write them as %2F, %3F and %23,"
                    + " and an '@' that belongs to a path as %40");
        }
    }
}

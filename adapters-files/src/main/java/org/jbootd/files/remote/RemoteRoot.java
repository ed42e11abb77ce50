package org.jbootd.files.remote;

import java.util.Optional;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import org.jbootd.domain.files.RequestedPath;

/**
 * The URL that names of files are appended to.
 *
 * @param url ends with a slash
 */
public record RemoteRoot(HttpUrl url) {

    /** Whether {@code text} means a URL, right or wrong, and no directory. */
    public static boolean looksLikeOne(String text) {
        return text.matches("[A-Za-z][A-Za-z0-9+.-]+:.*");
    }

    /**
     * @param text may hold {@code user:password@}
     * @throws IllegalArgumentException when this is no URL that files can be below
     */
    public static RemoteRoot of(String text) {
        // HttpUrl forgives a missing host by taking the path for one
        HttpUrl url = text.matches("(?i)https?://[^/].*") ? HttpUrl.parse(text.replaceAll("/+$", "") + "/") : null;
        if (url == null) {
            throw new IllegalArgumentException(
                    "'" + hidden(text) + "' is no URL of files: write http://server/path or https://server/path");
        }
        if (url.query() != null || url.fragment() != null) {
            throw new IllegalArgumentException(
                    "'" + hidden(text)
                            + "': the names of files are appended to the path, so that '?' and '#' make no sense; leave them out");
        }
        return new RemoteRoot(url);
    }

    private static String hidden(String text) {
        return text.replaceAll("//.*@", "//…@");
    }

    /** Whatever is in the names of {@code path}, this is a URL below the root: each name is one segment, escaped. */
    HttpUrl file(RequestedPath path) {
        HttpUrl.Builder file = url.newBuilder();
        path.segments().forEach(file::addPathSegment);
        return file.build();
    }

    /** Whether {@code other} is of this root's scheme, host and port. */
    boolean isOrigin(HttpUrl other) {
        return other.scheme().equals(url.scheme()) && other.host().equals(url.host()) && other.port() == url.port();
    }

    /** Whom to be for the server: the header {@code Authorization}. */
    Optional<String> credentials() {
        return url.username().isEmpty() && url.password().isEmpty()
                ? Optional.empty()
                : Optional.of(Credentials.basic(url.username(), url.password()));
    }

    public boolean isSecure() {
        return url.isHttps();
    }

    /** Without user and password, for the log. */
    static String shown(HttpUrl url) {
        return url.newBuilder().username("").password("").build().toString();
    }

    /** Without user and password, for the log. */
    @Override
    public String toString() {
        return shown(url);
    }
}

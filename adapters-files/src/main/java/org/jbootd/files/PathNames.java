package org.jbootd.files;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jbootd.domain.files.RequestedPath;

/**
 * Paths of text whose octets on disk are its UTF-8, whatever the locale this process was started in. ({@link Path#of}
 * encodes by the locale, and refuses every name beyond ASCII in the C locale that service managers start with.)
 */
final class PathNames {

    /** The limit of Linux's file systems. */
    private static final int MAX_NAME_OCTETS = 255;

    private static final Path TOP = Path.of("/");

    private PathNames() {}

    /**
     * The relative path of {@code requested}.
     *
     * @throws NoSuchFileException when a name in it is longer than any on disk
     */
    static Path of(RequestedPath requested) throws NoSuchFileException {
        for (String name : requested.segments()) {
            if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_OCTETS) {
                throw new NoSuchFileException(name, null, "longer than a name on disk can be");
            }
        }
        return TOP.relativize(absolute("/" + requested));
    }

    /** @param path starts with a slash */
    static Path absolute(String path) {
        StringBuilder uri = new StringBuilder("file://");
        for (byte octet : path.getBytes(StandardCharsets.UTF_8)) {
            if (octet == '/') {
                uri.append('/');
            } else {
                uri.append(String.format("%%%02x", octet & 0xff));
            }
        }
        return Path.of(URI.create(uri.toString()));
    }
}

package org.jbootd.files.remote;

import java.util.List;
import java.util.Optional;
import org.jbootd.domain.files.NamePattern;
import org.jbootd.domain.files.RequestedPath;

/**
 * {@code [sha256]}: what the content of files has to be.
 *
 * @param entries the first one whose pattern matches decides
 */
public record Checksums(List<Entry> entries) {

    /** None is asked for. */
    public static final Checksums NONE = new Checksums(List.of());

    /** One line: files below the root whose names are of that pattern have this content, or are not served. */
    public record Entry(NamePattern pattern, Sha256 sha256) {}

    public Checksums {
        entries = List.copyOf(entries);
    }

    /** Empty when any content will do. @param name below the root */
    Optional<Sha256> of(RequestedPath name) {
        return entries.stream()
                .filter(entry -> entry.pattern().matches(name))
                .map(Entry::sha256)
                .findFirst();
    }
}

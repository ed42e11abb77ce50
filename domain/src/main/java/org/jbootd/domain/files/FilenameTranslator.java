package org.jbootd.domain.files;

import java.util.List;
import java.util.Optional;

/** {@code [filters]}: the first one whose pattern matches decides, and it decides once; a name no filter matches means itself. */
public final class FilenameTranslator {

    private final List<Filter> filters;

    /** @param filters in the order they are tried */
    public FilenameTranslator(List<Filter> filters) {
        this.filters = List.copyOf(filters);
    }

    /** The one that decides about a name; empty when the name means itself. */
    public Optional<Filter> filterFor(RequestedPath requested) {
        return filters.stream()
                .filter(filter -> filter.pattern().matches(requested))
                .findFirst();
    }

    /**
     * Empty when the filter makes a name of it that is never served.
     *
     * @param filename what {@code {filename}} stands for: {@code requested} itself, unless access control named another
     */
    public Optional<Translation> translate(RequestedPath requested, RequestedPath filename) {
        return filterFor(requested)
                .map(filter -> filter.target().translate(filename))
                .orElseGet(() -> Optional.of(new Translation.Serve(new FileTarget.UnderRoot(requested))));
    }
}

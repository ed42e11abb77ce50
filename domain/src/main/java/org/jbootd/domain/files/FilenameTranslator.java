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

    /**
     * Empty when the filter makes a name of it that is never served.
     *
     * @param filename what {@code {filename}} stands for: {@code requested} itself, unless access control named another
     */
    public Optional<Translation> translate(RequestedPath requested, RequestedPath filename) {
        for (Filter filter : filters) {
            if (filter.pattern().matches(requested)) {
                return filter.target().translate(filename);
            }
        }
        return Optional.of(new Translation.Serve(new FileTarget.UnderRoot(requested)));
    }
}

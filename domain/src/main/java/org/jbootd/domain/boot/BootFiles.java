package org.jbootd.domain.boot;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.client.Request;

/** Boot files by the client's architecture, as {@code [bootfile]} lists them. */
public final class BootFiles implements BootPlanner {

    private final Map<ClientArchitecture, String> byArchitecture;
    private final Optional<String> fallback;
    private final Optional<String> bootLoader;
    private final Function<String, Optional<Long>> sizes;

    /**
     * @param byArchitecture file names, or http(s) URLs for HTTP firmware
     * @param fallback {@code default}: for an architecture that is not listed, and for clients that name none
     * @param bootLoader {@code ipxe}: what a boot loader is told to load
     * @param sizes a file's size in bytes when it is known without waiting
     */
    public BootFiles(
            Map<ClientArchitecture, String> byArchitecture,
            Optional<String> fallback,
            Optional<String> bootLoader,
            Function<String, Optional<Long>> sizes) {
        this.byArchitecture = Map.copyOf(byArchitecture);
        this.fallback = fallback;
        this.bootLoader = bootLoader;
        this.sizes = sizes;
    }

    @Override
    public BootPlan plan(Request request) {
        return bootFile(request)
                .map(name -> new BootPlan(Optional.of(name), sizes.apply(name)))
                .orElse(BootPlan.NOTHING);
    }

    private Optional<String> bootFile(Request request) {
        return switch (request.stage()) {
            case FIRMWARE -> listed(request, name -> !isUrl(name)).or(() -> fallback);
            case HTTP_FIRMWARE -> listed(request, BootFiles::isUrl);
            case BOOT_LOADER ->
                bootLoader.or(() -> listed(request, name -> true)).or(() -> fallback);
            case OPERATING_SYSTEM -> fallback;
        };
    }

    /** The file of the first of the client's architectures that has one which will do. */
    private Optional<String> listed(Request request, Predicate<String> willDo) {
        return request.architectures().stream()
                .map(byArchitecture::get)
                .filter(Objects::nonNull)
                .filter(willDo)
                .findFirst();
    }

    private static boolean isUrl(String name) {
        return name.regionMatches(true, 0, "http://", 0, 7) || name.regionMatches(true, 0, "https://", 0, 8);
    }
}

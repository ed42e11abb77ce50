package org.jbootd.domain.boot;

import java.util.Map;
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

    /** @param reason the key of {@code [bootfile]} that names it */
    public record Choice(String file, String reason) {}

    @Override
    public BootPlan plan(Request request) {
        return choose(request)
                .map(choice -> new BootPlan(Optional.of(choice.file()), sizes.apply(choice.file())))
                .orElse(BootPlan.NOTHING);
    }

    /** What a machine is told to load, and by which key; empty when it is told nothing. */
    public Optional<Choice> choose(Request request) {
        return switch (request.stage()) {
            case FIRMWARE -> listed(request, name -> !isUrl(name)).or(this::standard);
            case HTTP_FIRMWARE -> listed(request, BootFiles::isUrl);
            case BOOT_LOADER ->
                bootLoader
                        .map(file -> new Choice(file, "ipxe"))
                        .or(() -> listed(request, name -> true))
                        .or(this::standard);
            case OPERATING_SYSTEM -> standard();
        };
    }

    private Optional<Choice> standard() {
        return fallback.map(file -> new Choice(file, "default"));
    }

    /** The file of the first of the client's architectures that has one which will do. */
    private Optional<Choice> listed(Request request, Predicate<String> willDo) {
        return request.architectures().stream()
                .filter(architecture -> Optional.ofNullable(byArchitecture.get(architecture))
                        .filter(willDo)
                        .isPresent())
                .map(architecture ->
                        new Choice(byArchitecture.get(architecture), "architecture " + architecture.code()))
                .findFirst();
    }

    /** Whether a machine fetches it by HTTP, and not by TFTP. */
    public static boolean isUrl(String name) {
        return name.regionMatches(true, 0, "http://", 0, 7) || name.regionMatches(true, 0, "https://", 0, 8);
    }
}

package org.jbootd.domain.boot;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.client.Host;
import org.jbootd.domain.client.Hosts;
import org.jbootd.domain.client.Request;

/** Boot files by the client's architecture, as {@code [bootfile]} lists them. */
public final class BootFiles implements BootPlanner {

    private final Map<ClientArchitecture, String> byArchitecture;
    private final Optional<String> fallback;
    private final Map<String, String> bySubnet;
    private final Hosts hosts;
    private final Optional<String> bootLoader;
    private final Function<String, Optional<Long>> sizes;

    /**
     * @param byArchitecture file names, or http(s) URLs for HTTP firmware
     * @param fallback {@code default}: for an architecture that is not listed, and for clients that name none
     * @param bySubnet what takes the place of {@code fallback} in the subnets of these names
     * @param hosts single machines, and what they load and are told
     * @param bootLoader {@code ipxe}: what a boot loader is told to load
     * @param sizes a file's size in bytes when it is known without waiting
     */
    public BootFiles(
            Map<ClientArchitecture, String> byArchitecture,
            Optional<String> fallback,
            Map<String, String> bySubnet,
            Hosts hosts,
            Optional<String> bootLoader,
            Function<String, Optional<Long>> sizes) {
        this.byArchitecture = Map.copyOf(byArchitecture);
        this.fallback = fallback;
        this.bySubnet = Map.copyOf(bySubnet);
        this.hosts = hosts;
        this.bootLoader = bootLoader;
        this.sizes = sizes;
    }

    /** @param reason the key that names it, with its section */
    public record Choice(String file, String reason) {}

    @Override
    public BootPlan plan(Request request) {
        Optional<String> file = choose(request).map(Choice::file);
        Optional<Host> host = hosts.find(request.client());
        return new BootPlan(
                file,
                file.flatMap(sizes),
                host.flatMap(Host::hostName),
                host.map(Host::options).orElse(Map.of()));
    }

    /** What a machine is told to load, and by which key; empty when it is told nothing. */
    public Optional<Choice> choose(Request request) {
        return switch (request.stage()) {
            case FIRMWARE -> own(request, name -> !isUrl(name)).or(() -> ofItsKind(request, name -> !isUrl(name)));
            case HTTP_FIRMWARE -> own(request, BootFiles::isUrl).or(() -> listed(request, BootFiles::isUrl));
            case BOOT_LOADER ->
                bootLoader
                        .map(file -> new Choice(file, "[bootfile] ipxe"))
                        .or(() -> own(request, name -> true))
                        .or(() -> ofItsKind(request, name -> true));
            case OPERATING_SYSTEM -> own(request, name -> true).or(() -> standard(request));
        };
    }

    private Optional<Choice> own(Request request, Predicate<String> willDo) {
        return hosts.find(request.client())
                .flatMap(host -> host.bootFile()
                        .filter(willDo)
                        .map(file -> new Choice(file, "[host " + host.name() + "] boot_file")));
    }

    private Optional<Choice> ofItsKind(Request request, Predicate<String> willDo) {
        return listed(request, willDo).or(() -> standard(request));
    }

    private Optional<Choice> standard(Request request) {
        return Optional.ofNullable(bySubnet.get(request.subnet()))
                .map(file -> new Choice(file, "[subnet " + request.subnet() + "] boot_file"))
                .or(() -> fallback.map(file -> new Choice(file, "[bootfile] default")));
    }

    /** The file of the first of the client's architectures that has one which will do. */
    private Optional<Choice> listed(Request request, Predicate<String> willDo) {
        return request.architectures().stream()
                .filter(architecture -> Optional.ofNullable(byArchitecture.get(architecture))
                        .filter(willDo)
                        .isPresent())
                .map(architecture ->
                        new Choice(byArchitecture.get(architecture), "[bootfile] architecture " + architecture.code()))
                .findFirst();
    }

    /** Whether a machine fetches it by HTTP, and not by TFTP. */
    public static boolean isUrl(String name) {
        return name.regionMatches(true, 0, "http://", 0, 7) || name.regionMatches(true, 0, "https://", 0, 8);
    }
}

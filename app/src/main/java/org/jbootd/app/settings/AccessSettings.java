package org.jbootd.app.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jbootd.acl.HttpAccess;
import org.jbootd.app.access.ForeignAccess;
import org.jbootd.domain.access.MacList;
import org.jbootd.domain.access.UuidList;
import org.jbootd.domain.client.UuidOrder;
import org.jbootd.domain.net.HardwareAddress;

/**
 * {@code [bootp] access} and {@code shadow}, and the sections that they name.
 *
 * @param backends in the order in which they are asked; empty when everybody is served
 * @param shadow asked in the same way, and not obeyed; empty when nobody is
 */
public record AccessSettings(List<Backend> backends, List<Backend> shadow) {

    public static final AccessSettings EVERYBODY = new AccessSettings(List.of(), List.of());

    private static final String MAC = "mac";
    private static final String UUID = "uuid";
    private static final String HTTP = "http";
    private static final List<String> NAMES = List.of(MAC, UUID, HTTP);

    /** What decides about machines. */
    public sealed interface Backend {

        /** Of the section that it stands in. */
        String name();
    }

    public record Macs(List<MacList.Entry> entries) implements Backend {
        @Override
        public String name() {
            return MAC;
        }
    }

    public record Uuids(List<UuidList.Entry> entries) implements Backend {
        @Override
        public String name() {
            return UUID;
        }
    }

    /** The machines of {@code [static_dhcp]} and {@code [host NAME]}, whom the lists in front of it may deny. */
    public record Reserved(Set<HardwareAddress> hosts) implements Backend {
        @Override
        public String name() {
            return "static_dhcp";
        }
    }

    public record Http(HttpAccess.Settings settings) implements Backend {
        @Override
        public String name() {
            return HTTP;
        }
    }

    /** From a jar. */
    public record Foreign(ForeignAccess.Settings settings) implements Backend {
        @Override
        public String name() {
            return settings.name();
        }
    }

    public AccessSettings {
        backends = List.copyOf(backends);
        shadow = List.copyOf(shadow);
    }

    /** Who is asked, for the operator. */
    public String inWords() {
        return (backends.isEmpty() ? "everybody" : inWords(backends))
                + (shadow.isEmpty() ? "" : "; compared with " + inWords(shadow));
    }

    private static String inWords(List<Backend> backends) {
        return backends.stream().map(AccessSettings::inWords).collect(Collectors.joining(", then "));
    }

    private static String inWords(Backend backend) {
        return backend instanceof Http http ? "http (" + http.settings().authority() + ")" : backend.name();
    }

    /** Reads what is used and what is not, so that nothing wrong in it surprises later. */
    static AccessSettings from(Sections sections, Set<HardwareAddress> reserved, Path base, UuidOrder uuidOrder) {
        Section bootp = sections.get("bootp");
        ForeignSettings foreign = ForeignSettings.from(bootp, base);
        if (!foreign.areComplete()) {
            leaveOut(sections);
        }
        List<String> access = named(sections, "access", foreign);
        List<String> shadow = named(sections, "shadow", foreign);
        List<String> used =
                Stream.concat(access.stream(), shadow.stream()).distinct().toList();
        Map<String, Section> own = new LinkedHashMap<>();
        NAMES.forEach(name -> own.put(name, sections.get(name)));
        foreign.names().forEach(name -> own.put(name, sections.claim(name)));
        own.forEach((name, section) -> {
            if (section.isThere() && !used.contains(name)) {
                section.warning("the section is not used: [bootp] access does not name it");
            }
        });
        List<Backend> all = new ArrayList<>();
        macs(own.get(MAC)).ifPresent(all::add);
        uuids(own.get(UUID)).ifPresent(all::add);
        AuthoritySettings.from(own.get(HTTP), bootp, base, used.contains(HTTP), uuidOrder)
                .map(Http::new)
                .ifPresent(all::add);
        foreign.names().stream()
                .filter(used::contains)
                .forEach(name ->
                        foreign.backend(own.get(name), bootp).map(Foreign::new).ifPresent(all::add));
        return new AccessSettings(chosen(access, all, reserved), chosen(shadow, all, reserved));
    }

    private static List<String> named(Sections sections, String key, ForeignSettings foreign) {
        Section bootp = sections.get("bootp");
        if (!foreign.areComplete()) {
            return List.of();
        }
        List<String> names = bootp.optional(key, text -> names(text, foreign)).orElse(List.of());
        names.stream()
                .filter(name -> NAMES.contains(name) && !sections.get(name).isThere())
                .forEach(
                        name -> bootp.mistake(key, "there is no section [" + name + "]; add it, or leave out " + name));
        return names;
    }

    private static List<Backend> chosen(List<String> names, List<Backend> all, Set<HardwareAddress> reserved) {
        List<Backend> chosen = names.stream()
                .flatMap(name -> all.stream().filter(backend -> backend.name().equals(name)))
                .toList();
        return withReserved(chosen, reserved);
    }

    /** Takes the sections of backends for known that are not to be read. */
    static void leaveOut(Sections sections) {
        for (String key : List.of("access", "shadow")) {
            sections.get("bootp")
                    .optional(key, text -> Values.list(text.toLowerCase(Locale.ROOT)))
                    .ifPresent(names -> names.forEach(sections::claim));
        }
    }

    private static List<String> names(String text, ForeignSettings foreign) {
        Set<String> names = new HashSet<>();
        List<String> order = Values.list(text.toLowerCase(Locale.ROOT));
        List<String> all =
                Stream.concat(NAMES.stream(), foreign.names().stream()).toList();
        for (String name : order) {
            if (!all.contains(name)) {
                throw new IllegalArgumentException(
                        "'" + name + "' is none of " + String.join(", ", all) + hint(name, all, foreign));
            }
            if (names.contains(HTTP)) {
                throw new IllegalArgumentException("http decides about every machine, so '" + name
                        + "' behind it would never be asked; write http last");
            }
            if (!names.add(name)) {
                throw new IllegalArgumentException("'" + name + "' stands there twice");
            }
        }
        return order;
    }

    private static String hint(String name, List<String> all, ForeignSettings foreign) {
        String near = Suggestion.hint(name, all.stream());
        if (!near.isEmpty() || !foreign.names().isEmpty()) {
            return near;
        }
        return foreign.directory()
                .map(directory -> "; there is no jar with a backend in '" + directory + "'")
                .orElse("; for a backend from a jar write access_dir, too");
    }

    private static Optional<Macs> macs(Section section) {
        if (!section.isThere()) {
            return Optional.empty();
        }
        List<Section.Line<MacList.Entry, Boolean>> lines =
                section.lines(text -> MacList.Entry.parse(text, true), Values::flag);
        lines.stream()
                .filter(line -> line.key().saysMoreThanCounts())
                .forEach(line -> section.warning(line.entry(), whatCounts(line.key())));
        return Optional.of(new Macs(lines.stream()
                .map(line -> new MacList.Entry(line.key().octets(), line.key().bits(), line.value()))
                .toList()));
    }

    /** A line of pybootd 1.8 would serve many more machines than it did. */
    private static String whatCounts(MacList.Entry prefix) {
        MacList.Entry former = prefix.inPybootd();
        String otherwise =
                "; pybootd 1.8 ignored the last " + prefix.bits() + ": write " + former + " if that is meant";
        return "only the first " + prefix.bits() + " bits count" + (former.bits() == prefix.bits() ? "" : otherwise);
    }

    private static Optional<Uuids> uuids(Section section) {
        return section.isThere()
                ? Optional.of(new Uuids(section.lines(text -> UuidList.Entry.parse(text, true), Values::flag).stream()
                        .map(line ->
                                new UuidList.Entry(line.key().uuid(), line.key().mask(), line.value()))
                        .toList()))
                : Optional.empty();
    }

    /** Machines with an address of their own are granted behind the last list that may deny them. */
    private static List<Backend> withReserved(List<Backend> backends, Set<HardwareAddress> reserved) {
        List<Backend> all = new ArrayList<>(backends);
        for (int i = backends.size(); i > 0 && !reserved.isEmpty(); i--) {
            if (backends.get(i - 1) instanceof Macs || backends.get(i - 1) instanceof Uuids) {
                all.add(i, new Reserved(Set.copyOf(reserved)));
                break;
            }
        }
        return all;
    }
}

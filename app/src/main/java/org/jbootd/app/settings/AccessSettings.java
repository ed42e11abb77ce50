package org.jbootd.app.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jbootd.acl.HttpAccess;
import org.jbootd.domain.access.MacList;
import org.jbootd.domain.access.UuidList;
import org.jbootd.domain.net.HardwareAddress;

/**
 * {@code [bootp] access} and the sections that it names.
 *
 * @param backends in the order in which they are asked; empty when everybody is served
 */
public record AccessSettings(List<Backend> backends) {

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

    /** The machines of {@code [static_dhcp]}, whom the lists in front of it may deny. */
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

    public AccessSettings {
        backends = List.copyOf(backends);
    }

    /** Who is asked, for the operator. */
    public String inWords() {
        return backends.isEmpty()
                ? "everybody"
                : backends.stream().map(AccessSettings::inWords).collect(Collectors.joining(", then "));
    }

    private static String inWords(Backend backend) {
        return backend instanceof Http http ? "http (" + http.settings().authority() + ")" : backend.name();
    }

    /** Reads what is used and what is not, so that nothing wrong in it surprises later. */
    static AccessSettings from(Sections sections, Set<HardwareAddress> reserved, Path base) {
        Section bootp = sections.get("bootp");
        List<String> used = bootp.optional("access", AccessSettings::names).orElse(List.of());
        used.stream()
                .filter(name -> !sections.get(name).isThere())
                .forEach(name ->
                        bootp.mistake("access", "there is no section [" + name + "]; add it, or leave out " + name));
        NAMES.stream()
                .filter(name -> !used.contains(name) && sections.get(name).isThere())
                .forEach(
                        name -> sections.get(name).warning("the section is not used: [bootp] access does not name it"));
        List<Backend> all = Stream.<Optional<? extends Backend>>of(
                        macs(sections.get(MAC)),
                        uuids(sections.get(UUID)),
                        AuthoritySettings.from(sections.get(HTTP), bootp, base, used.contains(HTTP))
                                .map(Http::new))
                .flatMap(Optional::stream)
                .collect(Collectors.toList());
        return new AccessSettings(withReserved(
                used.stream()
                        .flatMap(name ->
                                all.stream().filter(backend -> backend.name().equals(name)))
                        .toList(),
                reserved));
    }

    private static List<String> names(String text) {
        Set<String> names = new HashSet<>();
        List<String> order = Values.list(text.toLowerCase(Locale.ROOT));
        for (String name : order) {
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException(
                        "'" + name + "' is none of mac, uuid, http" + Suggestion.hint(name, NAMES.stream()));
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

    private static Optional<Macs> macs(Section section) {
        return section.isThere()
                ? Optional.of(new Macs(section.lines(text -> MacList.Entry.parse(text, true), Values::flag).stream()
                        .map(line -> new MacList.Entry(
                                line.key().octets(), line.key().bits(), line.value()))
                        .toList()))
                : Optional.empty();
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
        int lists = (int)
                backends.stream().filter(backend -> !(backend instanceof Http)).count();
        if (lists > 0 && !reserved.isEmpty()) {
            all.add(lists, new Reserved(Set.copyOf(reserved)));
        }
        return all;
    }
}

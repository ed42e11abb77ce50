package org.jbootd.app.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jbootd.app.ini.Findings;
import org.jbootd.app.ini.IniSection;
import org.jbootd.app.ini.Place;

/** The sections of a file by their names, sorted into those that are known and mistakes. */
final class Sections {

    /** pybootd 1.7 and later on the left. */
    private static final Map<String, String> SYNONYMS = Map.of("bootpd", "bootp", "tftpd", "tftp");

    /** Sections of pybootd and of later versions of jbootd, and why they cannot be taken. */
    private static final Map<String, String> REFUSED = Map.of(
            "DEFAULT", "keys for every section are not supported; write them in each section",
            "web", "the web console is not part of this version; remove the section");

    /** Sections of which there may be several, each with a name of its own behind the word. */
    static final Set<String> SEVERAL = Set.of("subnet", "host");

    private final Map<String, List<IniSection>> parts = new LinkedHashMap<>();
    private final Map<String, Section> byName = new LinkedHashMap<>();

    /** Sections of no name that is known here; backends of access control may claim them. */
    private final Map<String, List<IniSection>> unclaimed = new LinkedHashMap<>();

    private final Place start;
    private final Findings findings;

    Sections(List<IniSection> all, Place start, Findings findings) {
        this.start = start;
        this.findings = findings;
        all.forEach(this::sort);
        warnOfUnused();
        names().forEach(name ->
                byName.put(name, new Section(name, parts.getOrDefault(name, List.of()), start, findings)));
    }

    private void sort(IniSection section) {
        String name = SYNONYMS.getOrDefault(section.name(), section.name());
        String kind = name.split("\\s+", 2)[0];
        if (REFUSED.containsKey(kind)) {
            findings.mistake(section.place(), "[" + section.name() + "]: " + REFUSED.get(kind));
        } else if (SEVERAL.contains(kind)) {
            sortNamed(kind, section);
        } else if (name.equals("httpd")) {
            findings.warning(
                    section.place(), "[httpd]: files are not served by HTTP in this version; the section is not used");
        } else if (names().contains(name)) {
            learn(name, section);
        } else {
            unclaimed.computeIfAbsent(name, unseen -> new ArrayList<>()).add(section);
        }
    }

    private void sortNamed(String kind, IniSection section) {
        String own = section.name().substring(kind.length()).strip();
        try {
            learn(kind + " " + Values.name(own), section);
        } catch (IllegalArgumentException problem) {
            findings.mistake(
                    section.place(),
                    "[" + section.name() + "]: "
                            + (own.isEmpty() ? "give it a name, as in [" + kind + " one]" : problem.getMessage()));
        }
    }

    /** The sections of a kind by their own names, in the order of the file. */
    Map<String, Section> named(String kind) {
        Map<String, Section> found = new LinkedHashMap<>();
        parts.forEach((name, sections) -> {
            if (name.startsWith(kind + " ")) {
                found.put(name.substring(kind.length() + 1), new Section(kind, sections, start, findings));
            }
        });
        return found;
    }

    /** The section of a backend from outside, whose keys are its own. */
    Section claim(String name) {
        List<IniSection> found = unclaimed.remove(name);
        return Section.ofAnyKeys(name, found == null ? List.of() : found, start, findings);
    }

    /** To be called when whoever knows a section by its name has claimed it. */
    void refuseUnclaimed() {
        unclaimed.forEach((name, sections) -> sections.forEach(section -> findings.mistake(
                section.place(),
                "[" + section.name() + "]: unknown section"
                        + Suggestion.hint(name, Stream.concat(names().stream(), SYNONYMS.keySet().stream())))));
    }

    private static Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        Keys.ALL.forEach(doc -> names.add(doc.section()));
        return names;
    }

    private void learn(String name, IniSection section) {
        List<IniSection> earlier = parts.computeIfAbsent(name, unseen -> new ArrayList<>());
        if (!earlier.isEmpty()) {
            findings.warning(
                    section.place(),
                    "[" + section.name() + "]: the section was there before, on line "
                            + earlier.get(0).place().line() + "; both are read");
        }
        earlier.add(section);
    }

    private void warnOfUnused() {
        parts.getOrDefault("buggy_clients", List.of())
                .forEach(section -> findings.warning(
                        section.place(),
                        "[buggy_clients]: not needed; every client is answered in the way that it needs"));
    }

    /** The section of that name; without keys when the file has none. */
    Section get(String name) {
        return byName.get(name);
    }
}

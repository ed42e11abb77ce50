package org.jbootd.app.settings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jbootd.app.ini.Findings;
import org.jbootd.app.ini.IniEntry;
import org.jbootd.app.ini.IniSection;
import org.jbootd.app.ini.Place;

/**
 * All that a file says in one section, wherever it says so. Whatever is wrong with a value becomes a mistake, and the
 * value counts as missing.
 */
final class Section {

    private final String name;
    private final String spelling;
    private final Place place;
    private final Findings findings;
    private final boolean there;
    private final boolean anyKeys;
    private final Map<String, IniEntry> known = new LinkedHashMap<>();
    private final List<IniEntry> free = new ArrayList<>();

    /** Keys of two words, such as {@code option ntp-servers}, by the first. */
    private final Map<String, List<IniEntry>> families = new HashMap<>();

    /**
     * @param name as {@link Keys} has it
     * @param parts every section of that name, in the order of the file; may be none
     */
    Section(String name, List<IniSection> parts, Place start, Findings findings) {
        this(name, parts, start, findings, Keys.in(name).anyMatch(Section::isFree));
    }

    /** A section whose keys {@link Keys} does not know: all of them are taken as they come. */
    static Section ofAnyKeys(String name, List<IniSection> parts, Place start, Findings findings) {
        return new Section(name, parts, start, findings, true);
    }

    private Section(String name, List<IniSection> parts, Place start, Findings findings, boolean anyKeys) {
        this.name = name;
        this.spelling = parts.isEmpty() ? name : parts.get(0).name();
        this.place = parts.isEmpty() ? start : parts.get(0).place();
        this.findings = findings;
        this.there = !parts.isEmpty();
        this.anyKeys = anyKeys;
        parts.stream().flatMap(part -> part.entries().stream()).forEach(this::sort);
    }

    private void sort(IniEntry entry) {
        if (entry.value().isEmpty()) {
            mistake(entry, "has no value; give it one, or remove the line");
            return;
        }
        if (entry.value().contains(" #")) {
            warning(entry, "'#' and what follows is part of the value; a comment behind a value starts with ';'");
        }
        if (entry.value().matches("\".*\"|'.*'")) {
            warning(entry, "the quotes are part of the value; write it without");
        }
        Optional<KeyDoc> doc = Keys.find(name, entry.key()).filter(found -> !isFree(found));
        String[] words = entry.key().split("\\s+", 2);
        if (words.length == 2 && Keys.find(name, words[0] + " NAME").isPresent()) {
            families.computeIfAbsent(words[0].toLowerCase(Locale.ROOT), unseen -> new ArrayList<>())
                    .add(entry);
        } else if (doc.isPresent()) {
            learn(doc.get().key(), entry);
        } else if (anyKeys) {
            free.add(entry);
        } else {
            mistake(entry, "unknown key" + hint(entry.key()));
        }
    }

    /** Keys that are values themselves are documented in capitals. */
    private static boolean isFree(KeyDoc doc) {
        return Character.isUpperCase(doc.key().charAt(0));
    }

    /** The later of two lines holds, but a synonym never stands in for the key itself. */
    private void learn(String key, IniEntry entry) {
        IniEntry earlier = known.get(key);
        if (earlier != null
                && earlier.key().equalsIgnoreCase(key)
                && !entry.key().equalsIgnoreCase(key)) {
            warning(
                    entry,
                    "not used: " + key + " holds, on line " + earlier.place().line());
            return;
        }
        known.put(key, entry);
        if (earlier != null) {
            warning(entry, "given before, on line " + earlier.place().line() + "; this one holds");
        }
    }

    private String hint(String key) {
        Optional<KeyDoc> elsewhere = Keys.ALL.stream()
                .filter(doc ->
                        !isFree(doc) && !doc.section().equals(name) && doc.key().equalsIgnoreCase(key))
                .findFirst();
        String near = Suggestion.hint(
                key, Keys.in(name).flatMap(doc -> Stream.concat(Stream.of(doc.key()), doc.synonyms().stream())));
        return near.isEmpty()
                ? elsewhere
                        .map(doc -> "; it belongs in [" + doc.section() + "]")
                        .orElse("")
                : near;
    }

    String name() {
        return name;
    }

    /** As the file spells it. */
    String spelling() {
        return spelling;
    }

    /** Whether the file has such a section, be it empty. */
    boolean isThere() {
        return there;
    }

    boolean has(String key) {
        return known.containsKey(documented(key));
    }

    /** Where the section starts, or where the file does when it has no such section. */
    Place place() {
        return place;
    }

    <T> Optional<T> optional(String key, Function<String, T> parser) {
        return optionalEntry(key, entry -> parser.apply(entry.value()));
    }

    <T> T optional(String key, Function<String, T> parser, T fallback) {
        return optional(key, parser).orElse(fallback);
    }

    /** For a parser that wants more of a line than its value. */
    <T> Optional<T> optionalEntry(String key, Function<IniEntry, T> parser) {
        IniEntry entry = known.get(documented(key));
        return entry == null ? Optional.empty() : read(entry, parser);
    }

    <T> Optional<T> required(String key, Function<String, T> parser, String why) {
        if (!has(key)) {
            findings.mistake(place, "[" + spelling + "] " + key + ": missing; " + why);
        }
        return optional(key, parser);
    }

    private static String documented(String key) {
        if (Keys.ALL.stream().noneMatch(doc -> doc.key().equals(key))) {
            throw new AssertionError("key " + key + " is not documented");
        }
        return key;
    }

    /** A line whose key is a value, read. */
    record Line<K, V>(K key, V value, IniEntry entry) {}

    /** The lines whose keys are values, in the order of the file; of two that mean the same key the later one holds. */
    <K, V> List<Line<K, V>> lines(Function<String, K> keyParser, Function<String, V> valueParser) {
        List<Line<K, V>> lines = new ArrayList<>();
        lastOfEach(free, keyParser)
                .forEach((key, entry) -> read(entry, line -> valueParser.apply(line.value()))
                        .ifPresent(value -> lines.add(new Line<>(key, value, entry))));
        return lines;
    }

    /** The lines whose keys are the word {@code family} and a value; of two that mean the same the later one holds. */
    <K> Map<K, IniEntry> linesOf(String family, Function<String, K> parser) {
        return lastOfEach(families.getOrDefault(family, List.of()), key -> parser.apply(key.split("\\s+", 2)[1]));
    }

    private <K> Map<K, IniEntry> lastOfEach(List<IniEntry> entries, Function<String, K> parser) {
        Map<K, IniEntry> last = new LinkedHashMap<>();
        for (IniEntry entry : entries) {
            read(entry, line -> parser.apply(line.key())).ifPresent(key -> {
                IniEntry earlier = last.put(key, entry);
                if (earlier != null) {
                    warning(entry, "given before, on line " + earlier.place().line() + "; this one holds");
                }
            });
        }
        return last;
    }

    /** What {@code parser} makes of a line; what it objects to becomes a mistake. */
    <T> Optional<T> read(IniEntry entry, Function<IniEntry, T> parser) {
        try {
            return Optional.of(parser.apply(entry));
        } catch (IllegalArgumentException problem) {
            mistake(entry, problem.getMessage());
            return Optional.empty();
        }
    }

    /** About a key, given or not. */
    void mistake(String key, String what) {
        IniEntry entry = known.getOrDefault(key, freeEntry(key));
        if (entry == null) {
            findings.mistake(place, "[" + spelling + "] " + key + ": " + what);
        } else {
            mistake(entry, what);
        }
    }

    private IniEntry freeEntry(String key) {
        return free.stream()
                .filter(entry -> entry.key().equalsIgnoreCase(key))
                .reduce((first, last) -> last)
                .orElse(null);
    }

    /** About each line whose key is not one of {@code used}. */
    void warnOfAllBut(Set<String> used, String what) {
        known.forEach((key, entry) -> {
            if (!used.contains(key)) {
                warning(entry, what);
            }
        });
        families.values().forEach(lines -> lines.forEach(entry -> warning(entry, what)));
    }

    /** About the section as a whole. */
    void warning(String what) {
        findings.warning(place, "[" + spelling + "]: " + what);
    }

    /** About a key, given or not. */
    void warning(String key, String what) {
        IniEntry entry = known.get(key);
        if (entry == null) {
            findings.warning(place, "[" + spelling + "] " + key + ": " + what);
        } else {
            warning(entry, what);
        }
    }

    void mistake(IniEntry entry, String what) {
        findings.mistake(entry.place(), "[" + spelling + "] " + entry.key() + ": " + what);
    }

    void warning(IniEntry entry, String what) {
        findings.warning(entry.place(), "[" + spelling + "] " + entry.key() + ": " + what);
    }
}

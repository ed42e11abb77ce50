package org.jbootd.app.settings;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jbootd.domain.net.Octets;

/** The lines {@code option NAME = value} of a section. */
final class MoreOptions {

    private static final Map<String, OptionType> WORDS =
            Stream.of(OptionType.values()).collect(Collectors.toMap(OptionType::word, type -> type));

    private MoreOptions() {}

    /** @param inherited hold where the section says nothing about the same option */
    static Map<Integer, Octets> from(Section section, Map<Integer, Octets> inherited) {
        Map<Integer, Octets> options = new LinkedHashMap<>(inherited);
        section.linesOf("option", OptionTable::code)
                .forEach((code, entry) -> section.read(entry, line -> value(code, line.value()))
                        .ifPresent(value -> options.put(code, value)));
        return options;
    }

    private static Octets value(int code, String text) {
        return OptionTable.byCode(code).map(known -> known.type().encode(text)).orElseGet(() -> typed(code, text));
    }

    /** {@code u16 1500}: an option whose kind of value is not known here. */
    private static Octets typed(int code, String text) {
        String[] parts = text.split("\\s+", 2);
        OptionType type = WORDS.get(parts[0].toLowerCase(Locale.ROOT));
        if (type == null || parts.length < 2) {
            throw new IllegalArgumentException("the kind of option " + code
                    + "'s value is not known: write one of "
                    + Stream.of(OptionType.values()).map(OptionType::word).collect(Collectors.joining(", "))
                    + " in front of it, as in 'text " + text + "'");
        }
        return type.encode(parts[1]);
    }
}

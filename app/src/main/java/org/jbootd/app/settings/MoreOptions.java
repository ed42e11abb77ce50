package org.jbootd.app.settings;

import java.nio.ByteBuffer;
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

    /** MIN_V6ONLY_WAIT: RFC 8925 §3.4. */
    private static final int LEAST_V6_ONLY_SECONDS = 300;

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
        Octets value =
                OptionTable.byCode(code).map(known -> known.type().encode(text)).orElseGet(() -> typed(code, text));
        if (code == OptionTable.V6_ONLY_PREFERRED && isBelow(LEAST_V6_ONLY_SECONDS, value)) {
            throw new IllegalArgumentException("'" + text + "' is less than the " + LEAST_V6_ONLY_SECONDS
                    + " seconds that every client waits at least (RFC 8925): write those, or more");
        }
        return value;
    }

    private static boolean isBelow(int least, Octets number) {
        return Integer.compareUnsigned(ByteBuffer.wrap(number.toArray()).getInt(), least) < 0;
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

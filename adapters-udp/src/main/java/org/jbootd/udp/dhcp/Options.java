package org.jbootd.udp.dhcp;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/**
 * DHCP options by code, each once, in the order of their first appearance; codes nobody knows stay as they came.
 * A value of the wrong form reads as absent: a broken hint is no hint (RFC 2132 §9).
 */
public final class Options {

    public static final Options NONE = new Options(Map.of());

    private final Map<Integer, Octets> values;

    private Options(Map<Integer, Octets> values) {
        this.values = values;
    }

    /** @param values by code, 1 to 254 */
    public static Options of(Map<Integer, Octets> values) {
        values.keySet().forEach(Options::requireCode);
        return new Options(Collections.unmodifiableMap(new LinkedHashMap<>(values)));
    }

    private static void requireCode(int code) {
        if (code < 1 || code > 254) {
            throw new IllegalArgumentException("an option code is 1 to 254, not " + code);
        }
    }

    public Optional<Octets> get(int code) {
        return Optional.ofNullable(values.get(code));
    }

    public boolean has(int code) {
        return values.containsKey(code);
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    public void forEach(BiConsumer<Integer, Octets> action) {
        values.forEach(action);
    }

    /** The value of an option of exactly one octet. */
    public OptionalInt octet(int code) {
        Octets value = values.get(code);
        return value == null || value.length() != 1 ? OptionalInt.empty() : OptionalInt.of(value.at(0));
    }

    /** The value of an option of exactly two octets. */
    public OptionalInt word(int code) {
        Octets value = values.get(code);
        return value == null || value.length() != 2
                ? OptionalInt.empty()
                : OptionalInt.of(value.at(0) << 8 | value.at(1));
    }

    /** The value of an option of exactly four octets. */
    public Optional<Ipv4> address(int code) {
        return get(code).filter(value -> value.length() == 4).map(value -> Ipv4.of(value.toArray()));
    }

    /** The value one character an octet, without the NULs that some clients put behind it. */
    public Optional<String> text(int code) {
        return get(code).map(Options::text);
    }

    private static String text(Octets value) {
        int end = value.length();
        while (end > 0 && value.at(end - 1) == 0) {
            end--;
        }
        return new String(value.toArray(), 0, end, StandardCharsets.ISO_8859_1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Options that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}

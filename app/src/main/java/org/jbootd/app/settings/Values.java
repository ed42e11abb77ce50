package org.jbootd.app.settings;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jbootd.app.ini.IniEntry;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;

/**
 * Reads the texts of a configuration. Every method throws {@link IllegalArgumentException} for a text that it cannot
 * read; the message says what is wrong with it and how to write it.
 */
final class Values {

    /** What {@code never} stands for. */
    static final Duration NEVER = Duration.ofSeconds(0xffffffffL);

    private static final Set<String> ON = Set.of("on", "high", "true", "enable", "enabled", "yes", "1", "ok");
    private static final Set<String> OFF = Set.of("off", "low", "false", "disable", "disabled", "no", "0", "ko");
    private static final Pattern TIME = Pattern.compile("(\\d{1,10})\\s*([smhd]?)");
    private static final Map<String, Integer> SECONDS_IN = Map.of("", 1, "s", 1, "m", 60, "h", 3600, "d", 86400);
    private static final Pattern SECONDS = Pattern.compile("\\d{1,5}(\\.\\d{1,6})?s?");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");

    private Values() {}

    /** Any of pybootd's words, in any case. */
    static boolean flag(String text) {
        String word = text.toLowerCase(Locale.ROOT);
        if (ON.contains(word)) {
            return true;
        }
        if (OFF.contains(word)) {
            return false;
        }
        throw new IllegalArgumentException("'" + text + "' is neither on nor off");
    }

    /** A whole number between the bounds, both included. */
    static Function<String, Integer> number(int least, int most) {
        return text -> {
            if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
                throw new IllegalArgumentException(
                        "'" + text + "' is not a whole number between " + least + " and " + most);
            }
            return Integer.parseInt(text);
        };
    }

    static int port(String text) {
        return number(1, 65535).apply(text);
    }

    /** Whole seconds, at least 1; {@link #NEVER} for {@code never}. */
    static Duration time(String text) {
        if (text.equalsIgnoreCase("never")) {
            return NEVER;
        }
        Matcher matcher = TIME.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a time: write seconds, or 30s, 5m, 12h, 30d, never");
        }
        long seconds = Long.parseLong(matcher.group(1)) * SECONDS_IN.get(matcher.group(2));
        if (seconds < 1 || seconds >= NEVER.toSeconds()) {
            throw new IllegalArgumentException("'" + text + "' is not between 1 second and 49710 days");
        }
        return Duration.ofSeconds(seconds);
    }

    /** As {@link #time}, without {@code never}. */
    static Duration finiteTime(String text) {
        if (text.equalsIgnoreCase("never")) {
            throw new IllegalArgumentException("'never' makes no sense here: write a time, as in 60s");
        }
        return time(text);
    }

    /** Seconds with a fraction, a tenth to 255. */
    static Duration seconds(String text) {
        if (!SECONDS.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a number of seconds, as in 2 or 0.5");
        }
        BigDecimal seconds = new BigDecimal(text.replace("s", ""));
        Duration duration = Duration.ofNanos(seconds.movePointRight(9).longValueExact());
        if (duration.compareTo(Duration.ofMillis(100)) < 0 || duration.compareTo(Duration.ofSeconds(255)) > 0) {
            throw new IllegalArgumentException("'" + text + "' is not between 0.1 and 255 seconds");
        }
        return duration;
    }

    /** One of {@code words}, case aside, and what it stands for. */
    static <T> Function<String, T> word(Map<String, T> words) {
        return text -> {
            T meaning = words.get(text.toLowerCase(Locale.ROOT));
            if (meaning == null) {
                throw new IllegalArgumentException("'" + text + "' is none of "
                        + words.keySet().stream().sorted().collect(Collectors.joining(", "))
                        + Suggestion.hint(text, words.keySet().stream()));
            }
            return meaning;
        };
    }

    /** Letters, digits, dots, dashes and underscores, 63 of them at most. */
    static String name(String text) {
        if (text.length() > 63 || !NAME.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a name: write letters, digits, dots and dashes, 63 at most");
        }
        return text;
    }

    /** A network as in {@code 10.2.0.0/24} or {@code 10.2.0.0/255.255.255.0}, whose prefix is between the bounds. */
    static Ipv4Network network(String text, int shortest, int longest) {
        String[] parts = text.split("/", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("'" + text + "' is no network: write it as in 10.2.0.0/24");
        }
        Ipv4 base = Ipv4.parse(parts[0]);
        Ipv4Network network = parts[1].matches("\\d{1,2}")
                ? new Ipv4Network(base, number(shortest, longest).apply(parts[1]))
                : Ipv4Network.of(base, Ipv4.parse(parts[1]));
        if (!network.base().equals(base)) {
            throw new IllegalArgumentException(
                    "'" + text + "' is an address in the network " + network + ": write that");
        }
        return network;
    }

    /** A boot file's name: what fits the header's 128 octets, with its final NUL. */
    static String bootFile(String text) {
        if (!text.chars().allMatch(c -> c > ' ' && c < 0x7f) || text.length() > 127) {
            throw new IllegalArgumentException(
                    "'" + text + "' cannot be a boot file's name: write ASCII without blanks, 127 characters at most");
        }
        return text;
    }

    /**
     * The parts of a list whose items a semicolon separates, with or without blanks around it. What follows a blank and a
     * semicolon is a comment, as everywhere, unless it consists of further items.
     */
    static List<String> listed(IniEntry entry, Predicate<String> isItem) {
        List<String> parts = new ArrayList<>(List.of(entry.value()));
        String rest = entry.raw().substring(entry.value().length());
        for (String part : rest.split(";")) {
            if (part.isBlank()) {
                continue;
            }
            if (!list(part).stream().allMatch(isItem)) {
                break;
            }
            parts.add(part);
        }
        return parts;
    }

    /** Words between commas, semicolons or blanks, at least one. */
    static List<String> list(String text) {
        List<String> items = Stream.of(text.split("[;,\\s]+"))
                .filter(item -> !item.isEmpty())
                .toList();
        if (items.isEmpty()) {
            throw new IllegalArgumentException("'" + text + "' lists nothing");
        }
        return items;
    }
}

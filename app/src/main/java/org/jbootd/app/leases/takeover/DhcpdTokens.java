package org.jbootd.app.leases.takeover;

import java.util.ArrayList;
import java.util.List;

/** Takes a line of {@code dhcpd.leases} apart. */
final class DhcpdTokens {

    private static final String MARKS = ";{},=";

    /** @param quoted of a text in quotation marks, its octets */
    record Token(String text, boolean quoted) {

        boolean is(String mark) {
            return !quoted && text.equals(mark);
        }
    }

    private final String line;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private DhcpdTokens(String line) {
        this.line = line;
    }

    /**
     * Words, quoted texts, and the marks {@code ; { } , =}; a comment goes from {@code #} to the end.
     *
     * @throws IllegalArgumentException when a text has no end
     */
    static List<Token> of(String line) {
        DhcpdTokens reading = new DhcpdTokens(line);
        reading.read();
        return reading.tokens;
    }

    private void read() {
        while (at < line.length() && line.charAt(at) != '#') {
            char c = line.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
            } else if (c == '"') {
                at++;
                tokens.add(new Token(quoted(), true));
            } else if (MARKS.indexOf(c) >= 0) {
                at++;
                tokens.add(new Token(String.valueOf(c), false));
            } else {
                tokens.add(new Token(word(), false));
            }
        }
    }

    private String word() {
        int start = at;
        while (at < line.length()
                && !Character.isWhitespace(line.charAt(at))
                && MARKS.indexOf(line.charAt(at)) < 0
                && line.charAt(at) != '"') {
            at++;
        }
        return line.substring(start, at);
    }

    private String quoted() {
        StringBuilder text = new StringBuilder();
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c == '"') {
                return text.toString();
            }
            text.append(c == '\\' && at < line.length() ? escaped() : c);
        }
        throw new IllegalArgumentException("a text has no closing quotation mark");
    }

    /** What follows a backslash: up to three octal digits, {@code x} and two hexadecimal ones, a letter of C, or itself. */
    private char escaped() {
        char c = line.charAt(at++);
        return switch (c) {
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'n' -> '\n';
            case 'b' -> '\b';
            case 'x' -> digits(16, 2);
            case '0', '1', '2', '3' -> {
                at--;
                yield digits(8, 3);
            }
            default -> c;
        };
    }

    private char digits(int radix, int most) {
        int value = 0;
        for (int i = 0; i < most && at < line.length() && Character.digit(line.charAt(at), radix) >= 0; i++) {
            value = value * radix + Character.digit(line.charAt(at++), radix);
        }
        return (char) value;
    }
}

package org.jbootd.udp;

/** Text of strangers, made safe for a log line: it must not draw lines of its own, nor speak to a terminal. */
public final class Printable {

    private static final int LONGEST = 200;

    private Printable() {}

    /** Letters of any script stay; what does not print shows as its number, as in {@code \}{@code u000a}. */
    public static String of(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> append(safe, c));
        return safe.toString();
    }

    private static void append(StringBuilder safe, int codePoint) {
        if (isPrintable(codePoint)) {
            safe.appendCodePoint(codePoint);
        } else {
            for (char unit : Character.toChars(codePoint)) {
                safe.append(String.format("\\u%04x", (int) unit));
            }
        }
    }

    /** The same for what may be of any length: after {@value #LONGEST} characters it is cut. */
    public static String brief(String text) {
        if (text.codePointCount(0, text.length()) <= LONGEST) {
            return of(text);
        }
        return of(text.substring(0, text.offsetByCodePoints(0, LONGEST))) + "…";
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}

package org.jbootd.udp.tftp;

/** Text of strangers, made safe for a log line: what is not printable shows as {@code ?}, what is long is cut. */
final class Printable {

    private static final int LONGEST = 200;

    private Printable() {}

    static String of(String text) {
        StringBuilder safe = new StringBuilder(Math.min(text.length(), LONGEST) + 1);
        text.codePoints().limit(LONGEST).forEach(c -> safe.appendCodePoint(isPrintable(c) ? c : '?'));
        return safe.append(text.length() > LONGEST ? "…" : "").toString();
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

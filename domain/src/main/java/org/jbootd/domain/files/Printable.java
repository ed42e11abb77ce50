package org.jbootd.domain.files;

/** Text of others, made safe to write into a log: one line, nothing in it that a terminal obeys, not long. */
public final class Printable {

    private static final int MOST_CHARACTERS = 120;

    private Printable() {}

    /** The first 120 characters; what cannot be shown is {@code U+FFFD}. */
    public static String of(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(MOST_CHARACTERS)
                .forEach(c -> shown.appendCodePoint(
                        Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? '\ufffd' : c));
        return shown.append(text.length() > shown.length() ? "…" : "").toString();
    }
}

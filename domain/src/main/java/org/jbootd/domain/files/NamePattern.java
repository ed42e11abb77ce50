package org.jbootd.domain.files;

/**
 * A pattern over requested names: {@code *} stands for any run of characters, empty ones and {@code /} included,
 * {@code ?} for exactly one character, every other character for itself, its case included. A leading {@code /} or
 * {@code ./} means nothing, as in a requested name, and a backslash is a slash.
 */
public final class NamePattern {

    /** The longest pattern taken, in characters. */
    public static final int MAX_LENGTH = 500;

    private final String text;
    private final int[] symbols;

    private NamePattern(String text, int[] symbols) {
        this.text = text;
        this.symbols = symbols;
    }

    /** @throws IllegalArgumentException when {@code text} is empty or longer than {@link #MAX_LENGTH} */
    public static NamePattern parse(String text) {
        String bare = text.replace('\\', '/').replaceFirst("^(?:\\.?/+)+", "");
        int[] symbols = bare.codePoints().toArray();
        if (symbols.length == 0 || symbols.length > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "a pattern has 1 to " + MAX_LENGTH + " characters, not " + symbols.length);
        }
        return new NamePattern(text, symbols);
    }

    public boolean matches(RequestedPath name) {
        return matches(name.toString().codePoints().toArray());
    }

    /**
     * Walks pattern and name side by side. At a mismatch the last star takes one character more; an earlier star never
     * needs to, so the steps are at most pattern length × name length, whatever the pattern.
     */
    private boolean matches(int[] name) {
        int at = 0;
        int star = -1;
        int starTakesUpTo = 0;
        for (int i = 0; i < name.length; ) {
            if (at < symbols.length && symbols[at] == '*') {
                star = at++;
                starTakesUpTo = i;
            } else if (at < symbols.length && (symbols[at] == '?' || symbols[at] == name[i])) {
                at++;
                i++;
            } else if (star >= 0) {
                at = star + 1;
                i = ++starTakesUpTo;
            } else {
                return false;
            }
        }
        while (at < symbols.length && symbols[at] == '*') {
            at++;
        }
        return at == symbols.length;
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}

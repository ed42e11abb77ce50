package org.jbootd.app.ini;

/**
 * A key and its value, as one line of the file has them.
 *
 * @param key in the case of the file
 * @param value without an inline comment and surrounding blanks; may be empty
 * @param raw the value with whatever follows it; of use to lists, whose items {@code ;} separates too
 */
public record IniEntry(String key, String value, String raw, Place place) {

    static IniEntry of(String key, String raw, Place place) {
        return new IniEntry(key, withoutComment(raw), raw, place);
    }

    /** A semicolon behind a blank starts a comment, as pybootd 1.5 had it; {@code #} never does. */
    private static String withoutComment(String raw) {
        for (int at = raw.indexOf(';'); at >= 0; at = raw.indexOf(';', at + 1)) {
            if (at == 0 || Character.isWhitespace(raw.charAt(at - 1))) {
                return raw.substring(0, at).strip();
            }
        }
        return raw;
    }
}

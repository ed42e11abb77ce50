package org.jbootd.app.ini;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings each line of a pybootd file into the form that ini4j reads the way Python did, and reports those with no such
 * form, which are left out. What stands in such a line is not repeated: it may be half of a password. Takes the lines in
 * their order: whether an indentation is right depends on the lines before.
 */
final class LineCheck {

    private static final Pattern BLANK_OR_COMMENT = Pattern.compile("\\s*([#;].*)?|[rR][eE][mM](\\s.*)?");
    private static final Pattern SECTION = Pattern.compile("\\[([^\\]]*)\\]\\s*(\\s[;#].*)?");
    private static final Pattern COLON_MAC =
            Pattern.compile("((?:[0-9a-fA-F]{2}:){2,5}[0-9a-fA-F]{2})(\\s*(?:/\\s*\\d+)?\\s*[=:].*)");
    private static final Pattern FIRST_OPERATOR = Pattern.compile("[=:]");
    private static final int NO_KEY_YET = Integer.MAX_VALUE;

    private final String file;
    private final Findings findings;
    private boolean inSection;
    private int keyIndentation = NO_KEY_YET;
    private int keyLine;

    LineCheck(String file, Findings findings) {
        this.file = file;
        this.findings = findings;
    }

    /** The line as ini4j shall see it; empty when there is nothing to see. */
    String check(String raw, int number) {
        Place place = new Place(file, number);
        if (BLANK_OR_COMMENT.matcher(raw).matches()) {
            return "";
        }
        if (raw.chars().anyMatch(c -> c == '\ufffd' || c != '\t' && Character.isISOControl(c))) {
            findings.mistake(place, "the line holds characters that are not text in UTF-8");
            return "";
        }
        int indentation = raw.length() - raw.stripLeading().length();
        if (indentation > keyIndentation) {
            findings.mistake(
                    place,
                    "the line is indented deeper than line " + keyLine
                            + ", and would be part of its value; start both at the same column");
            return "";
        }
        String text = raw.strip();
        return text.startsWith("[") ? section(text, place) : entry(text, indentation, place);
    }

    private String section(String text, Place place) {
        inSection = true;
        keyIndentation = NO_KEY_YET;
        Matcher matcher = SECTION.matcher(text);
        if (!matcher.matches()) {
            findings.mistake(place, "the line is no section: write its name in brackets, as in [bootp]");
            return "[?]";
        }
        String name = matcher.group(1).strip();
        if (name.isEmpty()) {
            findings.mistake(place, "a section needs a name, as in [bootp]");
            return "[?]";
        }
        return "[" + name + "]";
    }

    private String entry(String text, int indentation, Place place) {
        String line = dashedMac(text);
        Matcher operator = FIRST_OPERATOR.matcher(line);
        if (!operator.find()) {
            findings.mistake(place, "the line has no value: write key = value");
            return "";
        }
        if (operator.start() == 0) {
            findings.mistake(place, "there is no key before the '" + operator.group() + "'");
            return "";
        }
        if (!inSection) {
            findings.mistake(
                    place,
                    line.substring(0, operator.start()).strip() + ": a key stands below a section, as in [bootp]");
            return "";
        }
        keyIndentation = indentation;
        keyLine = place.line();
        // ini4j would read on behind a backslash, so there is always a blank
        return line.substring(0, operator.start()).strip() + " = "
                + line.substring(operator.end()).strip();
    }

    /** {@code AA:BB:CC:DD:EE:FF = on}: the first colon would end the key. */
    private static String dashedMac(String text) {
        Matcher matcher = COLON_MAC.matcher(text);
        return matcher.matches()
                ? matcher.group(1).toUpperCase(Locale.ROOT).replace(':', '-') + matcher.group(2)
                : text;
    }
}

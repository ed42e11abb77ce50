package org.jbootd.persistence;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How files of the journal are called: in the order of their numbers. */
final class JournalNames {

    private static final Pattern SEGMENT = Pattern.compile("(\\d{10})\\.journal");
    private static final Pattern SNAPSHOT = Pattern.compile("(\\d{19})\\.snapshot");
    private static final String UNFINISHED = ".new";

    private JournalNames() {}

    static String segment(long number) {
        return String.format("%010d.journal", number);
    }

    static String snapshot(long seq) {
        return String.format("%019d.snapshot", seq);
    }

    /** What a file is called until it is whole. */
    static String unfinished(String name) {
        return name + UNFINISHED;
    }

    static boolean isUnfinished(String name) {
        return name.endsWith(UNFINISHED);
    }

    static OptionalLong segmentNumber(String name) {
        return number(SEGMENT, name);
    }

    static OptionalLong snapshotSeq(String name) {
        return number(SNAPSHOT, name);
    }

    private static OptionalLong number(Pattern pattern, String name) {
        Matcher matcher = pattern.matcher(name);
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }
}

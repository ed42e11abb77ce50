package org.jbootd.app.ini;

import java.io.Reader;
import java.util.List;

/**
 * Hands out one line for each {@code read}, so that whoever is called back while a line is parsed can ask which one it
 * is. A reader that is read ahead, as a {@code LineNumberReader} below a buffer, only knows the last.
 */
final class LineFeed extends Reader {

    private final List<String> lines;
    private int line;
    private String rest = "";

    LineFeed(List<String> lines) {
        this.lines = lines;
    }

    /** The line last handed out, counted from 1. */
    int line() {
        return line;
    }

    @Override
    public int read(char[] into, int offset, int length) {
        if (rest.isEmpty()) {
            if (line == lines.size()) {
                return -1;
            }
            rest = lines.get(line++) + "\n";
        }
        int count = Math.min(length, rest.length());
        rest.getChars(0, count, into, offset);
        rest = rest.substring(count);
        return count;
    }

    @Override
    public void close() {
        // nothing is held
    }
}

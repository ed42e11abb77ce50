package org.jbootd.app.leases.takeover;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jbootd.app.ini.Place;

/** Lines of a file of which nothing is known: lines of any length, and any octets in them, each of which is a character. */
final class Lines implements AutoCloseable {

    /** Characters of a line. */
    static final int LONGEST = 65_536;

    /** Editors of other systems put it in front of a text. */
    private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

    private final BufferedReader in;
    private final String file;
    private final Intake intake;
    private int number;

    private Lines(BufferedReader in, String file, Intake intake) {
        this.in = in;
        this.file = file;
        this.intake = intake;
    }

    /** @param intake is told of lines that are too long, which are left out */
    static Lines of(Path file, Intake intake) throws IOException {
        return new Lines(
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.ISO_8859_1)),
                file.toString(),
                intake);
    }

    /** Of the line that was read last. */
    Place place() {
        return new Place(file, number);
    }

    /** @return null at the end */
    String next() throws IOException {
        StringBuilder line = new StringBuilder();
        int c = in.read();
        if (c < 0) {
            return null;
        }
        number++;
        boolean tooLong = false;
        for (; c >= 0 && c != '\n'; c = in.read()) {
            tooLong |= line.length() == LONGEST;
            if (!tooLong) {
                line.append((char) c);
            }
        }
        if (tooLong) {
            intake.problem(place(), "the line is longer than " + LONGEST + " octets");
            return "";
        }
        String text = line.toString();
        return number == 1 && text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

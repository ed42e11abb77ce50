package org.jbootd.app.ini;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ini4j.Config;
import org.ini4j.InvalidFileFormatException;
import org.ini4j.spi.IniHandler;
import org.ini4j.spi.IniParser;

/**
 * Reads a configuration file as pybootd did, and where its versions differ in the way that loses nothing: case, order,
 * {@code %} and backslashes stay as they are.
 */
public final class IniReader {

    /** The largest file taken, in octets: some 200,000 reservations. */
    public static final int MAX_SIZE = 16 << 20;

    private static final String BYTE_ORDER_MARK = "\ufeff";

    /** What stands in for a section whose name cannot be read: its keys are not looked at. */
    private static final String UNREADABLE = "?";

    private IniReader() {}

    /**
     * The sections of a file, in its order.
     *
     * @param name the file's name in messages
     * @throws IOException when it cannot be read, is larger than {@link #MAX_SIZE}, or is no text at all
     */
    public static List<IniSection> read(Path file, String name, Findings findings) throws IOException {
        if (Files.size(file) > MAX_SIZE) {
            throw new IOException("it is larger than " + MAX_SIZE / (1 << 20) + " MiB");
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        if (text.indexOf('\0') >= 0) {
            throw new IOException("it is no text in UTF-8; save it as such (UTF-16, which some editors write, is not)");
        }
        return parse(text, name, findings);
    }

    /** The sections of {@code text}, in its order. */
    public static List<IniSection> parse(String text, String name, Findings findings) {
        List<String> lines = new ArrayList<>();
        LineCheck check = new LineCheck(name, findings);
        String content = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        content.lines().forEach(line -> lines.add(check.check(line, lines.size() + 1)));
        LineFeed feed = new LineFeed(lines);
        Collector collector = new Collector(name, feed);
        try {
            IniParser.newInstance(config()).parse(feed, collector);
        } catch (InvalidFileFormatException problem) {
            findings.mistake(new Place(name, feed.line()), problem.getMessage());
        } catch (IOException impossible) {
            throw new AssertionError("a text in memory could not be read", impossible);
        }
        return collector.sections();
    }

    private static Config config() {
        Config config = new Config();
        config.setEscape(false);
        config.setEscapeNewline(false);
        config.setEmptyOption(false);
        config.setMultiOption(true);
        config.setMultiSection(true);
        config.setInclude(false);
        config.setTree(false);
        config.setStrictOperator(false);
        config.setLowerCaseOption(false);
        config.setLowerCaseSection(false);
        return config;
    }

    /** Writes down what ini4j tells. */
    private static final class Collector implements IniHandler {

        private final String file;
        private final LineFeed feed;
        private final List<IniSection> sections = new ArrayList<>();
        private final List<IniEntry> entries = new ArrayList<>();
        private String section;
        private Place sectionPlace;

        Collector(String file, LineFeed feed) {
            this.file = file;
            this.feed = feed;
        }

        List<IniSection> sections() {
            return List.copyOf(sections);
        }

        @Override
        public void startSection(String name) {
            section = name;
            sectionPlace = new Place(file, feed.line());
        }

        @Override
        public void handleOption(String key, String value) {
            entries.add(IniEntry.of(key, value == null ? "" : value, new Place(file, feed.line())));
        }

        @Override
        public void endSection() {
            if (!section.equals(UNREADABLE)) {
                sections.add(new IniSection(section, sectionPlace, entries));
            }
            entries.clear();
        }

        @Override
        public void startIni() {
            // nothing to prepare
        }

        @Override
        public void endIni() {
            // the last section has ended
        }

        @Override
        public void handleComment(String comment) {
            // comments are for people
        }
    }
}
